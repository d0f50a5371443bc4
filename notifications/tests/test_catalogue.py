"""The page docs/notifications.md names every message, and no letter that does not exist."""

import re

from django.conf import settings

from notifications.letters import LETTERS

ROW = re.compile(r"^\| (\d+) \|(.+)\|(.+)\|(.+)\|$", re.MULTILINE)


def rows():
    page = (settings.BASE_DIR / "docs" / "notifications.md").read_text()
    return [(int(number), letters.strip()) for number, _news, _to, letters in ROW.findall(page)]


def test_each_of_the_48_messages_has_its_letters_or_says_why_it_has_none():
    assert [number for number, _letters in rows()] == list(range(1, 49))
    assert all(letters for _number, letters in rows())


def test_the_page_names_only_letters_that_exist():
    named = {name for _number, letters in rows() for name in re.findall(r"`(\w+)`", letters)}
    assert named - set(LETTERS) == set()
    assert len(named) > 120
