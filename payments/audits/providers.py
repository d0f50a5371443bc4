"""What the payment providers did, and what the ledger says of it."""

from collections.abc import Iterable

from core.audit import check, found


@check("payments.operations")
def every_success_is_in_the_ledger() -> Iterable[str]:
    """What a provider says is done was booked, over its amount, once.

    A charge that brought another amount than was asked for waits in suspense under review.
    """
    yield from found("""
        SELECT 'provider operation ' || o.id || ' (' || o.provider || ' ' || o.external_ref
            || '): ' || o.amount_minor || ' ' || o.currency || ' charged, '
            || coalesce(b.amount, 0) || ' booked'
        FROM payments_provideroperation o
        LEFT JOIN LATERAL (
            SELECT sum(t.amount_minor) AS amount, min(t.currency) AS currency,
                   bool_or(j.kind = 'payment.review') AS review
            FROM ledger_journal j JOIN ledger_transfer t ON t.journal_id = j.id
            JOIN ledger_account d ON d.id = t.debit_id AND d.code = 'psp_receivable:' || o.provider
            WHERE j.key IN (o.provider || ':' || o.external_ref || ':held',
                            o.provider || ':' || o.external_ref || ':fee',
                            o.provider || ':' || o.external_ref || ':review')
        ) b ON true
        WHERE o.kind = 'charge' AND CASE WHEN o.status <> 'succeeded' THEN b.amount IS NOT NULL
            WHEN b.review THEN false
            ELSE (b.amount, b.currency::text) IS DISTINCT FROM (o.amount_minor, o.currency::text)
            END
        ORDER BY o.id
    """)
    yield from found("""
        SELECT 'provider operation ' || o.id || ' (' || o.kind || ' ' || o.provider || ' '
            || o.external_ref || '): ' || o.amount_minor || ', its disbursement ' || d.id
            || ' is ' || d.state || ' over ' || d.amount_minor
        FROM payments_provideroperation o
        JOIN payments_disbursement d ON d.id = o.disbursement_id
        WHERE o.kind <> 'charge' AND ((o.amount_minor, o.currency) <> (d.amount_minor, d.currency)
           OR o.status = 'succeeded' AND d.state IN ('requested', 'on_hold', 'approved'))
        ORDER BY o.id
    """)


@check("payments.settled")
def settlements_and_chargebacks_are_booked() -> Iterable[str]:
    """What a provider paid out or took back is in the ledger, over all of its amount."""
    return found("""
        WITH told AS (
            SELECT 'settlement ' || id AS name, provider, gross_minor AS amount,
                   provider || ':' || external_ref || ':settled' AS key
            FROM payments_providersettlement
            UNION ALL
            SELECT 'chargeback ' || id, provider, amount_minor + fee_minor,
                   provider || ':chargeback:' || external_ref FROM payments_chargeback
        )
        SELECT told.name || ' (' || told.key || '): ' || told.amount || ', booked '
            || coalesce(b.amount, 0)
        FROM told LEFT JOIN LATERAL (
            SELECT sum(t.amount_minor) AS amount
            FROM ledger_journal j JOIN ledger_transfer t ON t.journal_id = j.id
            JOIN ledger_account c ON c.id = t.credit_id
                AND c.code = 'psp_receivable:' || told.provider
            WHERE j.key = told.key
        ) b ON true
        WHERE told.amount <> coalesce(b.amount, 0) ORDER BY told.name
    """)


@check("payments.receivables")
def every_movement_at_a_provider_has_its_cause() -> Iterable[str]:
    """No journal moves what a provider owes us but for something that it did."""
    return found("""
        WITH moved AS (
            SELECT j.id, j.key, a.code FROM ledger_account a
            JOIN ledger_transfer t ON a.id IN (t.debit_id, t.credit_id)
            JOIN ledger_journal j ON j.id = t.journal_id AND j.reverses_id IS NULL
            WHERE starts_with(a.code, 'psp_receivable:')
            GROUP BY j.id, a.code
        ), told (provider, key) AS (
            SELECT provider, provider || ':' || external_ref || word
            FROM payments_provideroperation, (VALUES (':held'), (':fee'), (':review')) AS w (word)
            WHERE kind = 'charge' AND external_ref <> ''
            UNION ALL SELECT o.provider, d.end_to_end_id || ':confirmed'
            FROM payments_provideroperation o
            JOIN payments_disbursement d ON d.id = o.disbursement_id
            UNION ALL SELECT provider, provider || ':chargeback:' || external_ref
            FROM payments_chargeback
            UNION ALL SELECT provider, provider || ':' || external_ref || ':settled'
            FROM payments_providersettlement
        )
        SELECT 'journal ' || m.id || ' (' || m.key || ') moves ' || m.code
            || ', the provider did nothing of the kind'
        FROM moved m
        WHERE NOT EXISTS (SELECT FROM told
            WHERE told.key = m.key AND 'psp_receivable:' || told.provider = m.code)
        ORDER BY m.id
    """)


@check("payments.refunds")
def nothing_goes_back_twice() -> Iterable[str]:
    """Of no payment goes more back than it brought: refunds, returns and chargebacks together.

    What came back from its payee is owed anew, and counts once. A chargeback of what had been
    refunded already is the platform's loss and does not count (money.md 7.2).
    """
    return found("""
        SELECT 'payment ' || p.id || ': ' || p.amount_minor || ' came, ' || coalesce(r.amount, 0)
            || ' goes back, ' || coalesce(c.amount, 0) || ' is charged back'
        FROM payments_payment p
        LEFT JOIN (
            SELECT d.payment_id, sum(d.amount_minor) AS amount FROM payments_disbursement d
            WHERE d.kind IN ('refund', 'return') AND d.state <> 'cancelled'
              AND NOT EXISTS (SELECT FROM payments_disbursement again
                  WHERE again.payment_id = d.payment_id AND again.id > d.id AND again.leg = d.leg
                    AND starts_with(again.cause, d.cause || '.back'))
            GROUP BY d.payment_id) r ON r.payment_id = p.id
        LEFT JOIN (
            SELECT c.payment_id, sum(borne.minor::bigint) AS amount
            FROM payments_chargeback c, jsonb_each_text(c.taken) AS borne (account, minor)
            WHERE c.outcome <> 'won'
              AND borne.account NOT IN ('expense:guarantee_loss', 'income:payment_fee')
            GROUP BY c.payment_id) c ON c.payment_id = p.id
        WHERE coalesce(r.amount, 0) + coalesce(c.amount, 0) > p.amount_minor
        ORDER BY p.id
    """)
