"""The register of the audit: every app adds the checks of its own rows, in `<app>/audits.py`.

    @check("orders.example")
    def every_order_is_fine():
        return found("SELECT 'order ' || code || ': why' FROM …")

A check changes nothing. It yields a sentence for each bad row, and names the row in it.
`ledger.checks.run` runs them all in one snapshot.
"""

from collections.abc import Callable, Iterable

from django.db import connection

Finder = Callable[[], Iterable[str]]
CHECKS: dict[str, Finder] = {}


def check(name: str) -> Callable[[Finder], Finder]:
    """Register a function that yields one sentence per bad row as the check `name`."""

    def register(find: Finder) -> Finder:
        if CHECKS.setdefault(name, find) is not find:
            raise ValueError(f"There is a check “{name}” already.")
        return find

    return register


def found(sql: str, values: Iterable = ()) -> Iterable[str]:
    """The first column of each row of a query: most checks are one such query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values) or None)
        for row in cursor:
            yield row[0]


def switched_off(triggers: Iterable[str]) -> Iterable[str]:
    """Each of these triggers of the database that is missing or switched off."""
    return found(
        """
        SELECT 'trigger ' || name || ' is missing or switched off'
        FROM unnest(%s::text[]) AS name
        WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgname = name AND g.tgenabled <> 'D')
        ORDER BY name
        """,
        [list(triggers)],
    )
