"""The addresses of an order's pages; nothing where a page is not installed."""

from django.urls import NoReverseMatch, reverse

OF_A_DISPUTE = {"dispute"}
OF_A_VISIT = {"inspection_report"}


def address(name: str, facts) -> str:
    """Where the named page of this order, of its latest visit or its dispute is."""
    code = facts.order.code
    if name in OF_A_DISPUTE:
        return path_to(name, facts.case.id) if facts.case else ""
    if name in OF_A_VISIT:
        return path_to(name, code, facts.visit.n) if facts.visit else ""
    return path_to(name, code)


def path_to(name: str, *args) -> str:
    """The path of a page, or "" where this installation does not have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
