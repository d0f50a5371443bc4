"""The ledger's own checks of its rows, each one a query that names what is wrong."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings

from core import clock
from core.audit import check, found, switched_off
from ledger import chart
from ledger.models import Journal, Seal

SEAL_WITHIN = timedelta(minutes=15)
TRIGGERS = (
    "ledger_account_balance_moves",
    "ledger_account_kept",
    "ledger_account_opens",
    "ledger_account_unchanged",
    "ledger_journal_moves_money",
    "ledger_journal_unchanged",
    "ledger_move_balances",
    "ledger_seal_unchanged",
    "ledger_transfer_unchanged",
)


@check("ledger.transfers")
def transfers_balance() -> Iterable[str]:
    return found("""
        SELECT 'transfer ' || t.id || ' of journal ' || t.journal_id || ': ' || CASE
            WHEN t.amount_minor <= 0 THEN 'the amount is ' || t.amount_minor
            WHEN t.debit_id = t.credit_id THEN 'both sides are one account'
            WHEN d.id IS NULL OR c.id IS NULL THEN 'an account is missing'
            WHEN j.id IS NULL THEN 'the journal is missing'
            ELSE 'its currency is ' || t.currency || ', its accounts'' are '
                || d.currency || ' and ' || c.currency END
        FROM ledger_transfer t
        LEFT JOIN ledger_account d ON d.id = t.debit_id
        LEFT JOIN ledger_account c ON c.id = t.credit_id
        LEFT JOIN ledger_journal j ON j.id = t.journal_id
        WHERE t.amount_minor <= 0 OR t.debit_id = t.credit_id OR d.id IS NULL OR c.id IS NULL
           OR j.id IS NULL OR d.currency <> t.currency OR c.currency <> t.currency
        ORDER BY t.id
    """)


@check("ledger.balances")
def guarded_balances_are_the_sum_of_their_transfers() -> Iterable[str]:
    return found("""
        WITH side AS (
            SELECT credit_id AS account_id, amount_minor AS amount FROM ledger_transfer
            UNION ALL SELECT debit_id, -amount_minor FROM ledger_transfer
        ), summed AS (SELECT account_id, sum(amount) AS total FROM side GROUP BY account_id)
        SELECT 'account ' || a.code || ' ' || a.currency || ': the balance is '
            || a.balance_minor || ', its transfers give ' || coalesce(s.total, 0)
        FROM ledger_account a LEFT JOIN summed s ON s.account_id = a.id
        WHERE CASE WHEN a.guarded
            THEN a.balance_minor <> coalesce(s.total, 0) OR a.balance_minor < 0
            ELSE a.balance_minor <> 0 END
        ORDER BY a.id
    """)


@check("ledger.journals")
def every_journal_moves_money() -> Iterable[str]:
    return found("""
        SELECT 'journal ' || j.id || ' (' || j.key || ') has no complete set of transfers'
        FROM ledger_journal j
        LEFT JOIN ledger_transfer t ON t.journal_id = j.id
        GROUP BY j.id HAVING count(t.id) = 0 OR min(t.n) <> 1 OR max(t.n) <> count(t.id)
        ORDER BY j.id
    """)


@check("ledger.fingerprints")
def every_journal_is_what_was_asked_for() -> Iterable[str]:
    """Shows an edited row even before it is sealed: see operations.fingerprint."""
    return found("""
        SELECT 'journal ' || j.id || ' (' || j.key || ') is not what was posted'
        FROM ledger_journal j
        JOIN LATERAL (
            SELECT min(t.currency) AS currency, jsonb_agg(d.code ORDER BY t.n) AS debits,
                   jsonb_agg(c.code ORDER BY t.n) AS credits,
                   jsonb_agg(t.amount_minor ORDER BY t.n) AS amounts
            FROM ledger_transfer t
            LEFT JOIN ledger_account d ON d.id = t.debit_id
            LEFT JOIN ledger_account c ON c.id = t.credit_id
            WHERE t.journal_id = j.id
        ) m ON m.amounts IS NOT NULL
        WHERE j.fingerprint <> encode(sha256(convert_to(jsonb_build_array(
            j.kind, j.order_ref, j.reverses_id, m.currency, m.debits, m.credits, m.amounts
        )::text, 'UTF8')), 'hex')
        ORDER BY j.id
    """)


@check("ledger.chart")
def accounts_follow_the_chart() -> Iterable[str]:
    patterns = list(chart.CHART)
    kinds = [entry.kind.value for entry in chart.CHART.values()]
    guarded = [entry.guarded for entry in chart.CHART.values()]
    return found(
        """
        WITH chart AS (
            SELECT * FROM unnest(%s::text[], %s::text[], %s::boolean[])
                AS line (pattern, kind, guarded)
        )
        SELECT 'account ' || a.code || ' ' || a.currency || ' is ' || a.kind
            || CASE WHEN a.guarded THEN ', guarded' ELSE ', not guarded' END
            || ': the chart says otherwise'
        FROM ledger_account a
        LEFT JOIN chart c
            ON c.pattern IN (a.code, split_part(a.code, ':', 1) || ':*')
        WHERE (c.kind, c.guarded) IS DISTINCT FROM (a.kind, a.guarded) ORDER BY a.id
        """,
        [patterns, kinds, guarded],
    )


@check("ledger.orders")
def every_order_adds_up() -> Iterable[str]:
    """Released + refunded + held + escrow = received, and the escrow account agrees."""
    return found("""
        SELECT 'order ' || p.order_ref || ': received ' || p.received || ' ' || p.currency
            || ', released ' || p.released || ', refunded ' || p.refunded || ', hold ' || p.hold
            || ', escrow ' || p.escrow || ', elsewhere ' || p.other
            || ', on the escrow account ' || coalesce(a.balance_minor, 0)
        FROM ledger_order_position p
        LEFT JOIN ledger_account a
            ON a.code = 'escrow:' || p.order_ref AND a.currency = p.currency
        WHERE p.received <> p.released + p.refunded + p.hold + p.escrow
           OR p.other <> 0 OR p.hold < 0 OR p.escrow <> coalesce(a.balance_minor, 0)
        ORDER BY p.order_ref
    """)


@check("ledger.filing")
def escrow_moves_under_its_own_order() -> Iterable[str]:
    return found("""
        SELECT 'journal ' || j.id || ' (' || j.key || ') is filed under “' || j.order_ref
            || '” and moves ' || a.code
        FROM ledger_account a
        JOIN ledger_transfer t ON a.id IN (t.debit_id, t.credit_id)
        JOIN ledger_journal j ON j.id = t.journal_id
        WHERE starts_with(a.code, 'escrow:') AND j.order_ref <> a.owner_ref
        ORDER BY j.id
    """)


@check("ledger.sealed")
def journals_are_sealed_soon() -> Iterable[str]:
    within = getattr(settings, "LEDGER_SEAL_WITHIN", SEAL_WITHIN)
    sealed = Seal.objects.order_by("-n").values_list("last_journal", flat=True).first() or 0
    late = Journal.objects.filter(id__gt=sealed, posted_at__lt=clock.real_now() - within)
    for journal in late.order_by("id")[:1]:
        yield f"journal {journal.pk} ({journal.key}) is not sealed since {journal.posted_at}"


@check("ledger.triggers")
def the_guards_are_on() -> Iterable[str]:
    return switched_off(TRIGGERS)
