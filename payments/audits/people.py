"""Who agreed: two people where two are needed, and to exactly what leaves."""

from collections.abc import Iterable

from core.audit import check, found, switched_off
from payments.models import Disbursement
from workflow import approvals
from workflow.models import Approval

LEAVING = ("approved", "submitted", "confirmed")
TRIGGERS = (
    "payments_bankaccount_kept",
    "payments_bankfile_kept",
    "payments_chargeback_kept",
    "payments_clientmoneystatement_kept",
    "payments_disbursement_kept",
    "payments_guard_disbursement",
    "payments_lineshare_kept",
    "payments_methodchange_kept",
    "payments_payment_kept",
    "payments_providersettlement_kept",
    "payments_statementline_kept",
    "payments_statementline_unchanged",
    "payments_treasurytransfer_kept",
)


@check("payments.four_eyes")
def large_sums_were_let_go_by_two() -> Iterable[str]:
    """From the limit on (always, without one) a disbursement leaves with two people's approval.

    What left before the limit was changed was judged by the limit of its own time: the change
    is itself an approval.
    """
    return found(
        """
        SELECT 'disbursement ' || d.id || ' over ' || d.amount_minor || ' ' || d.currency
            || ' is ' || d.state || ' without the approval of two people'
        FROM payments_disbursement d
        LEFT JOIN payments_approvallimit m ON m.currency = d.currency
        WHERE d.state = ANY (%s)
          AND (d.needs_two OR d.amount_minor >= coalesce(m.amount_minor, 0) AND NOT EXISTS (
              SELECT FROM workflow_approval c
              WHERE c.action = 'limit.change' AND c.subject_key = d.currency
                AND c.decision = 'approved' AND c.decided_at > d.approved_at))
          AND NOT EXISTS (
              SELECT FROM workflow_approval a
              JOIN django_content_type t ON t.id = a.subject_type_id
              WHERE t.app_label = 'payments' AND t.model = 'disbursement'
                AND a.action = 'disbursement.approve' AND a.decision = 'approved'
                AND a.subject_key = d.id::text AND a.amount_minor = d.amount_minor
                AND a.maker_id = d.proposed_by_id AND a.checker_id = d.approved_by_id
                AND a.maker_id <> a.checker_id)
        ORDER BY d.id
        """,
        [list(LEAVING)],
    )


@check("payments.approved")
def what_was_approved_is_what_leaves() -> Iterable[str]:
    """Payee, amount, way and destination are still those that two people saw."""
    approved = Approval.objects.filter(
        action="disbursement.approve", decision=Approval.Decision.APPROVED
    )
    newest = {int(one.subject_key): one for one in approved.order_by("pk")}
    leaving = Disbursement.objects.filter(
        pk__in=list(newest), state__in=LEAVING, approved_by__isnull=False
    )
    for disbursement in leaving.order_by("pk").iterator():
        one = newest[disbursement.pk]
        if approvals.digest(disbursement, one.action, one.payload) != one.digest:
            yield f"disbursement {disbursement.pk} is not what approval {one.pk} was given to"


@check("payments.accounts")
def bank_accounts_were_checked_by_two() -> Iterable[str]:
    """An account that is paid to was proposed by one of the finance office, approved by another."""
    return found("""
        SELECT 'bank account ' || id || ' of company ' || company_id || ': ' || CASE
            WHEN proposed_by_id IS NULL OR approved_by_id IS NULL THEN 'two people did not check it'
            WHEN usable_from < requested_at THEN 'it is paid to without a waiting time'
            ELSE 'one person asked for it, proposed or approved it twice' END
        FROM payments_bankaccount
        WHERE state = 'active' AND (
            proposed_by_id IS NULL OR approved_by_id IS NULL OR proposed_by_id = approved_by_id
            OR requested_by_id IN (proposed_by_id, approved_by_id) OR usable_from < requested_at)
        ORDER BY id
    """)


@check("payments.sweeps")
def own_margin_leaves_by_two() -> Iterable[str]:
    """A sweep out of the trust account has two people; what is confirmed has its bank line."""
    return found("""
        SELECT 'treasury transfer ' || r.id || ' (' || r.kind || ') over ' || r.amount_minor
            || ': ' || CASE WHEN l.amount_minor <> r.amount_minor THEN 'its line says '
            || l.amount_minor ELSE 'two people did not let it go' END
        FROM payments_treasurytransfer r
        LEFT JOIN payments_statementline l ON l.id = r.line_id
        WHERE l.amount_minor <> r.amount_minor OR r.kind = 'sweep' AND (
            r.proposed_by_id IS NULL OR r.approved_by_id IS NULL
            OR r.proposed_by_id = r.approved_by_id)
        ORDER BY r.id
    """)


@check("payments.triggers")
def the_guards_are_on() -> Iterable[str]:
    """The triggers that ask for two people and keep the rows of money are on."""
    return switched_off(TRIGGERS)
