"""Letters about money that leaves: refunds, payouts, returns, from decision to arrival.

They name the reference that we sent it under, which its payee's bank can look for; never an
account.
"""

from django.utils.translation import gettext_lazy as _

from notifications.letters.letter import BACK_OFFICE, BANK_ACCOUNTS, Letter

FOLLOW = _("Follow it")
TRACK = _("Track refund")
PAYOUT = _("See payout")
REVIEW = _("Review")
ACCOUNTS = _("Open bank accounts")
SENT = _("“Sent” means that it is handed to the bank. You are told when the bank has booked it.")
NOT_SEEN = _("If you do not see it, let your bank look for this reference.")

LETTERS = {
    "approve_money": Letter(
        _("Approve: %(kind)s %(amount)s for %(code)s needs two people"),
        _("%(kind)s %(amount)s waits. Its size or its way needs two of the finance office."),
        act=_("Look at it and propose to send it. A colleague decides."),
        then=_("Until then it does not leave."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "decide_proposal": Letter(
        _("Approve or send back: %(what)s for %(code)s, proposed by %(actor)s"),
        _("%(actor)s proposes: %(what)s."),
        act=_("Approve it or send it back within 24 hours."),
        then=_("After that the proposal is void, and nothing moves."),
        quotes="reason",
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "proposal_refused": Letter(
        _("Sent back to you: %(what)s for %(code)s"),
        _("%(actor)s does not approve what you proposed: %(what)s."),
        then=_("Nothing has moved. You can propose it again, put right."),
        quotes="reason",
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "refund_approved": Letter(
        _("Refund approved: %(amount)s for %(code)s"),
        _("Two people of our staff have approved the refund of %(amount)s."),
        then=_("You are told when it is sent."),
        button=TRACK,
    ),
    "payout_approved": Letter(
        _("Payout approved: %(amount)s for %(code)s"),
        _("Two people of our staff have approved the payout of %(amount)s."),
        then=_("It goes to the account of your company that we have checked."),
        button=PAYOUT,
    ),
    "receipt_goes_back": Letter(
        _("Goes back: %(amount)s, %(code)s"),
        _("Nobody could say in fourteen days whose this receipt is, so %(amount)s goes back."),
        then=_("It is sent to the account that it came from."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "enter_account": Letter(
        _("Enter a bank account: %(kind)s %(amount)s for %(code)s waits"),
        _("%(kind)s %(amount)s cannot leave: we have no checked bank account of your company."),
        act=_("Enter the account on the page of your bank accounts, unless it is being checked."),
        then=_("Nothing is paid before that. The money stays yours."),
        button=ACCOUNTS,
        opens=BANK_ACCOUNTS,
    ),
    "on_hold": Letter(
        _("On hold: %(kind)s %(amount)s for %(code)s"),
        _("%(why)s Meanwhile %(kind)s %(amount)s does not leave."),
        then=_("It is looked at again when that changes, and every week. You are told."),
        button=FOLLOW,
    ),
    "nobody_to_ask": Letter(
        _("Look at a return on hold: %(amount)s, %(code)s"),
        _("A receipt of %(amount)s is to go back, and we do not know its account."),
        act=_("Ask the bank where it came from."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "goes_on": Letter(
        _("No longer on hold: %(kind)s %(amount)s for %(code)s"),
        _("What stopped %(kind)s %(amount)s is gone."),
        then=_("You are told when it is sent."),
        button=FOLLOW,
    ),
    "still_on_hold": Letter(
        _("Look again: %(kind)s %(amount)s for %(code)s is on hold for a week"),
        _("%(why)s Meanwhile %(kind)s %(amount)s has not left."),
        act=_("Decide whether the hold is still right."),
        then=_("It comes back to you every week until it has ended."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "refund_sent": Letter(
        _("Refund sent: %(amount)s for %(code)s, expect it by %(expected_on)s"),
        _("The refund of %(amount)s is on its way. Reference: %(reference)s."),
        then=SENT,
        button=TRACK,
    ),
    "payout_sent": Letter(
        _("Payout sent: %(amount)s for %(code)s, expect it by %(expected_on)s"),
        _("The payout of %(amount)s is on its way. Reference: %(reference)s."),
        then=SENT,
        button=PAYOUT,
    ),
    "return_sent": Letter(
        _("Sent back: %(amount)s for %(code)s, expect it by %(expected_on)s"),
        _("%(amount)s goes back the way it came. Reference: %(reference)s."),
        then=SENT,
        button=FOLLOW,
    ),
    "refund_arrived": Letter(
        _("Refund booked: %(amount)s for %(code)s"),
        _("The refund of %(amount)s is booked: your bank now has it. Reference: %(reference)s."),
        then=NOT_SEEN,
        button=TRACK,
    ),
    "payout_arrived": Letter(
        _("Payout booked: %(amount)s for %(code)s"),
        _("The payout of %(amount)s is booked: your bank now has it. Reference: %(reference)s."),
        then=NOT_SEEN,
        button=PAYOUT,
    ),
    "return_arrived": Letter(
        _("Return booked: %(amount)s for %(code)s"),
        _("%(amount)s is booked: the payer’s bank now has it. Reference: %(reference)s."),
        then=NOT_SEEN,
        button=FOLLOW,
    ),
    "check_account": Letter(
        _("Check your bank account: %(kind)s %(amount)s for %(code)s came back"),
        _("The bank did not pay out %(kind)s %(amount)s. It is with us, and stays yours."),
        act=_("Compare the account with your bank’s papers, and change it if it is wrong."),
        then=_("Our finance office looks why as well, before it is sent again."),
        button=ACCOUNTS,
        opens=BANK_ACCOUNTS,
    ),
    "not_delivered": Letter(
        _("Came back: %(kind)s %(amount)s for %(code)s"),
        _("%(kind)s %(amount)s was not paid out. It is with us, and stays yours."),
        then=_("Our finance office looks why, and sends it again. You need not do anything."),
        button=FOLLOW,
    ),
    "came_back": Letter(
        _("Came back: %(returned)s of %(kind)s %(amount)s for %(code)s"),
        _("The bank sent %(returned)s back and kept %(bank_fee)s. What is back stays yours."),
        then=_("%(returned)s is sent anew, when we know where to."),
        button=FOLLOW,
    ),
    "look_why": Letter(
        _("Look why: %(kind)s %(amount)s for %(code)s came back"),
        _("%(kind)s %(amount)s came back. Its reference was %(reference)s."),
        act=_("Find out why before it is sent again."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "not_confirmed": Letter(
        _("Not confirmed yet: %(kind)s %(amount)s for %(code)s"),
        _("It was sent, and nobody has booked it in the usual time."),
        then=_("Our finance office asks the bank, with the reference %(reference)s."),
        button=FOLLOW,
    ),
    "ask_the_bank": Letter(
        _("Ask the bank: %(kind)s %(amount)s for %(code)s is not confirmed"),
        _("It was sent with the reference %(reference)s, and nobody has booked it in time."),
        act=_("Ask the bank or the provider, and enter what they say."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "payee_asks": Letter(
        _("Look into it: %(company)s has not got %(kind)s %(amount)s for %(code)s"),
        _("It was sent with the reference %(reference)s and is two working days late."),
        act=_("Trace it with the bank or the provider, and tell %(company)s."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "takes_longer": Letter(
        _("Takes longer: %(kind)s %(amount)s for %(code)s"),
        _("It is not sent yet, and the seven working days for it are nearly over."),
        then=_("The finance office has been told. The money stays yours."),
        button=FOLLOW,
    ),
    "send_now": Letter(
        _("Send now: %(kind)s %(amount)s for %(code)s"),
        _("It is not sent yet, and the seven working days for it are nearly over."),
        act=_("Find out what holds it up, and send it."),
        button=REVIEW,
        opens=BACK_OFFICE,
    ),
    "less_is_left": Letter(
        _("%(there)s is left: %(kind)s %(amount)s for %(code)s"),
        _("A part was taken back by the buyer’s bank or went to a claim. %(there)s is left."),
        then=_("What is left is sent anew, under a reference of its own."),
        button=FOLLOW,
    ),
    "nothing_is_left": Letter(
        _("Nothing is left: %(kind)s %(amount)s for %(code)s"),
        _("All of it was taken back by the buyer’s bank or went to a claim."),
        then=_("So it is not sent. The history of the order shows each step."),
        button=FOLLOW,
    ),
    "cancelled": Letter(
        _("Cancelled: %(kind)s %(amount)s for %(code)s"),
        _("It is not sent: two people of our staff replaced it by another decision."),
        then=_("The money has not moved. You are told what follows."),
        button=FOLLOW,
    ),
}
