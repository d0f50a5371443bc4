"""Letters about a purchase contract: whose turn it is, who has signed."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notifications.letters.letter import SUBJECT, Letter

OPEN = _("Open contract")

LETTERS = {
    "contract_your_turn": Letter(
        _("Your turn: contract for %(code)s, version %(version)s"),
        _("%(company)s lets you go on writing the contract."),
        act=_("Write on, and offer it for signature. Both sides sign by %(due)s."),
        deadline="order.sign",
        button=_("See changes"),
        opens=SUBJECT,
    ),
    "contract_paper": Letter(
        _("%(company)s uploaded a contract document for %(code)s"),
        _("%(company)s put a document of its own beside the contract."),
        then=_("The numbered lines prevail over it. Both sides sign by %(due)s."),
        deadline="order.sign",
        button=OPEN,
        opens=SUBJECT,
    ),
    "contract_countered": Letter(
        _("%(company)s wants changes: contract for %(code)s"),
        _("%(company)s answers version %(version)s with a version of its own."),
        then=_("You are told as soon as it is ready. Both sides sign by %(due)s."),
        deadline="order.sign",
        button=OPEN,
        opens=SUBJECT,
    ),
    "contract_offered": Letter(
        _("Read and sign: contract for %(code)s, version %(version)s"),
        _("%(company)s offers you this version. Fingerprint: %(fingerprint)s."),
        act=_("Sign it, or answer with your own version, by %(due)s."),
        deadline="order.sign",
        button=_("Read and sign"),
        opens=SUBJECT,
    ),
    "contract_has_gaps": Letter(
        _("Points left open in your contract for %(code)s, version %(version)s: %(gaps)s"),
        _("It is offered with points that cannot be measured as they are written."),
        then=_("They would not count in a dispute. You can still answer with a clearer version."),
        quotes="open_points",
        button=OPEN,
        opens=SUBJECT,
    ),
    "contract_sign_too": Letter(
        _("Sign the contract for %(code)s: %(actor)s has signed"),
        _("%(actor)s has signed version %(version)s for %(company)s."),
        act=_("Only your signature is missing. Sign by %(due)s."),
        deadline="order.sign",
        button=_("Sign"),
        opens=SUBJECT,
    ),
    "contract_signed_by_you": Letter(
        _("Signed by %(actor)s: contract for %(code)s, version %(version)s"),
        _("%(actor)s has signed for %(company)s. Fingerprint: %(fingerprint)s."),
        then=_("It binds once the other side has signed too, by %(due)s."),
        deadline="order.sign",
        button=OPEN,
        opens=SUBJECT,
    ),
    "remind_sign": Letter(
        ngettext_lazy(
            "Sign the contract for %(code)s: %(days)s day left",
            "Sign the contract for %(code)s: %(days)s days left",
            "days",
        ),
        _("Your signature is missing. Goods are checked against the contract only."),
        act=_("Agree on the contract and sign it by %(due)s."),
        deadline="order.sign",
        button=OPEN,
    ),
    "contract_in_force": Letter(
        _("Signed by both: contract for %(code)s, version %(version)s"),
        _("The contract is in force. Fingerprint: %(fingerprint)s."),
        then=_("The sealed PDF is on the contract page as soon as it is made."),
        button=OPEN,
        opens=SUBJECT,
    ),
    "contract_sealed": Letter(
        _("The sealed PDF is ready: contract for %(code)s, version %(version)s"),
        _("The contract that both have signed is sealed as a PDF."),
        then=_("You can download it from the contract page."),
        button=OPEN,
        opens=SUBJECT,
    ),
}
