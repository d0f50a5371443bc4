"""Everything done in the background: what the outbox runs, and what beat wakes how often.

PostgreSQL says what is to be done; these are only the functions that do it.
"""

OUTBOX = {
    "event": "notifications.tasks.announce",
    "reminder": "notifications.tasks.announce_reminder",
    "digest": "notifications.tasks.send_digest",
    "mail": "notifications.tasks.send_letter",
    "contract.seal": "contracts.tasks.seal_contract",
    "ruling.seal": "disputes.tasks.seal_ruling",
    "inspection.pieces": "inspections.tasks.draw_pieces",
    "inspection.seal": "inspections.tasks.seal_report",
    "provider.send": "payments.calls.send",
    "provider.look": "payments.calls.look",
    "provider.news": "payments.calls.hear",
    "provider.chargeback": "disputes.chargebacks.hear",
    "statement.match": "payments.tasks.match_statement",
    "settlement.look": "payments.calls.look_up_settlement",
    "disbursement.consider": "payments.disbursing.consider_later",
    "bank.file": "payments.bank_channel.send_file",
    "reconcile": "payments.reconciling.reconcile_asked",
    "client_money.seal": "payments.client_money.seal_statement",
    "account_statement.draw": "payments.account_statement.draw",
}
# Lane of the outbox -> Celery queue.
LANES = {"news": "news", "mail": "news", "documents": "documents", "money": "money"}


def schedule(env, *, demo):
    """Beat's table: task and seconds between two wakings."""
    return {
        "deadlines": {
            "task": "workflow.tasks.sweep_deadlines",
            "schedule": env.int("TA_SWEEP_SECONDS", 5 if demo else 60),
        },
        "outbox": {
            "task": "workflow.tasks.sweep_outbox",
            "schedule": env.int("TA_OUTBOX_SWEEP_SECONDS", 15),
        },
        "ledger seal": {"task": "ledger.tasks.seal", "schedule": 60},
        "api answers": {"task": "api.tasks.purge_answers", "schedule": 3600},
        "provider poll": {"task": "payments.tasks.poll_providers", "schedule": 300},
        "send money": {"task": "payments.tasks.send_money", "schedule": 10 if demo else 60},
        "ask the bank": {"task": "payments.tasks.ask_bank", "schedule": 10 if demo else 300},
        "look at holds": {"task": "payments.tasks.look_at_holds", "schedule": 60 if demo else 3600},
        "reconcile": {"task": "payments.tasks.reconcile_daily", "schedule": 120 if demo else 3600},
        "audit": {"task": "payments.tasks.audit", "schedule": 3600},
        "digests": {"task": "notifications.tasks.digest", "schedule": 60 if demo else 900},
        "reminders": {"task": "notifications.tasks.remind", "schedule": 60 if demo else 900},
    }
