"""Operations of the API that will end, said in the headers of each answer (RFC 9745, RFC 8594) and in OpenAPI."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.http import http_date

FORM = '{"GET /api/v1/orders/{number}": {"since": "2027-01-31", "sunset": "2027-07-31", "link": "https://..."}}'


@dataclass(frozen=True)
class Ending:
    """An operation as OpenAPI names it, deprecated `since` a day, gone at `sunset`; `link` says what comes instead."""

    method: str
    path: str
    since: datetime
    sunset: datetime | None
    link: str

    @property
    def pattern(self):
        return re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(self.path)))

    @property
    def headers(self):
        found = {"Deprecation": f"@{int(self.since.timestamp())}"}
        found |= {"Sunset": http_date(self.sunset.timestamp())} if self.sunset else {}
        return found | ({"Link": f'<{self.link}>; rel="deprecation"'} if self.link else {})


def endings():
    """Return the Endings that API_DEPRECATED names; raises ImproperlyConfigured, naming the one that makes no sense."""
    return [_ending(name, said) for name, said in settings.API_DEPRECATED.items()]


def _ending(name, said):
    method, _, path = name.partition(" ")
    try:
        since, sunset = _midnight(said["since"]), said.get("sunset")
        found = Ending(method.upper(), path, since, _midnight(sunset) if sunset else None, said.get("link", ""))
        if not path.startswith("/api/") or (found.sunset and found.sunset < since):
            raise ValueError
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ImproperlyConfigured(f"API_DEPRECATED: {name[:100]!r} makes no sense; write {FORM}.") from None
    return found


def _midnight(day):
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


class SayDeprecated:
    """Middleware: answers of operations that will end say so, refusals, too."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.endings = [(ending.method, ending.pattern, ending.headers) for ending in endings()]

    def __call__(self, request):
        response = self.get_response(request)
        for method, pattern, headers in self.endings:
            if request.method == method and pattern.fullmatch(request.path):
                for name, value in headers.items():
                    response.headers[name] = value
        return response
