from django.conf import settings
from django.urls import path

from dashboard import verifying, views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("home/", views.home, name="home"),
    path("how-it-works/", views.how_it_works, name="how_it_works"),
    path("coverage/", views.coverage, name="coverage"),
    path("verify/", verifying.verify, name="verify"),
    path("demo/clock/", views.demo_clock, name="demo_clock"),
]
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("styleguide/", views.styleguide, name="styleguide"))
