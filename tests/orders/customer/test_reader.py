from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.customer.reader import reader_of
from orders.models import Channel, Order, Seller

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def reader(locale, country="DE", *, language=None, home="Europe/Berlin"):
    channel = Channel(seller=Seller(tz=home))
    return reader_of(Order(channel=channel, locale=locale, ship_country=country), language=language)


@pytest.mark.parametrize(
    ("locale", "language", "day", "money"),
    [
        ("en", None, "Monday, March 2, 2026", "€1,234.50"),
        ("en-GB", None, "Monday, 2 March 2026", "€1,234.50"),
        ("de", None, "Montag, 2. März 2026", "1.234,50\xa0€"),
        ("de-CH", None, "Montag, 2. März 2026", "EUR\xa01’234.50"),
        ("de-AT", "en", "Monday, March 2, 2026", "€1,234.50"),
        ("fr", None, "Monday, March 2, 2026", "€1,234.50"),
        ("?!", None, "Monday, March 2, 2026", "€1,234.50"),
        ("", "de", "Montag, 2. März 2026", "1.234,50\xa0€"),
        ("de", "xx", "Montag, 2. März 2026", "1.234,50\xa0€"),
    ],
)
def test_language_and_formats_go_together(locale, language, day, money):
    one = reader(locale, language=language)
    assert (one.day(NOON), one.money(Decimal("1234.50"), "EUR")) == (day, money)


@pytest.mark.parametrize(
    ("country", "home", "zone"),
    [
        ("JP", "Europe/Berlin", "Asia/Tokyo"),
        ("GB", "Europe/Berlin", "Europe/London"),
        ("US", "America/New_York", "America/New_York"),  # many clocks: the seller's
        ("ES", "Europe/Berlin", "Europe/Berlin"),  # the Canaries have their own
        ("", "Europe/Rome", "Europe/Rome"),
        ("ZZ", "Europe/Rome", "Europe/Rome"),
    ],
)
def test_clock_is_that_of_the_country_where_it_has_one(country, home, zone):
    assert str(reader("en", country, home=home).zone) == zone


def test_moment_names_its_clock():
    assert reader("de").moment(NOON) == "Montag, 2. März 2026, 13:00 CET"


def test_country_is_named_in_the_readers_language():
    assert (reader("de").country("DE"), reader("en").country("DE")) == ("Deutschland", "Germany")
    assert reader("de").country("X?") == "X?"
