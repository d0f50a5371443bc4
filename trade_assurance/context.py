"""What the frame of every page needs: where you are, what you may open, what waits for you."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from core import clock
from notifications.queries import unread_count

LANGUAGE_TAGS = {"en": ("en", "EN"), "zh-hans": ("zh-Hans", "中文"), "hi": ("hi", "हिन्दी")}


def shell(request):
    """The variable `shell` of every template; nothing in it is computed before it is used."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request) -> dict:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    links = _links(_workplace(user) if signed_in else _public(), request.path)
    return {
        "demo": settings.DEMO,
        "now": clock.now(),
        "nav": links,
        "tabs": [link for link in links if link["icon"]],
        "languages": [
            (code, *LANGUAGE_TAGS.get(code, (code, name))) for code, name in settings.LANGUAGES
        ],
        "unread": SimpleLazyObject(lambda: unread_count(user)) if signed_in else 0,
    }


def _public() -> list[tuple[str, str, str]]:
    return [
        ("how_it_works", _("How it works"), "info"),
        ("catalogue", _("Products"), "package"),
        ("suppliers", _("Suppliers"), "store"),
        ("coverage", _("Coverage"), "shield-check"),
        ("developers", _("API"), ""),
    ]


def _workplace(user) -> list[tuple[str, str, str]]:
    company = getattr(user, "company", None)
    inspects = bool(company and company.inspects and not (company.buys or company.sells))
    if inspects:
        first = [("inspections", _("Visits"), "microscope")]
    else:
        first = [("home", _("To do"), "list-checks"), ("orders", _("Orders"), "package")]
    trades = bool(company and (company.buys or company.sells))
    purse = [("money", _("Money"), "")] if trades else []
    rest = [("inbox", _("Messages"), "message-square"), ("disputes", _("Disputes"), "scale")]
    last = [] if inspects else [("catalogue", _("Catalogue"), "store")]
    staff = [("admin:index", _("Back office"), "")] if user.is_staff else []
    return [*first, *purse, *rest, *last, *staff]


def _links(entries, path: str) -> list[dict]:
    links = [
        {"url": url, "label": label, "icon": icon, "current": path.startswith(url)}
        for name, label, icon in entries
        if (url := _address(name))
    ]
    nearest = max((len(link["url"]) for link in links if link["current"]), default=0)
    return [link | {"current": link["current"] and len(link["url"]) == nearest} for link in links]


def _address(name: str) -> str:
    """The path of a page, or nothing where this installation does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
