"""The viewer's clock: moments in the console are shown in the zone of the browser that asks."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

COOKIE = "tz"


class ViewerZone:
    """Show moments in the zone that console.js put into the cookie; without one, in the server's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = request.COOKIES.get(COOKIE, "")
        if not request.path.startswith("/admin/") or name not in ZONES:
            return self.get_response(request)
        with timezone.override(ZoneInfo(name)):
            return self.get_response(request)


ZONES = frozenset(available_timezones())


def say_day(day, format):
    """Return a date in the viewer's language ("l j F Y"). Kept, as lists say the same few again and again."""
    return _say(day, format, get_language())


@lru_cache(maxsize=2_000)
def _say(day, format, language):
    return date_format(day, format)
