"""What a token may be used for."""

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission

from workflow.errors import NotAllowed


class WithinScopes(BasePermission):
    """The token has one of the view's `scopes`. A view that names none is closed to all."""

    def has_permission(self, request, view):
        if request.auth is None:
            return False
        scopes = getattr(view, "scopes", ())
        if not set(scopes) & set(request.auth.scopes):
            raise NotAllowed(
                _("This token was not made for that: it needs “%s”.") % "”, “".join(scopes),
                code="scope_missing",
            )
        return True
