"""From the rows of an order to the document that the channel's reader reads; each cell that makes no sense is named."""

from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from oms.lib.errors import Invalid
from oms.lib.text import one_line
from orders.imports.fields import merged, raise_refused
from orders.imports.index import MOST_KEY, check_readable
from orders.imports.records import GOODS, Row
from orders.imports.sheets.cells import SheetCells, amount
from orders.imports.sheets.fields import ADDRESS, BY_NAME, MONEY, OF_ORDER
from orders.services.countries import country_code
from orders.services.intake import clean_email, clean_phone
from orders.services.ordered_at import AHEAD

MOST_ROWS = 50_000
MOST_CODE = 100
NEEDED = ("line1", "city", "country")
LONGEST_NOTE = 1_000
CENT = Decimal("0.01")
AMOUNTS = tuple(field.name for field in BY_NAME.values() if field.group == MONEY)


class SheetOrders:
    """The orders of a file whose columns are named by `mapping`.

    `channels` is {currency: Channel}, `channel` the one where no currency is said. `count` is how many orders there
    are, once all rows were read.
    """

    count = 0

    def __init__(self, mapping, header, *, channel, channels):
        self.mapping, self.channel, self.channels = mapping, channel, channels
        self.places = {name: header.index(title) for name, title in mapping["columns"].items() if title in header}
        self._how = {"dates": mapping["dates"], "decimals": mapping["decimals"], "tz": channel.seller.tz}

    def rows(self, sheet):
        """Yield a Row for each row of an open Sheet, for an Index; raises Invalid when there are too many."""
        at = self.places["order_id"]
        for count, (number, cells, problem) in enumerate(sheet, start=1):
            if count > MOST_ROWS:
                raise Invalid(f"The file has over {MOST_ROWS:,} rows: split it.", field="file")
            yield Row(number, one_line(cells[at]) or f"row {number}", GOODS, None, {"cells": cells}, problem)

    def document(self, key, rows):
        """Return the order of these rows as our JSON; raises Refused with all that is wrong."""
        check_readable(key, rows)
        refusals = []
        lines = [SheetCells(self._named(row), refusals, **self._how) for row in rows]
        head = SheetCells(merged(lines, OF_ORDER), refusals, **self._how)
        found = self._order(head)
        found["lines"] = [self._line(cells) for cells in lines]
        if not refusals:
            self._check_total(head, found)
        raise_refused(_where_said(refusals, lines), rows)
        return found

    def _named(self, row):
        """Return the Row with its cells by field, and what is the same for all; no shipping is as good as none."""
        cells = row.fields["cells"]
        fields = self.mapping["constants"] | {name: cells[at] for name, at in self.places.items()}
        for name in AMOUNTS:
            if fields.get(name) and amount(fields[name], self.mapping["decimals"]) == 0:
                fields[name] = ""
        return Row(row.number, row.key, row.kind, None, fields)

    def _order(self, head):
        day = head.day("ordered_at")
        if day and day > timezone.now() + AHEAD:
            head.refuse("ordered_at", "This day has not come yet: are day and month the right way round?")
        currency = self._currency(head)
        ship_to, bill_to = _address(head, ""), _address(head, "bill_")
        _refuse_missing(head, ship_to)
        found = {
            "order_id": head.text("order_id", max_length=MOST_KEY, required=True),
            "ordered_at": day.isoformat() if day else "",
            "currency": currency,
            "email": _cleaned(head, "email", clean_email),
            "phone": _cleaned(head, "phone", clean_phone, ship_to.get("country", "")),
            "note": head.text("note", max_length=LONGEST_NOTE),
            "prices_include_tax": self.channels.get(currency, self.channel).prices_include_tax,
            "ship_to": ship_to,
            "bill_to": bill_to,
        }
        return found | {name: _text(head.money(name)) for name in AMOUNTS}

    def _currency(self, head):
        found = head.text("currency").upper() or self.channel.currency
        if found not in self.channels:
            head.refuse("currency", f"This channel sells in {', '.join(self.channels)}.")
        return found

    def _line(self, cells):
        pieces, price = cells.pieces("quantity"), cells.money("unit_price")
        discount, tax = cells.money("line_discount"), cells.money("line_tax")
        if "unit_price" in self.places and not cells.row.fields.get("unit_price"):
            cells.refuse("unit_price", "This is missing.")
        if discount and price is not None and pieces and discount > price * pieces:
            cells.refuse("line_discount", "A discount is at most what the line costs.")
        return {
            "sku": cells.text("sku", max_length=MOST_CODE, required=True),
            "name": cells.text("item"),
            "quantity": pieces,
            "unit_price": _text(price),
            "discount": _text(discount),
            "tax": _text(tax),
        }

    def _check_total(self, head, found):
        """Refuse a total that is not what the rows come to, by more than rounding."""
        stated, prices = head.money("total"), [_price(line) for line in found["lines"]]
        taxes = _number(found["tax"]) or sum(_number(line["tax"]) for line in found["lines"])
        if stated is None or None in prices or not (found["prices_include_tax"] or taxes):
            return
        due = sum(prices) + _number(found["shipping"]) - _number(found["discount"])
        due += 0 if found["prices_include_tax"] else taxes
        if abs(stated - due) > CENT * (len(prices) + 1):
            head.refuse("total", f"The rows of this order come to {due:.2f}.")


def _where_said(refusals, lines):
    """Return refusals of the order's own fields at the row that says them, not also at those that say otherwise."""
    first, said = lines[0].row.number, {}
    for cells in lines:
        for name in filter(cells.row.fields.get, OF_ORDER):
            said.setdefault(name, cells.row.number)
    bad = {one.field for one in refusals if one.row == first and one.field in OF_ORDER}
    kept = [one for one in refusals if one.row == first or one.field not in bad]
    return [replace(one, row=said.get(one.field, first)) if one.field in bad else one for one in kept]


def _price(line):
    """Return what a line of a document costs, None where it has no price of its own."""
    if not line["unit_price"]:
        return None
    return _number(line["unit_price"]) * line["quantity"] - _number(line["discount"])


def _address(head, prefix):
    said = {name: head.text(f"{prefix}{name}") for name, *_ in ADDRESS}
    last_name, house_number = said.pop("last_name"), said.pop("house_number")
    said["name"] = f"{said['name']} {last_name}".strip()
    said["line1"] = f"{said['line1']} {house_number}".strip()
    if said["country"]:
        code = country_code(said["country"])
        if not code:
            head.refuse(f"{prefix}country", "This is no country; write its ISO code (DE) or its name.")
        said["country"] = code
    return {name: text for name, text in said.items() if text}


def _refuse_missing(head, address):
    """Refuse half an address; an order without any is placed, and held for one."""
    if not {"line1", "city", "postcode"} & set(address):
        return
    for name in NEEDED:
        if name not in address and not head.row.fields.get(name):
            head.refuse(name, "This is missing.")


def _cleaned(head, field, clean, *more):
    text = head.text(field)
    try:
        return clean(text, *more)
    except Invalid as error:
        head.refuse(field, error.message)
        return ""


def _number(text):
    return Decimal(text or 0)


def _text(amount):
    return "" if amount is None else f"{amount:f}"
