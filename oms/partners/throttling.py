from time import time

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

WINDOW_S = 60


class KeyThrottle(BaseThrottle):
    """At most API_RATE calls a minute per key, or per address without one; then 429 with Retry-After.

    One counter per minute and caller. The processes share it when there is Redis; else each has its own.
    """

    def allow_request(self, request, view):
        caller = request.auth.pk if request.auth else self.get_ident(request)
        counter = f"throttle:{caller}:{int(time()) // WINDOW_S}"
        cache.add(counter, 0, WINDOW_S)
        try:
            return cache.incr(counter) <= settings.API_RATE
        except ValueError:  # it ended between the two calls
            return True

    def wait(self):
        return WINDOW_S - time() % WINDOW_S
