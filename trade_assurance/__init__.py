"""The assembly: knows every app, and is known by none."""

from trade_assurance.celery import app as celery_app

__all__ = ["celery_app"]
