import pytest
pytestmark = pytest.mark.django_db(transaction=True)
def test_a(inspection, run_outbox, mailoutbox):
    run_outbox()
    from workflow.models import OutboxMessage
    for m in OutboxMessage.objects.exclude(last_error=""): print(m.kind, m.payload, m.last_error)
    for m in mailoutbox: print("\n####", m.to, m.subject, "\n", m.body)
    assert 0
