"""Countries as old systems write them, to ISO 3166."""

from functools import cache

from babel import Locale

from oms.lib.world import COUNTRIES

# Names that stand in no table of names.
ALSO = {
    "EIRE": "IE",
    "RSA": "ZA",
    "UK": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "USA": "US",
    "UAE": "AE",
    "HONG KONG": "HK",
    "CZECH REPUBLIC": "CZ",
    "HOLLAND": "NL",
    "TURKEY": "TR",
}


def country_code(name):
    """Return the ISO 3166 code of a country's name or code, "" when it is none ("Channel Islands")."""
    name = name.strip().upper()
    return name if name in COUNTRIES else ALSO.get(name) or _names().get(name, "")


@cache
def _names():
    """Return {name in upper case: code} in English, German, French and Spanish."""
    found = {}
    for language in ("es", "fr", "de", "en"):
        territories = Locale(language).territories
        found |= {name.upper(): code for code, name in territories.items() if code in COUNTRIES}
    return found
