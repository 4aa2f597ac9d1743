"""What the world agreed on: time zones, countries, currencies; and how a field refuses what is none of them."""

import re

from babel import Locale
from babel.numbers import list_currencies
from django.conf import settings
from django.core.exceptions import ValidationError

from oms.lib.clock import ZONES

# CLDR's territories that have no code in ISO 3166-1: groups of countries, parts of them, and what is made up for tests.
# Kosovo's XK is no ISO code either, but what every carrier calls it.
NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
COUNTRIES = frozenset(code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", code)) - NO_COUNTRIES
CURRENCIES = frozenset(list_currencies())


def zones():
    """Return the choices of a time zone."""
    return [(name, name) for name in sorted(ZONES)]


def check_country(code):
    """Raise ValidationError for what is no ISO 3166 country code."""
    if code not in COUNTRIES:
        raise ValidationError(f"{code} is no ISO 3166 country code.")


def check_currency(code):
    """Raise ValidationError for what is no ISO 4217 currency code."""
    if code not in CURRENCIES:
        raise ValidationError(f"{code} is no ISO 4217 currency code.")


def check_locale(code):
    """Raise ValidationError for a language that we have no words in; "de-AT" is German."""
    known = dict(settings.LANGUAGES)
    if code.split("-")[0] not in known:
        raise ValidationError(f"{code} is none of {', '.join(known)}.")
