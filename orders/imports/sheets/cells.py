"""Reading cells as the mapping of their channel says days and amounts are written."""

import re

from orders.imports.fields import Cells, moment, money
from orders.models import SheetMapping
from orders.services.intake import MOST_PIECES

Dates, Decimals = SheetMapping.Dates, SheetMapping.Decimals
# As strptime has them; a time may follow, with or without seconds.
DAYS = {
    Dates.ISO: (),
    Dates.DAY_FIRST: ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y"),
    Dates.MONTH_FIRST: ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y"),
}
TIMES = ("", " %H:%M", " %H:%M:%S")
FORMS = {dates: tuple(f"{day}{time}" for day in days for time in TIMES) for dates, days in DAYS.items()}
# What is written around a number: a currency's sign or code, and blanks.
AROUND = re.compile(r"\A(?:[A-Z]{3}\b|[€$£¥])?[\s\u00a0\u202f]*|[\s\u00a0\u202f]*(?:[€$£¥]|\b[A-Z]{3})?\Z")
GROUPED = {
    Decimals.POINT: re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z"),
    Decimals.COMMA: re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?\Z"),
}
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}


class SheetCells(Cells):
    """The cells of a row by the names of fields; what cannot be read is noted in `refusals`."""

    def __init__(self, row, refusals, *, dates, decimals, tz):
        super().__init__(row, refusals)
        self.dates, self.decimals, self.tz = dates, decimals, tz

    def text(self, field, *, max_length=200, required=False):
        if (self.row.fields.get(field) or "").upper() in ERRORS:
            self.refuse(field, "A formula could not be calculated here.")
            return ""
        return super().text(field, max_length=max_length, required=required)

    def money(self, field):
        """Return the amount in a cell, None where it is empty or refused."""
        text = self.row.fields.get(field) or ""
        if not text:
            return None
        found = amount(text, self.decimals)
        if found is None:
            self.refuse(field, f"{text[:40]!r} is no amount as in {Decimals(self.decimals).label}.")
        elif found < 0:
            self.refuse(field, "This cannot be negative.")
        return found

    def pieces(self, field):
        """Return the whole number of pieces in a cell, None where it is refused."""
        text = self.row.fields.get(field) or ""
        found = amount(text, self.decimals)
        if found is None or found != found.to_integral_value() or not 0 < found <= MOST_PIECES:
            self.refuse(field, f"{text[:40]!r} is no whole number of pieces." if text else "This is missing.")
            return None
        return int(found)

    def day(self, field):
        """Return the moment in a cell, None where it is empty or refused; without a zone, in the seller's."""
        text = self.row.fields.get(field) or ""
        found = moment(text, self.tz, forms=FORMS[self.dates])
        if text and found is None:
            self.refuse(field, f"{text[:40]!r} is no day as in {Dates(self.dates).label}.")
        return found


def amount(text, decimals):
    """Return the amount in `text` as `decimals` says it is written, or None; a currency may stand beside it."""
    text = AROUND.sub("", text).replace("'", "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if decimals == Decimals.EITHER:
        return money(text)
    point, comma = (".", ",") if decimals == Decimals.POINT else (",", ".")
    if GROUPED[decimals].match(text):
        text = text.replace(comma, "")
    if comma in text:
        return None
    return money(text.replace(point, "."))
