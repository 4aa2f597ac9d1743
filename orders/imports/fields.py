"""Reading single cells: each failure becomes a Refusal that names the row, the field and what to do."""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from oms.lib.errors import Invalid
from oms.lib.money import LIMIT, PLACES
from oms.lib.text import check_text
from orders.imports.records import Refusal, Refused, Row

MOST_PIECES = 2**31 - 1
DAY_FIRST = ("%d/%m/%Y %H:%M", "%d/%m/%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y")
MONTH_FIRST = ("%m/%d/%Y %H:%M", "%m/%d/%Y")
# 1,234 may be a thousand or a little more than one: only the person who wrote it knows.
AMBIGUOUS = re.compile(r",\d{3}\Z")


class Cells:
    """The cells of one row; what cannot be read is noted in `refusals` and a harmless value returned."""

    def __init__(self, row, refusals):
        self.row, self.refusals = row, refusals

    def refuse(self, field, reason):
        """Note what is wrong with a cell; the first thing wrong with it is enough."""
        if any((one.row, one.field) == (self.row.number, field) for one in self.refusals):
            return
        self.refusals.append(Refusal(self.row.number, self.row.key, field, reason))

    def text(self, field, *, max_length=200, required=False):
        try:
            value = check_text(self.row.fields.get(field) or "", max_length=max_length)
        except Invalid as error:
            self.refuse(field, error.message)
            return ""
        if required and not value:
            self.refuse(field, "This is missing.")
        return value

    def integer(self, field):
        value = whole(self.row.fields.get(field))
        if value is None:
            self.refuse(field, f"{_shown(self.row.fields.get(field))} is no whole number of pieces.")
        return value or 0

    def amount(self, field, default=None):
        """Return the money in the cell; an empty one is `default`, where there is one."""
        text = self.row.fields.get(field) or ""
        if not text and default is not None:
            return default
        value = money(text)
        if value is None:
            self.refuse(field, f"{_shown(text)} is no amount with at most {PLACES} decimals.")
        return value or Decimal(0)

    def moment(self, field, tz, *, forms=DAY_FIRST):
        """Return the aware moment in the cell, read in zone `tz` where it names none itself."""
        value = moment(self.row.fields.get(field), tz, forms=forms)
        if value is None:
            text = _shown(self.row.fields.get(field))
            self.refuse(field, f"{text} is no date; write it as 2024-05-31 or 2024-05-31 14:05.")
        return value or datetime.min.replace(tzinfo=UTC)


def whole(text):
    """Return the integer in `text` ("12", "-3", "1.0"), or None."""
    number = _decimal(text)
    if number is None or number != number.to_integral_value() or abs(number) > MOST_PIECES:
        return None
    return int(number)


def money(text):
    """Return the amount in `text` ("9.50", "9,50"), or None: also when it has more than four decimals."""
    number = _decimal(text)
    if number is None or abs(number) >= LIMIT or number != round(number, PLACES):
        return None
    return number


def moment(text, tz, *, forms=DAY_FIRST):
    """Return `text` as a moment in UTC, or None: ISO 8601, or one of `forms` (as of strptime)."""
    text = (text or "").strip()
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = next((found for found in (_parsed(text, form) for form in forms) if found), None)
    if value is None or not 1900 <= value.year <= 2200:
        return None
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(tz))).astimezone(UTC)


def merged(lines, names):
    """Return an order's own fields as a Row: of each name the first value; a row that says otherwise is refused."""
    fields = {}
    for cells in lines:
        for name in names:
            value = cells.row.fields.get(name)
            if value and fields.setdefault(name, value) != value:
                cells.refuse(name, f"Row {lines[0].row.number} or another of this order says {fields[name]!r}.")
    first = lines[0].row
    return Row(first.number, first.key, first.kind, None, fields)


def raise_refused(refusals, rows):
    """Raise Refused with `refusals`, and one for every other row of the same order; none: return."""
    if not refusals:
        return
    bad = {refusal.row for refusal in refusals}
    reason = f"Not taken, because of row {refusals[0].row} of the same order."
    others = [Refusal(row.number, row.key, "", reason) for row in rows if row.number not in bad]
    raise Refused([*refusals, *others])


def _decimal(text):
    text = (text or "").strip()
    if len(text) > 30 or AMBIGUOUS.search(text):
        return None
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _parsed(text, form):
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _shown(text):
    return repr((text or "")[:40])
