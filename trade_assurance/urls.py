"""Every address of the site: pages in the visitor's language, the back office, the probes."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from payments import webhooks
from trade_assurance import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/", include("api.urls")),
    path("", include("attachments.urls")),
    path("webhooks/<slug:provider>/", webhooks.receive, name="webhook"),
    *i18n_patterns(
        path("accounts/", include("allauth.urls")),
        path("", include("accounts.urls")),
        path("", include("dashboard.urls")),
        path("", include("catalog.urls")),
        path("", include("orders.urls")),
        path("", include("contracts.urls")),
        path("", include("trade_center.urls")),
        path("", include("payments.urls")),
        path("", include("inspections.urls")),
        path("", include("disputes.urls")),
        path("", include("notifications.urls")),
        prefix_default_language=False,
    ),
]
