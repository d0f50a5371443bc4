"""Nobody asks without end; and without Redis nobody is held up."""

import pytest

from api import throttling
from tests.program import problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_a_minute(settings, monkeypatch):
    settings.API_PER_MINUTE = 3
    # The middle of a minute, so that the test does not run over its end.
    monkeypatch.setattr(throttling.clock, "real_now", _the_same_instant())


def _the_same_instant():
    instant = throttling.clock.real_now().replace(second=30)
    return lambda: instant


def test_the_fourth_of_three_is_told_when_to_come_back(
    three_a_minute, program, buyer, stranger, placed_order
):
    asks, path = program(buyer), f"orders/{placed_order.code}/"
    left = [asks.get(path)["RateLimit"] for _ in range(3)]
    assert left == ['"minute";r=2;t=30', '"minute";r=1;t=30', '"minute";r=0;t=30']
    answer = asks.get(path)
    problem(answer, 429, "too_many_requests")
    assert answer["Retry-After"] == "30"
    assert answer["RateLimit-Policy"] == '"minute";q=3;w=60'
    assert answer["RateLimit"] == '"minute";r=0;t=30'
    # Another token of the same person does not help; another person is not touched.
    problem(program(buyer).get(path), 429, "too_many_requests")
    problem(program(stranger).get(path), 404, "not_found")


def test_a_refused_write_does_nothing(three_a_minute, program, buyer, signed_order):
    asks, body = program(buyer), {"order": signed_order.code, "method": "telegraphic_transfer"}
    for _ in range(3):
        asks.get(f"orders/{signed_order.code}/")
    problem(asks.post("payments/", body, key="k"), 429, "too_many_requests")
    assert signed_order.payments.count() == 0


def test_without_redis_everything_goes_on(program, buyer, placed_order, settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    throttling._redis.cache_clear()
    try:
        answer = program(buyer).get(f"orders/{placed_order.code}/")
    finally:
        throttling._redis.cache_clear()
    assert answer.status_code == 200
    assert "RateLimit" not in answer
    assert "Redis does not answer" in caplog.text
