"""Production refuses to start with anything that belongs to a demo or a test."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SAFE = {
    "TA_ENV": "production",
    "SECRET_KEY": "f3Kq9#vTz" * 7,
    "ALLOWED_HOSTS": "ta.example",
    "TA_BASE_URL": "https://ta.example",
    "DATABASE_URL": "postgres://ta@127.0.0.1/ta",
    "EMAIL_URL": "smtp://mail.ta.example:25",
}


def start(**changed):
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TA_") and name not in {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS"}
    }
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        cwd=settings.BASE_DIR,
        env=clean | {"DJANGO_SETTINGS_MODULE": "trade_assurance.settings"} | SAFE | changed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_safe_settings():
    done = start()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": settings.UNSAFE_KEY}, "SECRET_KEY is missing or weak"),
        ({"TA_TEST_CLOCK_FILE": "/tmp/clock"}, "a movable clock is set"),  # noqa: S108
        ({"TA_DEMO_CLOCK_FILE": "/tmp/clock"}, "a movable clock is set"),  # noqa: S108
        ({"TA_PAYMENT_PROVIDER": "http_sim"}, "the payment simulator is set as provider"),
        ({"TA_BANK_CHANNEL": "http_sim"}, "the payment simulator is set as bank"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS does not name the hosts"),
    ],
)
def test_production_refuses_to_start_with(changed, sentence):
    done = start(**changed)
    assert done.returncode != 0
    assert f"Production does not start: {sentence}." in done.stderr


def test_a_setting_of_the_wrong_type_is_named():
    done = start(TA_SWEEP_SECONDS="often")
    assert done.returncode != 0
    assert "TA_SWEEP_SECONDS" in done.stderr


def test_the_deployment_check_has_nothing_to_say():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=os.environ | SAFE | {"TA_TEST_CLOCK_FILE": "", "TA_DEMO_CLOCK_FILE": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
