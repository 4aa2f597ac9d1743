"""How a customer reads: language, formats and clock of the e-mails and the page about an order."""

from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_time
from babel.numbers import format_currency
from django.conf import settings
from django.utils import timezone

DEFAULT = "en"


@dataclass(frozen=True)
class Reader:
    """`language` is one we have words in, `locale` (babel's) that language as it is written where he lives."""

    language: str
    locale: Locale
    zone: ZoneInfo

    def money(self, amount, currency):
        """Return "€9.50", in German "9,50 €"."""
        return format_currency(amount, currency, locale=self.locale)

    def day(self, moment):
        """Return "Tuesday, March 4, 2025" in his zone."""
        return format_date(moment.astimezone(self.zone), "full", locale=self.locale)

    def short_day(self, moment):
        """Return "Mar 4, 2025" in his zone."""
        return format_date(moment.astimezone(self.zone), "medium", locale=self.locale)

    def moment(self, moment):
        """Return "Tuesday, March 4, 2025, 2:00 PM EST": day, time and the name of the clock."""
        moment = moment.astimezone(self.zone)
        clock = format_time(moment, "short", locale=self.locale)
        return f"{self.day(moment)}, {clock} {moment.tzname()}"

    def country(self, code):
        """Return "Germany" for "DE"."""
        return self.locale.territories.get(code, code)


def reader_of(order, *, language=None):
    """Return the Reader of `order`; `language`, where it is one of ours, instead of the order's own."""
    own = _locale(order.locale)
    chosen = language if language in dict(settings.LANGUAGES) else own.language
    locale = own if own.language == chosen else Locale(chosen)
    return Reader(chosen, locale, zone_of(order.ship_country, order.channel.seller.tz))


def zone_of(country, home):
    """Return the zone of `country` (ISO 3166) where all of it has one clock today, else that of the seller, `home`."""
    today = timezone.now()
    zones = _zones(country)
    return zones[0] if len({today.astimezone(zone).utcoffset() for zone in zones}) == 1 else ZoneInfo(home)


@cache
def _zones(country):
    names = [name for name, territory in get_global("zone_territories").items() if territory == country]
    return [ZoneInfo(name) for name in sorted(names)]


@cache
def _locale(text):
    """Return babel's locale for "de-AT"; English where we have no words in that language."""
    try:
        locale = Locale.parse(text.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale(DEFAULT)
    return locale if locale.language in dict(settings.LANGUAGES) else Locale(DEFAULT)
