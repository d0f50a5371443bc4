"""What leaves: each disbursement against the accounts that its money rests in and goes through."""

from collections.abc import Iterable

from core.audit import check, found


@check("payments.transit")
def what_is_on_its_way_is_in_transit() -> Iterable[str]:
    """While a disbursement is sent and not confirmed, its transit account holds it; else nothing.

    What was sent is what was decided: the journal that sent it has its amount and accounts.
    """
    yield from found("""
        SELECT 'disbursement ' || coalesce(d.id::text, split_part(a.code, ':', 2)) || ' is '
            || coalesce(d.state, 'not there') || ' over ' || coalesce(d.amount_minor, 0)
            || ', in transit is ' || coalesce(a.balance_minor, 0)
        FROM payments_disbursement d
        FULL JOIN (SELECT * FROM ledger_account WHERE starts_with(code, 'payout_transit:')) a
            ON a.code = 'payout_transit:' || d.id AND a.currency = d.currency
        WHERE coalesce(a.balance_minor, 0)
            <> CASE WHEN d.state = 'submitted' THEN d.amount_minor ELSE 0 END
        ORDER BY coalesce(d.id, a.id)
    """)
    yield from found("""
        SELECT 'disbursement ' || d.id || ' over ' || d.amount_minor || ' ' || d.currency
            || ' from ' || d.source_account || ': '
            || coalesce(t.amount_minor || ' ' || t.currency || ' was sent from ' || s.code,
                        'nothing was sent')
        FROM payments_disbursement d
        LEFT JOIN ledger_journal j ON j.key = d.end_to_end_id || ':sent'
        LEFT JOIN ledger_transfer t ON t.journal_id = j.id
        LEFT JOIN ledger_account s ON s.id = t.debit_id
        LEFT JOIN ledger_account c ON c.id = t.credit_id
        WHERE d.state IN ('submitted', 'confirmed')
          AND (t.amount_minor, t.currency::text, s.code::text, c.code::text)
              IS DISTINCT FROM (d.amount_minor, d.currency::text, d.source_account::text,
                                'payout_transit:' || d.id)
        ORDER BY d.id
    """)


@check("payments.owed")
def what_was_decided_is_owed() -> Iterable[str]:
    """The disbursements of one decision add up to what its journal set aside for them."""
    return found("""
        WITH decided AS (
            SELECT d.order_id, d.kind, d.cause, d.currency, min(d.id) AS id,
                   sum(d.amount_minor) AS owed
            FROM payments_disbursement d
            WHERE d.order_id IS NOT NULL AND d.kind IN ('refund', 'payout')
            GROUP BY d.order_id, d.kind, d.cause, d.currency
        )
        SELECT 'disbursement ' || d.id || ' (' || d.kind || ' of ' || o.code || ', ' || d.cause
            || '): ' || d.owed || ' is owed, ' || set_aside.amount || ' was set aside'
        FROM decided d
        JOIN orders_order o ON o.id = d.order_id
        JOIN LATERAL (
            SELECT sum(CASE WHEN starts_with(c.code, a.family) THEN t.amount_minor
                            WHEN starts_with(s.code, a.family) THEN -t.amount_minor
                            ELSE 0 END) AS amount,
                   bool_or(a.word <> 'set-off') AS decided
            FROM (VALUES ('refund', 'refund', 'refund_payable:'),
                         ('payout', 'release', 'supplier_payable:'),
                         ('payout', 'set-off', 'supplier_payable:')) AS a (kind, word, family)
            JOIN ledger_journal j ON j.key = o.code || ':' || a.word || ':' || d.cause
            JOIN ledger_transfer t ON t.journal_id = j.id
            JOIN ledger_account s ON s.id = t.debit_id
            JOIN ledger_account c ON c.id = t.credit_id
            WHERE a.kind = d.kind
        ) set_aside ON set_aside.decided
        WHERE set_aside.amount <> d.owed ORDER BY d.id
    """)


