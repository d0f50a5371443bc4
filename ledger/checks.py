"""The audit: every check of every app, in one snapshot that changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules

from core import clock
from core.audit import CHECKS, check, found
from ledger import balances, seals

__all__ = ["CHECKS", "check", "found", "run"]

SAMPLE = 10


@dataclass
class Result:
    """What one check found."""

    id: str
    violations: int = 0
    sample: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.violations == 0


def run(since: str = "") -> dict:
    """Run every check in one read-only snapshot; the report of reliability promise C1.

    `since` is a head of the chain that was kept from earlier: it must still be in it.
    """
    autodiscover_modules("audits")
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            isolation = "ISOLATION LEVEL REPEATABLE READ, " if outermost else ""
            cursor.execute(f"SET TRANSACTION {isolation}READ ONLY")
        chain = seals.verify(since)
        results = [_result("ledger.chain", [chain.first_bad] if chain.first_bad else [])]
        results += [_result(name, find()) for name, find in CHECKS.items()]
        return {
            "ok": all(result.ok for result in results),
            "as_of": clock.now().isoformat(),
            "transactions": _one("SELECT count(*) FROM ledger_journal"),
            "entries": _one("SELECT 2 * count(*) FROM ledger_transfer"),
            "currencies": {name: {"sum": str(total)} for name, total in _sums()},
            "chain": {
                "ok": chain.ok,
                "length": chain.length,
                "head": chain.head,
                "first_bad": chain.first_bad,
            },
            "checks": [
                {
                    "id": result.id,
                    "ok": result.ok,
                    "violations": result.violations,
                    "sample": result.sample,
                }
                for result in results
            ],
        }


def _result(name: str, violations: Iterable[str]) -> Result:
    result = Result(name)
    for violation in violations:
        result.violations += 1
        if len(result.sample) < SAMPLE:
            result.sample.append(str(violation))
    return result


def _one(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _sums() -> list[tuple[str, int]]:
    """Per currency of the accounts, all debits minus all credits: zero, or money was invented."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT currency, sum(amount)::bigint FROM (
                SELECT a.currency, t.amount_minor AS amount
                FROM ledger_transfer t JOIN ledger_account a ON a.id = t.debit_id
                UNION ALL
                SELECT a.currency, -t.amount_minor
                FROM ledger_transfer t JOIN ledger_account a ON a.id = t.credit_id
            ) side GROUP BY currency ORDER BY currency
        """)
        return cursor.fetchall()


@check("ledger.currencies")
def every_currency_sums_to_zero() -> Iterable[str]:
    for name, total in _sums():
        if total:
            yield f"{name}: debits minus credits are {total}"


@check("ledger.coverage")
def client_money_is_there() -> Iterable[str]:
    for currency in balances.currencies():
        position = balances.trust_position(currency)
        if position.surplus.minor < 0:
            yield (
                f"{currency}: trust {position.trust.minor} and provider receivables "
                f"{position.receivables.minor} are less than the client money "
                f"{position.liabilities.minor}"
            )
