"""The Celery application. PostgreSQL is the truth; Celery only wakes things up."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trade_assurance.settings")

app = Celery("trade_assurance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
