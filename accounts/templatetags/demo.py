"""The people of the demo, for the sign-in page."""

from django import template
from django.conf import settings

from accounts.demo_people import DEMO_PEOPLE, PASSWORD

register = template.Library()


@register.simple_tag
def demo_people():
    """The people who can be signed in as with one click: nobody outside the demo."""
    return DEMO_PEOPLE if settings.DEMO else []


@register.simple_tag
def demo_password():
    """The password of all of them; empty outside the demo."""
    return PASSWORD if settings.DEMO else ""
