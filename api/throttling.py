"""How often one person may ask: a count for each minute, kept in Redis in one round trip."""

import logging
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.throttling import BaseThrottle

from core import clock

WINDOW_SECONDS = 60
PATIENCE_SECONDS = 0.25
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Quota:
    """What is left of a minute; below zero, it is used up."""

    limit: int
    left: int
    resets_in: int

    @property
    def headers(self):
        """RateLimit fields as in draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"minute";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"minute";r={max(0, self.left)};t={self.resets_in}',
        }


class PerMinute(BaseThrottle):
    """At most so many requests a minute and person, over all tokens of that person.

    Redis is no truth: while it is away nobody is counted, and everything else goes on.
    """

    quota = None

    def allow_request(self, request, view):
        view.quota = self.quota = take(f"user-{request.user.pk}", settings.API_PER_MINUTE)
        return self.quota is None or self.quota.left >= 0

    def wait(self):
        return self.quota.resets_in


def take(who, limit):
    """Count one more request of this minute. None when Redis does not answer."""
    minute, second = divmod(int(clock.real_now().timestamp()), WINDOW_SECONDS)
    key = f"api:asked:{who}:{minute}"
    try:
        pipeline = _redis().pipeline(transaction=False)
        asked, _expires = pipeline.incr(key).expire(key, 2 * WINDOW_SECONDS).execute()
    except redis.RedisError:
        log.warning("the API counts no requests: Redis does not answer")
        return None
    return Quota(limit, limit - asked, WINDOW_SECONDS - second)


@cache
def _redis():
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
