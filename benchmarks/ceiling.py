"""The ceiling: pgbench calling one SQL function that writes the same rows and asks nothing.

No idempotency key is looked up, nothing is checked, no trigger or foreign key is there.
`bare` has no index but the primary keys; `ceiling` has the same columns and the same indexes
as the ledger's tables, because rows that cannot be found again are not the same rows.
"""

from benchmarks.bench import pgbench, sql

ORDERS = 2000
PLENTY = 10**12
# Which balances move, as numbers of accounts: an order's escrow is n, its other party n + ORDERS.
MOVES = {
    "hold": {"n": 98, "n + {orders}": 2},
    "release": {"n": -100, "n + {orders}": 98},
    "refund": {"n": -100, "n + {orders}": 98, "n + 2 * {orders}": 2},
}

TABLES = """
CREATE TABLE {name}_account (id bigint PRIMARY KEY, balance_minor bigint NOT NULL)
    WITH (fillfactor = 70);
CREATE TABLE {name}_journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key varchar NOT NULL, kind varchar NOT NULL, order_ref varchar NOT NULL,
    actor_ref varchar NOT NULL, memo text NOT NULL, reverses_id bigint,
    effective_at timestamptz NOT NULL, posted_at timestamptz NOT NULL,
    fingerprint varchar NOT NULL, txid bigint NOT NULL);
CREATE TABLE {name}_transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    journal_id bigint NOT NULL, n smallint NOT NULL, debit_id bigint NOT NULL,
    credit_id bigint NOT NULL, currency varchar NOT NULL, amount_minor bigint NOT NULL);
INSERT INTO {name}_account SELECT n, {plenty} FROM generate_series(0, 3 * {orders}) n;
"""
INDEXES = """
CREATE UNIQUE INDEX ON {name}_journal (key);
CREATE UNIQUE INDEX ON {name}_journal (reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX ON {name}_journal (order_ref, id) WHERE order_ref <> '';
CREATE UNIQUE INDEX ON {name}_transfer (journal_id, n);
CREATE INDEX ON {name}_transfer (debit_id, id) INCLUDE (amount_minor);
CREATE INDEX ON {name}_transfer (credit_id, id) INCLUDE (amount_minor);
"""
FUNCTION = """
CREATE FUNCTION {name}_{kind}(n bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    journal bigint;
BEGIN
    INSERT INTO {name}_journal (key, kind, order_ref, actor_ref, memo, effective_at, posted_at,
                                fingerprint, txid)
    VALUES ('{kind}:' || n || ':' || clock_timestamp() || random(), '{kind}', 'TA-' || n, '', '',
            now(), now(), '{fingerprint}', 1) RETURNING id INTO journal;
    INSERT INTO {name}_transfer (journal_id, n, debit_id, credit_id, currency, amount_minor)
    VALUES (journal, 1, n, n + {orders}, 'USD', 98), (journal, 2, n, 0, 'USD', 2);
    {updates}
    RETURN journal;
END $$;
"""
UPDATE = """
    UPDATE {name}_account SET balance_minor = balance_minor + ({amount})
    WHERE id = {account} AND balance_minor + ({amount}) >= 0;
"""


def make():
    for name in ("bare", "ceiling"):
        words = {"name": name, "orders": ORDERS, "plenty": PLENTY, "fingerprint": "0" * 64}
        sql(TABLES.format(**words) + (INDEXES.format(**words) if name == "ceiling" else ""))
        for kind, moves in MOVES.items():
            updates = "".join(
                UPDATE.format(amount=amount, account=account.format(**words), **words)
                for account, amount in moves.items()
            )
            sql(FUNCTION.format(kind=kind, updates=updates, **words))


def rival(name, kind, processes, seconds):
    script = f"\\set n random(1, {ORDERS - 1})\nSELECT {name}_{kind}(:n);\n"
    return lambda: pgbench(script, processes, seconds)
