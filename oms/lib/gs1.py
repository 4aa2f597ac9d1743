"""GS1 element strings, as on a label's GS1-128 or DataMatrix: product, lot, dates, serial. Pure.

GS1 General Specifications: section 3 (what each application identifier means), 7.8 (where one ends:
at its fixed length, or at FNC1, which scanners send as ASCII 29), 7.9 (check digit), 7.12 (century).
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from oms.lib.errors import Invalid

FNC1 = "\x1d"
SYMBOLOGY = re.compile(r"^\](?:C1|d2|Q3|e0)", re.IGNORECASE)
BRACKETED = re.compile(r"\((\d{2,4})\)([^(]*)")
# {application identifier: (its length without it, whether it ends by that length and not by FNC1)}
FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2}
FIXED |= {str(ai): 13 for ai in range(410, 418)}
FIXED |= {
    f"{ai}{decimals}": 6 for ai in (*range(310, 317), *range(320, 338), *range(340, 358)) for decimals in "0123456"
}
LONGEST = {"10": 20, "21": 20, "22": 20, "30": 8, "37": 8, "240": 30, "241": 30, "250": 30, "251": 30, "400": 30}
LONGEST |= {"401": 30, "403": 30, "420": 20, "421": 12, "422": 3, **{str(ai): 90 for ai in range(91, 100)}}


@dataclass(frozen=True)
class Elements:
    """What a label says; `expires_on` is AI 17 (use by), else AI 15 (best before)."""

    values: dict[str, str] = field(default_factory=dict)
    expires_on: date | None = None

    @property
    def gtin(self):
        return self.values.get("01", "")

    @property
    def lot(self):
        return self.values.get("10", "")

    @property
    def serial(self):
        return self.values.get("21", "")


def is_element_string(code):
    """Say whether `code` looks like a product's element string rather than a plain barcode."""
    bare = SYMBOLOGY.sub("", code.strip())
    return bare.startswith("(01)") or bool(re.match(r"01\d{14}", bare))


def parse(code, *, today):
    """Return the Elements of `code`; raises Invalid saying what is wrong with it.

    `today` decides the century of a two-digit year.
    """
    bare = SYMBOLOGY.sub("", code.strip(" \r\n\t"))
    values = dict(BRACKETED.findall(bare)) if bare.startswith("(") else _split(bare)
    for ai, value in values.items():
        _check(ai, value)
    expiry = values.get("17") or values.get("15")
    return Elements(values, day(expiry, today=today) if expiry else None)


def day(digits, *, today):
    """Return the date of YYMMDD; day 00 is the last of the month (GS1 3.4.7). Raises Invalid."""
    year, month, number = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    ahead = year - today.year % 100
    century = today.year // 100 * 100 + (-100 if ahead >= 51 else 100 if ahead <= -50 else 0)
    try:
        return date(century + year, month, number or monthrange(century + year, month)[1])
    except ValueError:
        raise Invalid(f"{digits} on the label is no date (YYMMDD). Type it.", field="code") from None


def check_digit(digits):
    """Return the check digit of the digits before it: weights 3 and 1 from the right (GS1 7.9.1)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _split(code):
    values, rest = {}, code.lstrip(FNC1)
    while rest:
        ai = next((rest[:length] for length in (2, 3, 4) if rest[:length] in FIXED or rest[:length] in LONGEST), None)
        if ai is None:
            raise Invalid(f"The label goes on with {rest[:8]}, which is no GS1 element. Type it.", field="code")
        rest = rest[len(ai) :]
        if ai in FIXED:
            values[ai], rest = rest[: FIXED[ai]], rest[FIXED[ai] :]
        else:
            values[ai], _, rest = rest.partition(FNC1)
        rest = rest.lstrip(FNC1)
    return values


def _check(ai, value):
    if ai in FIXED and (len(value) != FIXED[ai] or not (value.isascii() and value.isdigit())):
        raise Invalid(
            f"({ai}) on the label has {FIXED[ai]} digits, not {value[:20] or 'none'}. Scan again.", field="code"
        )
    if ai in LONGEST and not 0 < len(value) <= LONGEST[ai]:
        raise Invalid(f"({ai}) on the label has 1 to {LONGEST[ai]} characters. Scan again.", field="code")
    if ai in ("00", "01", "02") and check_digit(value[:-1]) != value[-1]:
        raise Invalid(f"The check digit of {value} is wrong. Scan again.", field="code")
