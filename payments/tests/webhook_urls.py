"""The site's addresses with the webhook among them, whatever the site itself wires."""

from django.urls import path

from payments.webhooks import receive
from trade_assurance.urls import urlpatterns as site

urlpatterns = [path("webhooks/<slug:provider>/", receive), *site]
