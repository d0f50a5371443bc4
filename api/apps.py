from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        """The schema must know the bearer tokens."""
        from api import schema  # noqa: F401
