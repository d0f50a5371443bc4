"""The house rules that a linter cannot see, and the linters themselves."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

from notifications.readers import READERS, UNTOLD
from notifications.reminders import NOT_REMINDED, REMINDERS
from workflow.models import Stateful

ROOT = Path(settings.BASE_DIR)
SOURCES = [
    path
    for path in ROOT.rglob("*.py")
    if not {".venv", ".run", "migrations", "tests", "collected"} & set(path.parts)
]


def stateful_models():
    return [model for model in apps.get_models() if issubclass(model, Stateful)]


def transitions():
    for model in stateful_models():
        for transition in model().get_all_state_transitions():
            yield f"{model.__name__}.{transition.name}", transition


def test_the_seven_machines_are_here():
    names = {model.__name__ for model in stateful_models()}
    assert {
        "Order",
        "PurchaseContract",
        "Payment",
        "Disbursement",
        "Inspection",
        "Shipment",
        "Dispute",
    } <= names


def test_every_transition_says_who_may_take_it():
    assert [name for name, t in transitions() if not t.permission] == []


def test_every_transition_says_what_it_means():
    assert [name for name, t in transitions() if not t.method.__doc__] == []


def test_every_state_can_be_reached_or_is_where_it_starts():
    for model in stateful_models():
        field = model._meta.get_field("state")
        reached = {t.target for t in model().get_all_state_transitions()} | {field.default}
        unreached = {value for value, _label in field.choices} - {str(s) for s in reached}
        assert unreached <= LATER.get(model.__name__, set()), model.__name__


# States whose transitions come with the later parts of the machines.
LATER = {
    "Order": set(),
    "Payment": {"processing", "cb_open", "cb_lost"},
    "Disbursement": {"on_hold", "submitted", "confirmed", "failed", "cancelled"},
    "Inspection": set(),
    "Shipment": set(),
    "Dispute": set(),
    "PurchaseContract": set(),
}


def test_every_clock_has_a_handler():
    for kind, clock in settings.DEADLINES.items():
        assert callable(import_string(clock.handler)), kind


def test_every_clock_reminds_somebody_or_has_a_reason_not_to():
    """A new clock belongs into notifications/reminders.py: REMINDERS, or NOT_REMINDED with why."""
    assert set(REMINDERS) | set(NOT_REMINDED) == set(settings.DEADLINES)
    assert set(REMINDERS) & set(NOT_REMINDED) == set()
    assert all(NOT_REMINDED.values())


def test_every_outbox_message_has_a_handler():
    for kind, path in settings.OUTBOX.items():
        assert callable(import_string(path)), kind


def recorded_verbs():
    """The verb of each `record(subject, verb, …)` in the code, as far as it is written there."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                choice = node.args[1]
                written = (
                    [choice.body, choice.orelse] if isinstance(choice, ast.IfExp) else [choice]
                )
                yield from (verb.value for verb in written if isinstance(verb, ast.Constant))


def test_whatever_is_recorded_has_a_reader_or_a_reason_to_have_none():
    """A new verb belongs into notifications/table: into READERS, or into UNTOLD with a reason."""
    told = {name.partition(".")[2] for name in (*READERS, *UNTOLD)}
    verbs = set(recorded_verbs())
    assert len(verbs) > 40
    assert verbs - told == set()


def test_every_step_of_every_machine_has_a_reader_or_a_reason_to_have_none():
    steps = {
        f"{model._meta.model_name}.{t.name}"
        for model in stateful_models()
        for t in model().get_all_state_transitions()
    }
    assert steps - set(READERS) - set(UNTOLD) == set()
    assert set(READERS) & set(UNTOLD) == set()
    assert all(UNTOLD.values())


@pytest.mark.parametrize(
    "words",
    ["float(", ".delay(", ".update(state=", "mark_safe(", "timezone.now", "datetime.now("],
)
def test_words_that_the_house_does_not_use(words):
    allowed = {"core/clock.py", "trade_assurance/styleguide.py"}
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if words in path.read_text() and str(path.relative_to(ROOT)) not in allowed
    ]
    assert [
        name for name in found if not name.startswith(("run.py", "launcher", "benchmarks"))
    ] == []


def test_tasks_are_woken_by_the_relay_alone():
    found = {str(p.relative_to(ROOT)) for p in SOURCES if ".apply_async(" in p.read_text()}
    assert found <= {"workflow/tasks.py"}


def test_no_module_is_longer_than_three_hundred_lines():
    long = {
        str(path.relative_to(ROOT)): count
        for path in SOURCES
        if (count := len(path.read_text().splitlines())) > 300
    }
    assert long == {}


def test_templates_have_no_inline_style_or_script():
    for path in (ROOT / "templates").rglob("*.html"):
        if "pdf" in path.parts:
            continue
        text = path.read_text()
        assert 'style="' not in text, path
        assert "onclick=" not in text, path


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["import-linter-cli", "lint"],
        ["manage.py", "makemigrations", "--check", "--dry-run"],
        ["manage.py", "check", "--fail-level", "WARNING"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_static_checks_pass(command):
    tool = {
        "ruff": [sys.executable, "-m", "ruff", *command[1:]],
        "import-linter-cli": [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
        ],
        "manage.py": [sys.executable, *command],
    }[command[0]]
    done = subprocess.run(tool, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
