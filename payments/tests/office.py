"""What tests of the back office share: money to move, pages to read, buttons to press."""

from django.urls import reverse

from payments.escrow import refund, release
from tests.cast import usd
from workflow.engine import operation
from workflow.models import Event


@operation
def earn(order, *, by, amount):
    """The supplier earns a part of what is held: a release as any other."""
    return release(order, usd(amount), cause="test", by=by)


@operation
def give_back(order, *, by, amount):
    """A refund as any other."""
    return refund(order, usd(amount), cause="test", by=by)[0]


def text_of(response):
    return " ".join(response.content.decode().split())


def list_of(model):
    return reverse(f"admin:{model}_changelist")


def page_of(record):
    return reverse(f"admin:{_name(record)}_change", args=[record.pk])


def do_of(record, verb):
    """The address of a button, as somebody would type it."""
    return reverse(f"admin:{_name(record)}_do", args=[record.pk, verb])


def buttons(client, record):
    """The verbs of the buttons that this person sees on a record's page."""
    page = client.get(page_of(record)).content.decode()
    start = do_of(record, "x").removesuffix("x/")
    return [part.split("/")[0] for part in page.split(f'href="{start}')[1:]]


def events(record, verb):
    """Who did this to a record, as history has it."""
    return [
        event.actor
        for event in Event.objects.filter(verb=verb, subject_id=record.pk)
        if event.subject == record
    ]


def _name(record):
    return f"{record._meta.app_label}_{record._meta.model_name}"
