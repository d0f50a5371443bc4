"""Times on pages are shown in the viewer's zone (ux.md 4.5)."""

from zoneinfo import ZoneInfo

from django.utils import timezone


class TimeZoneMiddleware:
    """Use the person's own zone, else the company's, else the platform's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(_zone(request.user)):
            return self.get_response(request)


def _zone(user):
    if not user.is_authenticated:
        return timezone.get_default_timezone()
    name = user.time_zone or (user.company.time_zone if user.company else "")
    return ZoneInfo(name) if name else timezone.get_default_timezone()