@check("payments.resting")
def what_is_to_leave_is_there() -> Iterable[str]:
    """Refunds, and receipts that nobody knows, rest in full where they are taken from.

    A supplier's payable is not among them: a claim, a chargeback or a set-off may take from
    it, and what is then missing is cut from the payout when it is sent (money.md 7.2).
    """
    return found("""
        WITH waiting AS (
            SELECT source_account AS code, currency, sum(amount_minor) AS amount
            FROM payments_disbursement
            WHERE state IN ('requested', 'on_hold', 'approved', 'failed')
            GROUP BY source_account, currency
            UNION ALL
            SELECT 'suspense:unidentified', currency, sum(left_minor)
            FROM payments_statementline WHERE left_minor > 0 GROUP BY currency
            UNION ALL
            SELECT 'suspense:unidentified', currency, sum(amount_minor)
            FROM payments_payment p
            WHERE state = 'review'
              AND NOT EXISTS (SELECT FROM payments_statementline WHERE payment_id = p.id)
            GROUP BY currency
        )
        SELECT w.code || ' ' || w.currency || ': ' || sum(w.amount) || ' is to leave it, '
            || coalesce(max(a.balance_minor), 0) || ' is there'
        FROM waiting w
        LEFT JOIN ledger_account a ON a.code = w.code AND a.currency = w.currency
        WHERE starts_with(w.code, 'refund_payable:') OR starts_with(w.code, 'suspense:')
        GROUP BY w.code, w.currency
        HAVING sum(w.amount) > coalesce(max(a.balance_minor), 0) ORDER BY w.code, w.currency
    """)


@check("payments.payees")
def money_goes_to_whom_it_belongs() -> Iterable[str]:
    """A refund goes to its order's buyer, a payout to its supplier, out of their own account."""
    return found("""
        SELECT 'disbursement ' || d.id || ' (' || d.kind || ' of '
            || coalesce(o.code, 'no order') || ') goes to company '
            || coalesce(d.payee_id::text, 'nobody') || ' out of ' || d.source_account
        FROM payments_disbursement d
        LEFT JOIN orders_order o ON o.id = d.order_id
        LEFT JOIN payments_bankaccount b ON b.id = d.bank_account_id
        WHERE CASE d.kind
            WHEN 'refund' THEN (d.payee_id, d.source_account::text)
                IS DISTINCT FROM (o.buyer_id, 'refund_payable:' || o.buyer_id)
            WHEN 'payout' THEN (d.payee_id, d.source_account::text)
                IS DISTINCT FROM (o.supplier_id, 'supplier_payable:' || o.supplier_id)
            WHEN 'credit' THEN d.source_account IS DISTINCT FROM 'buyer_credit:' || d.payee_id
            ELSE d.source_account <> 'suspense:unidentified' END
           OR b.company_id <> d.payee_id
           OR b.id IS NOT NULL AND d.destination ->> 'account' IS DISTINCT FROM b.account_number
        ORDER BY d.id
    """)


@check("payments.cleared")
def cleared_payments_are_held() -> Iterable[str]:
    """What counts as paid for an order came into its escrow or to its buyer's credit."""
    return found("""
        SELECT 'order ' || o.code || ': ' || p.paid || ' counts as paid, ' || coalesce(l.came, 0)
            || ' was booked'
        FROM (SELECT order_id, sum(amount_minor) AS paid FROM payments_payment
              WHERE state IN ('cleared', 'cb_open', 'cb_lost') GROUP BY order_id) p
        JOIN orders_order o ON o.id = p.order_id
        LEFT JOIN (SELECT j.order_ref, sum(t.amount_minor) AS came
                   FROM ledger_journal j JOIN ledger_transfer t ON t.journal_id = j.id
                   WHERE j.kind = 'payment.cleared' GROUP BY j.order_ref) l ON l.order_ref = o.code
        WHERE p.paid <> coalesce(l.came, 0) ORDER BY o.id
    """)
