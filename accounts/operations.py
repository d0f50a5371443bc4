"""What can be done about a supplier's standing: reserve its cover, free it, change it."""

from django.db import connection, transaction

from accounts.models import CoverageReservation, Strike, SupplierStanding
from core import clock
from core.money import Money
from workflow.engine import record

RESERVE = """
WITH before AS (
    SELECT id, limit_minor, reserved_minor FROM accounts_supplierstanding
    WHERE company_id = %(supplier)s AND gold FOR UPDATE
), taken AS (
    UPDATE accounts_supplierstanding s
    SET reserved_minor = s.reserved_minor
        + LEAST(%(basis)s, GREATEST(0, before.limit_minor - before.reserved_minor))
    FROM before WHERE s.id = before.id
    RETURNING s.id,
        LEAST(%(basis)s, GREATEST(0, before.limit_minor - before.reserved_minor)) AS amount
)
INSERT INTO accounts_coveragereservation
    (standing_id, order_ref, basis_minor, amount_minor, reserved_at)
SELECT id, %(order_ref)s, %(basis)s, amount, %(now)s FROM taken
RETURNING amount_minor
"""


def reserve_coverage(supplier, *, order_ref, basis):
    """Reserve min(basis, headroom) of the supplier's limit for an order, in one statement.

    Returns the Money covered, or None when the supplier is not Gold. Under contention the
    total never passes the limit (requirement 11).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            RESERVE,
            {
                "supplier": supplier.pk,
                "basis": basis.minor,
                "order_ref": order_ref,
                "now": clock.now(),
            },
        )
        row = cursor.fetchone()
    return Money(row[0], basis.currency) if row else None


@transaction.atomic
def change_standing(standing, *, by, fields):
    """Keep what staff changed of a standing, and nothing else: what is reserved may have moved.

    `fields` are the names of what was changed.
    """
    if not fields:
        return
    standing.save(update_fields=fields)
    facts = {"changed": sorted(fields), "gold": standing.gold, "limit": standing.limit_minor}
    record(standing, "change_standing", by=by, facts=facts)


def free_coverage(order_ref):
    """Give an ended order's cover back to its supplier's limit; once only."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH freed AS (
                UPDATE accounts_coveragereservation SET freed_at = %s
                WHERE order_ref = %s AND freed_at IS NULL RETURNING standing_id, amount_minor
            )
            UPDATE accounts_supplierstanding s SET reserved_minor = reserved_minor - amount_minor
            FROM freed WHERE s.id = freed.standing_id
            """,
            [clock.now(), order_ref],
        )
        return cursor.rowcount == 1


def strike(company_id, cause, *, order_ref):
    """Note what counts against a company (X19): the same cause in the same trade counts once.

    Called inside the operation that found it, under the trade's lock.
    """
    return Strike.objects.get_or_create(company_id=company_id, cause=cause, order_ref=order_ref)[0]


def is_eligible(supplier):
    """Only Gold suppliers with a coverage limit take part (S53, S56)."""
    return SupplierStanding.objects.filter(company=supplier, gold=True, limit_minor__gt=0).exists()


def covered(order_ref):
    """What an order's reservation stands at, or nothing."""
    found = CoverageReservation.objects.filter(order_ref=order_ref, freed_at=None).first()
    return Money(found.amount_minor) if found else Money(0)
