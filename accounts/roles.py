"""Who may act, in the words of the trade. Used on every transition."""

from django.utils.translation import gettext as _

from workflow.errors import NotAllowed
from workflow.who import PLATFORM, Who, the_platform

__all__ = [
    "PLATFORM",
    "check_may_commit",
    "the_buyer",
    "the_claimant",
    "the_finance_office",
    "the_inspector",
    "the_mediator",
    "the_parties",
    "the_platform",
    "the_respondent",
    "the_supplier",
    "the_verifier",
]


def _acts_for(side):
    def test(subject, user):
        return (
            user is not PLATFORM
            and user.is_active
            and user.company_id is not None
            and user.company_id == getattr(subject, side)
        )

    return test


def _on_duty(duty):
    def test(subject, user):
        return user is not PLATFORM and user.is_active and user.is_staff and duty in user.duties

    return test


the_buyer = Who("buyer", _acts_for("buyer_id"))
the_supplier = Who("supplier", _acts_for("supplier_id"))
the_parties = the_buyer | the_supplier
the_claimant = Who("claimant", _acts_for("claimant_id"))
the_respondent = Who("respondent", _acts_for("respondent_id"))
the_inspector = Who("inspector", _acts_for("agency_id"))
the_mediator = Who("mediator", _on_duty("mediator"))
the_finance_office = Who("finance", _on_duty("finance"))
the_verifier = Who("verifier", _on_duty("verifier"))


def check_may_commit(user):
    """Binding the company or moving its money needs the right to sign and pay."""
    if user is not PLATFORM and user.company_id and user.company_role != "signer":
        raise NotAllowed(
            _("Your account may read and write for your company, not sign or pay for it."),
            code="not_a_signer",
        )
