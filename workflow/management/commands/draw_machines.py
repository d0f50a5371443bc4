"""Draw every state machine from the code that runs it."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workflow.fields import StateField

PAGE = Path(settings.BASE_DIR) / "docs" / "machines.md"
HEAD = """# State machines

Written by `python manage.py draw_machines` from the transitions in the code; do not edit.
A test fails when this page and the code differ.
"""


def page():
    """The whole page: one diagram for each model whose state moves by transitions."""
    machines = (
        (model, field)
        for model in sorted(apps.get_models(), key=lambda model: model._meta.label)
        for field in model._meta.concrete_fields
        if isinstance(field, StateField)
    )
    return HEAD + "".join(drawing(model, field) for model, field in machines)


def drawing(model, field):
    """One machine as a Mermaid state diagram, its arrows in a fixed order."""
    arrows = set()
    for transition in field.get_all_transitions(model):
        for target in targets(transition):
            arrows.add(f"    {transition.source} --> {target}: {transition.name}")
    start = [f"    [*] --> {field.default}"] if isinstance(field.default, str) else []
    body = "\n".join(["stateDiagram-v2", *start, *sorted(arrows)])
    body = body.replace("    * -->", "    any_state -->").replace("    + -->", "    any_other -->")
    return f"\n## {model._meta.label}\n\n```mermaid\n{body}\n```\n"


def targets(transition):
    """Where a transition can lead; one without a target leaves the state as it is."""
    target = transition.target
    if target is None:
        return [transition.source]
    if isinstance(target, str):
        return [target]
    return list(getattr(target, "allowed_states", None) or ["decided_at_run_time"])


class Command(BaseCommand):
    """Write docs/machines.md, or with --check say whether it is current."""

    help = "Draw every state machine into docs/machines.md."

    def add_arguments(self, parser):
        """Take --check, which writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check, **options):
        """Write the page, or refuse when the stored one is stale."""
        if not check:
            PAGE.write_text(page(), encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
            raise CommandError("docs/machines.md is stale: run python manage.py draw_machines")
