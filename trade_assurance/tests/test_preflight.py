"""The machine is looked at before Pango is used, which would end a process without fonts."""

import pytest

from trade_assurance import preflight


@pytest.fixture(autouse=True)
def first_look(monkeypatch):
    monkeypatch.setattr(preflight, "_complete", False)


def test_a_library_that_is_not_there_is_named_by_its_package(monkeypatch):
    monkeypatch.setitem(preflight.LIBRARIES, "libpango-1.0-0", "libno-such-thing.so.0")
    assert "libpango-1.0-0" in preflight.missing()


def test_a_script_without_a_font_is_named_by_its_package(monkeypatch):
    monkeypatch.setattr(preflight, "LIBRARIES", {})
    monkeypatch.setattr(preflight, "FONTS", {"fonts-of-nowhere": ("xx-nowhere",)})
    assert preflight.missing() == ["fonts-of-nowhere"]


def test_without_fontconfig_every_font_is_missing(monkeypatch):
    monkeypatch.setattr(preflight, "LIBRARIES", {})
    monkeypatch.setattr(preflight, "FONTCONFIG", "libno-such-thing.so.1")
    assert preflight.missing() == ["fonts-noto-core", "fonts-noto-cjk"]


def test_only_a_complete_machine_is_remembered(monkeypatch):
    monkeypatch.setattr(preflight, "FONTS", {})
    monkeypatch.setattr(preflight, "LIBRARIES", {"libnone0": "libno-such-thing.so.0"})
    assert preflight.missing() == ["libnone0"]
    monkeypatch.setattr(preflight, "LIBRARIES", {})
    assert preflight.missing() == []
    monkeypatch.setattr(preflight, "LIBRARIES", {"libnone0": "libno-such-thing.so.0"})
    assert preflight.missing() == []
