"""The addresses of the demo: those of the site, and the one-click sign-in."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from accounts import views
from trade_assurance.urls import urlpatterns as site

urlpatterns = [
    *i18n_patterns(
        path("demo/login/", views.demo_login, name="demo_login"),
        path("", include("accounts.urls")),
        prefix_default_language=False,
    ),
    *site,
]
