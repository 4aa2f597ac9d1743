import logging
from time import time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)

WINDOW_S = 60


class KeyThrottle(BaseThrottle):
    """At most API_RATE calls a minute per key, or per address without one; then 429 with Retry-After.

    One counter per minute and caller. The processes share it when there is Redis; else each has its own.
    While Redis is away nobody is counted: an order is worth more than the count.
    """

    def allow_request(self, request, view):
        caller = request.auth.pk if request.auth else self.get_ident(request)
        counter = f"throttle:{caller}:{int(time()) // WINDOW_S}"
        try:
            cache.add(counter, 0, WINDOW_S)
            return cache.incr(counter) <= settings.API_RATE
        except ValueError:  # it ended between the two calls
            return True
        except RedisError:
            logger.warning("Redis cannot be reached: calls are not counted.")
            return True

    def wait(self):
        return WINDOW_S - time() % WINDOW_S
