"""The UCI Online Retail set: https://archive.ics.uci.edu/dataset/352/online+retail, complete or any part of it.

An invoice is an order. `C…` is a credit, `A…` an adjustment of an account; an invoice of negative
quantities without a price wrote goods off. Codes that are no goods are charges; vouchers sold
(`gift_0001_20`) and `DCGS…`, `PADS` are goods. Prices carry no tax information.
"""

from collections import Counter, defaultdict
from decimal import Decimal

from orders.imports.fields import MONTH_FIRST, Cells, money, raise_refused, whole
from orders.imports.records import (
    ADJUSTMENT,
    CHARGES,
    CREDITED_CHARGES,
    CREDITED_GOODS,
    GOODS,
    WRITE_OFF,
    ChannelDefaults,
    Charge,
    CustomerIn,
    EntryLine,
    EntryRecord,
    Line,
    OrderRecord,
    Row,
    SkuIn,
)
from orders.imports.tables import read_table
from orders.services.countries import country_code

COLUMNS = ["invoiceno", "stockcode", "description", "quantity", "invoicedate", "unitprice", "customerid", "country"]
# Upper code -> OrderCharge.Kind. POST postage, DOT carriage of dotcomgiftshop, C2 carriage, M manual,
# D discount, S samples, B bad debt, CRUK the commission of Cancer Research UK.
CHARGE_KINDS = {
    "POST": "shipping",
    "DOT": "shipping",
    "C2": "shipping",
    "M": "fee",
    "D": "fee",
    "S": "fee",
    "B": "fee",
    "BANK CHARGES": "fee",
    "AMAZONFEE": "fee",
    "CRUK": "fee",
}
DISCOUNT = "D"
VOUCHER = "GIFT_"


class Uci:
    """One UCI file."""

    defaults = ChannelDefaults(
        name="UCI Online Retail", currency="GBP", country="GB", tz="Europe/London", seller="Online Retail (UCI)"
    )

    can_be_live = False

    def __init__(self, *, live=False):
        self._names = defaultdict(Counter)

    def rows(self, path):
        """Yield each Row of the file; raises Invalid when columns are missing."""
        for number, fields, problem in read_table(path, required=COLUMNS):
            code = fields.get("stockcode", "").upper()
            self._note(code, fields)
            key = fields.get("invoiceno", "").upper()
            yield Row(number, key, _kind(key, code, fields), _net(fields), fields, problem)

    def rank(self, key):
        """Say that credits come after everything they may undo."""
        return int(key.startswith("C"))

    def parse(self, key, rows):
        """Return the order or voucher of an invoice's rows; raises Refused."""
        refusals = []
        read = [_Read(row, refusals) for row in rows]
        raise_refused(refusals, rows)
        if key[0] in "CA":
            return _entry(key, {"C": "credit", "A": "adjustment"}[key[0]], read)
        if all(one.quantity < 0 and one.price == 0 for one in read):
            return _entry(key, "write_off", read)
        for one in read:
            one.check_sale()
        if sum(one.quantity * one.price for one in read) < 0:
            read[0].cells.refuse("unitprice", "An invoice that is no C… cannot be worth less than nothing.")
        raise_refused(refusals, rows)
        return _order(key, read)

    def skus(self):
        """Yield each code that is goods, named as it mostly is where it has a price."""
        for code, names in self._names.items():
            kind = "digital" if code.startswith(VOUCHER) else "physical"
            name = names.most_common(1)[0][0] if names else ""
            yield SkuIn(code=code, name=name or code, kind=kind)

    def _note(self, code, fields):
        if not code or code in CHARGE_KINDS or len(code) > 40:
            return
        names = self._names[code]
        if fields.get("description") and (money(fields.get("unitprice")) or 0) > 0:
            names[fields["description"][:200]] += 1


class _Read:
    """One row's cells, read once."""

    def __init__(self, row, refusals):
        cells = Cells(row, refusals)
        self.cells, self.number = cells, row.number
        self.code = cells.text("stockcode", max_length=40, required=True).upper()
        self.name = cells.text("description")
        self.quantity = cells.integer("quantity")
        self.price = cells.amount("unitprice")
        self.at = cells.moment("invoicedate", Uci.defaults.tz, forms=MONTH_FIRST)
        self.customer = cells.text("customerid", max_length=30)
        self.country = cells.text("country", max_length=60)
        if self.quantity == 0 and not refusals:
            cells.refuse("quantity", "A line needs pieces.")

    @property
    def is_charge(self):
        return self.code in CHARGE_KINDS

    @property
    def entry_kind(self):
        if self.code == DISCOUNT:
            return "discount"
        return "charge" if self.is_charge else "goods"

    def check_sale(self):
        """Refuse goods that an order cannot hold."""
        if self.is_charge:
            return
        if self.quantity < 0:
            self.cells.refuse("quantity", "Only a C… invoice, or one without any price, can take goods back.")
        if self.price < 0:
            self.cells.refuse("unitprice", "A price of goods cannot be negative.")


def _kind(key, code, fields):
    if key.startswith("A"):
        return ADJUSTMENT
    is_charge = code in CHARGE_KINDS
    if key.startswith("C"):
        return CREDITED_CHARGES if is_charge else CREDITED_GOODS
    if (whole(fields.get("quantity")) or 0) < 0 and money(fields.get("unitprice")) == 0:
        return WRITE_OFF
    return CHARGES if is_charge else GOODS


def _net(fields):
    quantity, price = whole(fields.get("quantity")), money(fields.get("unitprice"))
    return None if quantity is None or price is None else quantity * price


def _customer(one):
    return CustomerIn(account=one.customer, name=f"Customer {one.customer}") if one.customer else None


def _order(key, read):
    head = read[0]
    customer = _customer(head)
    order = OrderRecord(
        external_id=key,
        ordered_at=min(one.at for one in read),
        rows=[one.number for one in read],
        customer=customer,
        ship_to=_address(customer, head.country),
        invoice_number=key,
    )
    for one in read:
        if one.is_charge:
            order.charges.append(_charge(one))
        else:
            order.lines.append(Line(one.number, one.code, one.name or one.code, one.quantity, one.price))
    return order


def _charge(one):
    name = (one.name or one.code).capitalize()
    if one.quantity != 1:
        name = f"{name} ({one.quantity} × {one.price.normalize():f})"
    return Charge(one.number, CHARGE_KINDS[one.code], name[:100], Decimal(one.quantity * one.price))


def _address(customer, country):
    """Return the little that is known; what is no country ("Channel Islands") is kept as the region."""
    code = country_code(country)
    address = {"name": customer.name if customer else "", "country": code, "region": "" if code else country}
    return {name: value for name, value in address.items() if value}


def _entry(key, kind, read):
    head = read[0]
    lines = [EntryLine(one.number, one.entry_kind, one.code, one.name, one.quantity, one.price) for one in read]
    return EntryRecord(key, kind, min(one.at for one in read), [one.number for one in read], lines, _customer(head))
