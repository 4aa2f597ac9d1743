"""The tax table we start with: standard and reduced VAT of the EU and its neighbours, sales tax of US states.

EU: rates in force on 2025-07-01 (Taxes in Europe Database); Estonia and Slovakia with their latest
rises. US: the state's own rate, without counties and cities. Merchants mend and extend it in the console.
"""

from datetime import date
from decimal import Decimal

# country: ((valid from, standard, reduced), …), in percent
VAT = {
    "AT": (("2016-01-01", "20", "10"),),
    "BE": (("1996-01-01", "21", "6"),),
    "BG": (("1999-01-01", "20", "9"),),
    "CH": (("2018-01-01", "7.7", "2.5"), ("2024-01-01", "8.1", "2.6")),
    "CY": (("2014-01-13", "19", "5"),),
    "CZ": (("2013-01-01", "21", "15"), ("2024-01-01", "21", "12")),
    "DE": (("2007-01-01", "19", "7"), ("2020-07-01", "16", "5"), ("2021-01-01", "19", "7")),
    "DK": (("1992-01-01", "25", "25"),),
    "EE": (("2009-07-01", "20", "9"), ("2024-01-01", "22", "9"), ("2025-07-01", "24", "9")),
    "ES": (("2012-09-01", "21", "10"),),
    "FI": (("2013-01-01", "24", "14"), ("2024-09-01", "25.5", "14")),
    "FR": (("2014-01-01", "20", "5.5"),),
    "GB": (("2011-01-04", "20", "5"),),
    "GR": (("2016-06-01", "24", "13"),),
    "HR": (("2012-03-01", "25", "13"),),
    "HU": (("2012-01-01", "27", "5"),),
    "IE": (("2012-01-01", "23", "13.5"), ("2020-09-01", "21", "13.5"), ("2021-03-01", "23", "13.5")),
    "IT": (("2013-10-01", "22", "10"),),
    "LT": (("2009-09-01", "21", "9"),),
    "LU": (("2015-01-01", "17", "8"), ("2023-01-01", "16", "7"), ("2024-01-01", "17", "8")),
    "LV": (("2012-07-01", "21", "12"),),
    "MT": (("2004-01-01", "18", "5"),),
    "NL": (("2012-10-01", "21", "6"), ("2019-01-01", "21", "9")),
    "NO": (("2005-01-01", "25", "15"),),
    "PL": (("2011-01-01", "23", "8"),),
    "PT": (("2011-01-01", "23", "6"),),
    "RO": (("2017-01-01", "19", "9"), ("2025-08-01", "21", "11")),
    "SE": (("1990-07-01", "25", "12"),),
    "SI": (("2013-07-01", "22", "9.5"),),
    "SK": (("2011-01-01", "20", "10"), ("2025-01-01", "23", "19")),
}

# state: percent of the state alone
US = {
    "AL": "4", "AR": "6.5", "AZ": "5.6", "CA": "7.25", "CO": "2.9", "CT": "6.35", "DC": "6", "FL": "6", "GA": "4",
    "HI": "4", "IA": "6", "ID": "6", "IL": "6.25", "IN": "7", "KS": "6.5", "KY": "6", "LA": "5", "MA": "6.25",
    "MD": "6", "ME": "5.5", "MI": "6", "MN": "6.875", "MO": "4.225", "MS": "7", "NC": "4.75", "ND": "5", "NE": "5.5",
    "NJ": "6.625", "NM": "4.875", "NV": "6.85", "NY": "4", "OH": "5.75", "OK": "4.5", "PA": "6", "RI": "7", "SC": "6",
    "SD": "4.2", "TN": "7", "TX": "6.25", "UT": "6.1", "VA": "5.3", "VT": "6", "WA": "6.5", "WI": "5", "WV": "6",
    "WY": "4",
}  # fmt: skip


def rows():
    """Yield (country, region, tax class, rate as a fraction, first day, last day or None)."""
    for country, periods in VAT.items():
        for i, (start, standard, reduced) in enumerate(periods):
            until = _day_before(periods[i + 1][0]) if i + 1 < len(periods) else None
            yield country, "", "standard", _fraction(standard), date.fromisoformat(start), until
            yield country, "", "reduced", _fraction(reduced), date.fromisoformat(start), until
    for state, percent in US.items():
        yield "US", state, "standard", _fraction(percent), date(2020, 1, 1), None


def _fraction(percent):
    return Decimal(percent) / 100


def _day_before(day):
    return date.fromordinal(date.fromisoformat(day).toordinal() - 1)
