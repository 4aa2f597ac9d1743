"""Whose clock: the console shows moments in the zone of the browser that asks; a place has its own day."""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

COOKIE = "tz"
# Beyond them one cannot count a day, or the hours of a zone, further.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


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
FIRST = ZoneInfo("Pacific/Kiritimati")  # UTC+14: where each day begins


def today_at(place):
    """Return which day it is at a Location, whoever asks from wherever."""
    return timezone.localdate(timezone=ZoneInfo(place.tz))


def latest_today():
    """Return the latest day that it is anywhere: what is not over by it is over nowhere."""
    return timezone.localdate(timezone=FIRST)


def countable(day):
    """Return `day`, or the first or last that one can count from."""
    return min(max(day, FIRST_DAY), LAST_DAY)


def say_day(day, format):
    """Return a date in the viewer's language ("l j F Y"). Kept, as lists say the same few again and again."""
    return _say(day, format, get_language())


@lru_cache(maxsize=2_000)
def _say(day, format, language):
    return date_format(day, format)
