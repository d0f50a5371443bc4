"""The back office: stock Django admin, grouped by job."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class TradeAdminSite(AdminSite):
    """Staff move records with the same operations as everyone else; see workflow.admin."""

    site_header = _("Trade Assurance back office")
    site_title = _("Back office")
    index_title = _("What waits for you")
    enable_nav_sidebar = True

    def index(self, request, extra_context=None):
        """The front page shows what waits for this person's duties."""
        from dashboard.desk import trays  # apps are not loaded yet when this module is

        return super().index(request, {**(extra_context or {}), "trays": trays(request.user)})


class TradeAdminConfig(AdminConfig):
    default_site = "trade_assurance.admin_site.TradeAdminSite"
