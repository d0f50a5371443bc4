"""The addresses of the demo: those of the site, and the one-click sign-in."""

from django.urls import include, path

from accounts import views
from trade_assurance.urls import urlpatterns as site

urlpatterns = [
    path("demo/login/", views.demo_login, name="demo_login"),
    path("", include("accounts.urls")),
    *site,
]
