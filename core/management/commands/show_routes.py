"""Every address of the site, who may open it at least, and with which methods."""

import inspect
import json

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC, SIGNED_IN, STAFF = "public", "signed in", "staff"
STAFF_TESTS = ("admin_view", "staff_member_required")
ANY = ["any"]


class Command(BaseCommand):
    help = (
        "Lists every URL with its methods, its view and the least role that its own code asks "
        "for. What somebody may do with one order is decided by the order's operations."
    )

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="the list as JSON")

    def handle(self, *args, **options):
        rows = list(routes())
        if options["json"]:
            self.stdout.write(json.dumps({"routes": rows}))
            return
        for row in rows:
            methods = ",".join(row["methods"])
            self.stdout.write(f"{row['role']:<10} {methods:<16} /{row['url']}  {row['view']}")


def routes(resolver=None, prefix="", namespace=""):
    """A row for each pattern below a resolver, in the order in which they are tried."""
    for pattern in (resolver or get_resolver()).url_patterns:
        url = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, url, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            yield {
                "url": url,
                "methods": methods_of(view),
                "view": f"{view.__module__}.{view.__qualname__}",
                "name": ":".join(filter(None, (namespace, pattern.name))),
                "role": STAFF if namespace == "admin" and _is_closed(url) else role_of(view),
            }


def methods_of(view) -> list[str]:
    """The methods that a view takes; ["any"] where it refuses none by itself."""
    if actions := getattr(view, "actions", None):
        return sorted(method.upper() for method in actions)
    if cls := getattr(view, "cls", getattr(view, "view_class", None)):
        known = [method for method in cls.http_method_names if hasattr(cls, method)]
        return sorted(method.upper() for method in known if method != "options")
    for layer in _layers(view):
        if allowed := _closure(layer).get("request_method_list"):
            return sorted(allowed)
    return ANY


def role_of(view) -> str:
    """The least that a view's own decorators or permission classes ask for."""
    if cls := getattr(view, "cls", None):
        given = getattr(view, "initkwargs", {}).get("permission_classes")
        return _role_of_permissions(given or cls.permission_classes)
    if cls := getattr(view, "view_class", None):
        names = {parent.__name__ for parent in cls.__mro__}
        return SIGNED_IN if "LoginRequiredMixin" in names else _role_of_layers(cls.dispatch, view)
    return _role_of_layers(view)


def _role_of_layers(*views) -> str:
    layers = [layer for view in views for layer in _layers(view)]
    if any(layer.__qualname__.split(".")[0] in STAFF_TESTS or _tests_staff(layer)
           for layer in layers):  # fmt: skip
        return STAFF
    # `user_passes_test`, which login_required is made of, leaves this mark on a view.
    return SIGNED_IN if any(hasattr(layer, "login_url") for layer in layers) else PUBLIC


def _role_of_permissions(classes) -> str:
    names = {getattr(one, "__name__", str(one)) for one in classes}
    if not names or names == {"AllowAny"}:
        return PUBLIC
    return STAFF if any("Staff" in name or "Admin" in name for name in names) else SIGNED_IN


def _tests_staff(layer) -> bool:
    test = _closure(layer).get("test_func")
    return test is not None and "is_staff" in getattr(test, "__code__", test).co_names


def _layers(view):
    """A view and the views that its decorators wrap, from the outside in."""
    while view is not None:
        if callable(view) and hasattr(view, "__qualname__"):
            yield view
        view = getattr(view, "__wrapped__", None)


def _closure(layer) -> dict:
    try:
        return dict(inspect.getclosurevars(layer).nonlocals)
    except TypeError:
        return {}


def _is_closed(url: str) -> bool:
    """Of the back office only the way in is open."""
    return not url.endswith(("login/", "jsi18n/"))
