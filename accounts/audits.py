"""Checks of the suppliers' cover and of the account that buyers pay into."""

from collections.abc import Iterable

from core import clock
from core.audit import check, found


@check("accounts.coverage")
def reserved_is_the_sum_of_reservations() -> Iterable[str]:
    """A standing's reserved total is what its open reservations add up to."""
    return found("""
        SELECT 'supplier ' || s.company_id || ': ' || s.reserved_minor
            || ' reserved, its open reservations add up to ' || coalesce(sum(r.amount_minor), 0)
        FROM accounts_supplierstanding s
        LEFT JOIN accounts_coveragereservation r ON r.standing_id = s.id AND r.freed_at IS NULL
        GROUP BY s.id HAVING s.reserved_minor <> coalesce(sum(r.amount_minor), 0)
        ORDER BY s.id
    """)


@check("accounts.limits")
def nobody_is_covered_above_his_limit() -> Iterable[str]:
    """The open total is within the limit, unless the limit was cut after the last reservation.

    A cut is honoured for what was reserved before it (money.md 7.3): it is on record in the
    back office's log, in the history, or as an approval.
    """
    return found(
        """
        WITH held AS (
            SELECT standing_id, sum(amount_minor) AS total, max(reserved_at) AS last,
                   max(order_ref) AS newest
            FROM accounts_coveragereservation WHERE freed_at IS NULL AND amount_minor > 0
            GROUP BY standing_id
        ), changed AS (
            SELECT c.id AS type FROM django_content_type c
            WHERE c.app_label = 'accounts' AND c.model = 'supplierstanding'
        )
        SELECT 'supplier ' || s.company_id || ': ' || held.total || ' is covered, the limit is '
            || s.limit_minor || ' (last reserved for ' || held.newest || ')'
        FROM held JOIN accounts_supplierstanding s ON s.id = held.standing_id
        WHERE held.total > s.limit_minor
          AND NOT EXISTS (SELECT FROM django_admin_log l, changed
              WHERE l.action_time + %s >= held.last
              AND l.content_type_id = changed.type AND l.object_id = s.id::text)
          AND NOT EXISTS (SELECT FROM workflow_event e, changed WHERE e.happened_at >= held.last
              AND e.subject_type_id = changed.type AND e.subject_id = s.id)
          AND NOT EXISTS (SELECT FROM workflow_approval a, changed
              WHERE a.decision = 'approved' AND a.decided_at >= held.last
              AND a.subject_type_id = changed.type AND a.subject_key = s.id::text)
        ORDER BY s.id
        """,
        [clock.now() - clock.real_now()],
    )


@check("accounts.designated")
def buyers_pay_into_singapore() -> Iterable[str]:
    """The designated account is in Singapore and was put in use by two people (S19)."""
    return found("""
        SELECT 'designated account ' || id || ': ' || why
        FROM accounts_designatedaccount, LATERAL (SELECT CASE
            WHEN bic !~ '^[A-Z]{4}SG[A-Z0-9]{2}([A-Z0-9]{3})?$'
                THEN 'its bank is not in Singapore: ' || bic
            WHEN state = 'active' AND approved_by_id IS NULL THEN 'nobody approved it'
            WHEN approved_by_id = proposed_by_id THEN 'one person proposed and approved it'
        END AS why) judged
        WHERE why IS NOT NULL ORDER BY id
    """)
