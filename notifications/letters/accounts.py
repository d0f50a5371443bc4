"""Letters about bank accounts and about the brake: `%(code)s` is what people call them."""

from django.utils.translation import gettext_lazy as _

from notifications.letters.letter import (
    BACK_OFFICE,
    BANK_ACCOUNTS,
    COVERAGE,
    SETTINGS,
    Letter,
)

OPEN = _("See bank accounts")
REVIEW = _("Review")
SECURE = _("Secure your account")

LETTERS = {
    "account_changed": Letter(
        _("Bank account change for %(code)s, usable from %(usable_from)s"),
        _("%(actor)s has entered another bank account. Our staff check it first."),
        then=_(
            "If this was not you, tell us: nothing is paid to it before %(usable_from)s. "
            "The account itself is shown on the page only."
        ),
        button=OPEN,
        opens=BANK_ACCOUNTS,
    ),
    "account_check": Letter(
        _("Check the new bank account of %(code)s"),
        _("%(actor)s has entered another bank account for %(code)s."),
        act=_("Compare holder and number with the company’s papers, and propose to use it."),
        then=_("The account before stays in use until two people have approved this one."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "account_in_use": Letter(
        _("In use: the new bank account of %(code)s"),
        _("Two people of our staff have checked it. It is paid to from %(usable_from)s on."),
        then=_("If this is not an account of your company, tell us at once."),
        button=OPEN,
        opens=BANK_ACCOUNTS,
    ),
    "account_refused": Letter(
        _("Enter another bank account for %(code)s: this one is not accepted"),
        _("Our staff could not accept the account that was entered."),
        act=_("Enter another one, or the same one put right."),
        then=_("Until then money goes to the account before, or waits."),
        quotes="reason",
        button=OPEN,
        opens=BANK_ACCOUNTS,
    ),
    "gold_granted": Letter(
        _("You are a Gold supplier. Coverage %(limit)s (%(code)s)"),
        _("Orders with you are protected now, up to %(limit)s in all."),
        then=_("Buyers see it on your storefront and beside your products."),
        button=_("See coverage"),
        opens=COVERAGE,
    ),
    "gold_ended": Letter(
        _("No longer a Gold supplier (%(code)s)"),
        _("New orders with you are not protected. Orders that run go on as they are."),
        then=_("Our staff tell you what is missing, and can grant it again."),
        button=_("See coverage"),
        opens=COVERAGE,
    ),
    "limit_changed": Letter(
        _("Your coverage limit is %(limit)s now (%(code)s)"),
        _("New orders are protected as far as %(limit)s is not reserved for others."),
        then=_("What is reserved for orders that run stays."),
        button=_("See coverage"),
        opens=COVERAGE,
    ),
    "designated_account_proposed": Letter(
        _("Look at a new designated account (%(code)s), proposed by %(actor)s"),
        _("%(actor)s proposes another account for buyers to pay into."),
        act=_("Compare it with the bank’s papers. A second person puts it in use."),
        then=_("Until then buyers see the account before."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "token_issued": Letter(
        _("New API token in your name: %(code)s"),
        _("Whoever holds it acts as you, within its scopes."),
        then=_("If you did not make it, revoke it and change your password."),
        button=SECURE,
        opens=SETTINGS,
    ),
    "token_revoked": Letter(
        _("API token revoked: %(code)s"),
        _("It opens nothing any more."),
        then=_("If you did not do this, change your password."),
        button=SECURE,
        opens=SETTINGS,
    ),
    "brake_pulled": Letter(
        _("Look at the books: no refund and no payout leaves (%(code)s)"),
        _("The brake is pulled: payouts and refunds stand still. Paying in goes on."),
        act=_("Put right what is wrong. Two people then let money leave again."),
        quotes="reason",
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "brake_released": Letter(
        _("Money leaves again (%(code)s)"),
        _("%(actor)s and a second person have released the brake. The audit was clean."),
        then=_("What waited is sent now."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
}
