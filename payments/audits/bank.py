"""What the bank said and what the ledger says of it."""

import hashlib
from collections.abc import Iterable

from core.audit import check, found
from ledger.seals import GENESIS
from payments.models import ClientMoneyStatement

COUNTS = ("new", "matched", "suspense", "returned")


@check("payments.arrivals")
def what_arrived_is_a_line_of_the_bank() -> Iterable[str]:
    """Every arrival in the ledger is a line of a statement over that amount, and the reverse."""
    return found(
        """
        WITH arrival AS (
            SELECT j.id, j.key, split_part(j.key, ':', 2) AS line, sum(t.amount_minor) AS amount,
                   min(t.currency) AS currency
            FROM ledger_journal j JOIN ledger_transfer t ON t.journal_id = j.id
            WHERE j.kind = 'bank.arrived' GROUP BY j.id
        ), line AS (
            SELECT * FROM payments_statementline WHERE is_credit AND status = ANY (%s)
        )
        SELECT CASE WHEN l.id IS NULL
            THEN 'journal ' || a.id || ': ' || a.amount || ' arrived, no line of the bank says so'
            ELSE 'statement line ' || l.id || ': it says ' || l.amount_minor || ' ' || l.currency
                || ', the ledger ' || coalesce(a.amount || ' ' || a.currency, 'nothing') END
        FROM arrival a FULL JOIN line l ON l.dedupe_key = a.line
        WHERE (a.amount, a.currency::text) IS DISTINCT FROM (l.amount_minor, l.currency::text)
        ORDER BY coalesce(l.id, a.id)
        """,
        [list(COUNTS)],
    )


@check("payments.lines")
def every_receipt_is_accounted_for() -> Iterable[str]:
    """What is left of a receipt, what was counted of it and what goes back are all of it.

    What was counted is what its own journals took out of suspense. A return that was owed
    anew is the same money: only the first one counts.
    """
    yield from found("""
        WITH counted AS (
            SELECT split_part(j.key, ':', 2) AS line, sum(t.amount_minor) AS amount,
                   sum(t.amount_minor) FILTER (WHERE j.kind = 'payment.cleared') AS held
            FROM ledger_journal j
            JOIN ledger_transfer t ON t.journal_id = j.id
            JOIN ledger_account d ON d.id = t.debit_id AND d.code = 'suspense:unidentified'
            WHERE starts_with(j.key, 'bank:') GROUP BY 1
        )
        SELECT 'statement line ' || l.id || ': ' || l.amount_minor || ' came, ' || l.left_minor
            || ' is left, ' || coalesce(c.amount, 0) || ' was counted (shares '
            || coalesce(s.shares, 0) || '), ' || coalesce(r.returned, 0) || ' goes back'
        FROM payments_statementline l
        LEFT JOIN counted c ON c.line = l.dedupe_key
        LEFT JOIN (SELECT line_id, sum(amount_minor) AS shares FROM payments_lineshare
                   GROUP BY line_id) s ON s.line_id = l.id
        LEFT JOIN (SELECT line_id, sum(amount_minor) AS returned FROM payments_disbursement
                   WHERE cause = 'line-' || line_id GROUP BY line_id) r ON r.line_id = l.id
        LEFT JOIN payments_providersettlement p ON p.line_id = l.id
        WHERE l.is_credit AND l.status IN ('new', 'matched', 'suspense', 'returned')
          AND (l.left_minor + coalesce(c.amount, 0) + coalesce(r.returned, 0)
               + coalesce(p.gross_minor - p.fee_minor, 0) <> l.amount_minor
               OR coalesce(s.shares, 0) <> coalesce(c.held, 0))
        ORDER BY l.id
    """)


@check("payments.client_money")
def daily_statements_form_a_chain() -> Iterable[str]:
    """Each client-money statement is what was sealed, and follows the one before it."""
    heads: dict[str, str] = {}
    for one in ClientMoneyStatement.objects.order_by("pk").iterator():
        name = f"client-money statement {one.pk} of {one.day} {one.currency}"
        if hashlib.sha256(one.text.encode()).hexdigest() != one.sha256:
            yield f"{name}: its text is not what was sealed"
        elif one.prev_sha256 != heads.get(one.currency, GENESIS):
            yield f"{name}: it does not follow the one before it"
        heads[one.currency] = one.sha256
