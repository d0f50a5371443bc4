from django.conf import settings
from django.urls import path

from accounts import views

urlpatterns = [path("settings/", views.profile, name="profile")]
if settings.DEMO:
    urlpatterns.append(path("demo/login/", views.demo_login, name="demo_login"))
