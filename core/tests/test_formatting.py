"""What people read: amounts, days, instants and the geometry of the small drawings."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from core import clock
from core.formats import drawings
from core.money import Money
from core.templatetags import trade

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SHIP_BY = datetime(2026, 12, 12, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_india_on_22_november(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    with timezone.override(ZoneInfo("Asia/Kolkata")), translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1_860_000, "USD", "US$18,600.00"),
        (-3_500, "USD", "-US$35.00"),
        (46_500_000, "INR", "₹4,65,000.00"),
        (46_500_000, "CNY", "CN¥465,000.00"),
        (1_000, "SGD", "S$10.00"),
        (465_000, "JPY", "JP¥465,000"),
        (1_234_567, "KWD", "KWD\N{NO-BREAK SPACE}1,234.567"),
        (0, "USD", "US$0.00"),
    ],
)
def test_money_puts_its_currency_in_front_with_the_currencys_own_decimals(minor, currency, text):
    assert trade.money(Money(minor, currency)) == text


def test_money_for_hindi_readers_is_grouped_in_lakhs():
    with translation.override("hi"):
        assert trade.money(Money(46_500_000)) == "US$4,65,000.00"


def test_money_for_chinese_readers_is_grouped_in_thousands():
    with translation.override("zh-hans"):
        assert trade.money(Money(46_500_000)) == "US$465,000.00"


def test_no_amount_is_no_text_and_not_zero():
    assert trade.money(None) == ""


def test_minor_units_are_written_as_money():
    assert trade.amount(558_000, "USD") == "US$5,580.00"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sat 12 Dec 2026"),
        ("zh-hans", "2026年12月12日 周六"),
        ("hi", "शनि 12 दिसंबर 2026"),
        ("fr", "Sat 12 Dec 2026"),
    ],
)
def test_a_day_is_spelled_in_the_readers_language(language, text):
    with translation.override(language):
        assert trade.day(date(2026, 12, 12)) == text


def test_an_instant_falls_on_the_day_of_the_readers_zone():
    assert trade.day(datetime(2026, 12, 12, 20, 0, tzinfo=UTC)) == "Sun 13 Dec 2026"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sat 12 Dec 2026, 21:29 India time"),
        ("zh-hans", "2026年12月12日 周六 21:29 印度时间"),
        ("hi", "शनि 12 दिसंबर 2026, रात 9:29 भारत समय"),
    ],
)
def test_a_moment_names_day_hour_and_zone_in_words(language, text):
    with translation.override(language):
        html = trade.moment(datetime(2026, 12, 12, 15, 59, tzinfo=UTC))
    assert html == f'<time datetime="2026-12-12T15:59Z">{text}</time>'


def test_utc_is_called_utc():
    with timezone.override(UTC):
        assert trade.moment(NOON).endswith(">Sun 22 Nov 2026, 04:00 UTC</time>")


def test_a_ship_by_deadline_shows_the_last_minute_that_is_in_time():
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        assert ">Sat 12 Dec 2026, 23:59 China time<" in trade.ship_by_moment(SHIP_BY)
    assert ">Sat 12 Dec 2026, 21:29 India time<" in trade.ship_by_moment(SHIP_BY)


@pytest.mark.parametrize(
    ("away", "text"),
    [
        (timedelta(days=4, hours=23), "in 4 days"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(hours=47), "in 47 hours"),
        (timedelta(minutes=90), "in 90 minutes"),
        (timedelta(seconds=30), "now"),
        (timedelta(hours=-3, minutes=-5), "3 hours ago"),
        (timedelta(days=-20), "20 days ago"),
    ],
)
def test_a_distance_in_time_is_never_rounded_up(away, text):
    assert trade.relative(NOON + away) == text


def test_a_distance_in_time_is_spelled_in_chinese_and_hindi():
    with translation.override("zh-hans"):
        assert trade.relative(NOON + timedelta(days=4)) == "4天后"
    with translation.override("hi"):
        assert trade.relative(NOON + timedelta(days=4)) == "4 दिन में"


def test_percentages_keep_at_most_the_places_asked_for():
    assert trade.percent(Decimal("97.84")) == "97.8%"
    assert trade.percent(30) == "30%"
    assert trade.percent(Decimal("0.25"), 2) == "0.25%"


def test_a_fingerprint_is_shortened_to_what_can_be_compared_by_eye():
    assert trade.short_hash("9f2c41d7" + "0" * 52 + "e80b") == "9f2c 41d7 … e80b"
    assert trade.short_hash("abc") == "abc"


def test_an_icon_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in trade.icon("anchor", 16)
    assert 'width="16"' in trade.icon("anchor", 16)


def test_the_money_meter_draws_the_amounts_in_proportion_and_says_them():
    bar = trade.money_bar("USD", held=558_000, due=1_302_000)
    assert [(s.key, s.x, s.width) for s in bar["segments"]] == [("held", "0.00%", "30.00%")]
    assert bar["total"] == "US$18,600.00"
    assert bar["sentence"] == (
        "US$5,580.00 held, US$13,020.00 still to pay, US$0.00 released, "
        "US$0.00 refunded, US$0.00 in dispute."
    )


def test_the_parts_of_a_bar_follow_each_other():
    drawn = drawings.segments([("held", 25), ("released", 0), ("refunded", 75)], 100)
    assert [(s.key, s.x, s.width) for s in drawn] == [
        ("held", "0.00%", "25.00%"),
        ("refunded", "25.00%", "75.00%"),
    ]
    assert drawings.segments([("held", 5)], 0) == []


def test_a_coverage_bar_stops_at_the_limit_and_names_the_excess():
    bar = trade.coverage(limit=3_000_000, used=2_000_000, this_order=1_860_000)
    assert [(s.key, s.width) for s in bar["segments"]] == [("used", "66.67%"), ("own", "33.33%")]
    assert bar["text"]["over"] == "US$8,600.00"
    assert bar["text"]["free"] == "US$0.00"


@pytest.mark.parametrize(
    ("low", "high", "value", "state"),
    [
        ("25.5", "26.5", "26.5", "inside"),
        ("25.5", "26.5", "27.1", "above"),
        ("25.5", "26.5", "25.4", "below"),
        (None, "90", "10", "inside"),
        ("190", None, "188", "below"),
        ("190", "210", None, "unmeasured"),
    ],
)
def test_the_limits_belong_to_the_tolerance_band(low, high, value, state):
    low, high, value = (Decimal(v) if v else None for v in (low, high, value))
    assert drawings.verdict(low, high, value) == state


def test_a_value_outside_is_drawn_outside_the_band_and_named():
    drawn = trade.tolerance("25.5", "26.5", "27.1", unit="cm")
    band = drawn["band"]
    assert (band.start, band.high, band.pin) == ("16.67%", "58.33%", "83.33%")
    assert drawn["found"] == "0.6 cm over the limit"
    assert drawn["sentence"] == ("Agreed 25.5 to 26.5 cm. Measured 27.1 cm. 0.6 cm over the limit.")


def test_a_measured_number_keeps_the_decimals_it_was_written_with():
    assert trade.tolerance("26.0", "20600", None)["low"] == "26.0"
    assert trade.tolerance("26.0", "20600", None)["high"] == "20,600"


def test_a_one_sided_band_runs_to_the_end_of_the_line():
    drawn = trade.tolerance(high="90", value="10", unit="ppm")
    assert drawn["band"].start == "0.00%"
    assert drawn["sentence"] == "Agreed at most 90 ppm. Measured 10 ppm. Inside the limits."


@pytest.mark.parametrize(
    ("deadline", "leaf"),
    [
        (SHIP_BY, {"month": "Dec", "day": 12, "tone": ""}),
        (NOON + timedelta(days=4), {"month": "Nov", "day": 26, "tone": "soon"}),
        (NOON, {"month": "Nov", "day": 22, "tone": "passed"}),
    ],
)
def test_a_calendar_leaf_shows_the_last_day_and_how_near_it_is(deadline, leaf):
    assert trade.leaf(deadline) == leaf


@pytest.mark.parametrize(("score", "word"), [(90, "Clear"), (89, "Add detail"), (59, "Too vague")])
def test_a_clarity_score_has_a_word(score, word):
    assert trade.clarity(score)["word"] == word


def test_the_wizard_marks_what_is_done_and_where_you_are():
    steps = trade.wizard(3, ["/a/", "/b/"])
    assert [step["status"] for step in steps] == ["done", "done", "now", "todo", "todo"]
    assert [step["url"] for step in steps] == ["/a/", "/b/", None, None, None]


def test_the_refund_is_in_your_account_only_when_all_four_steps_are_done():
    assert [step["status"] for step in trade.refund_way(3)] == ["done", "done", "now", "todo"]
    assert {step["status"] for step in trade.refund_way(5)} == {"done"}


def test_the_bar_of_days_counts_today():
    states = [cell["state"] for cell in trade.day_cells(13)]
    assert states == ["past"] * 12 + ["today"] + ["left"] * 2
