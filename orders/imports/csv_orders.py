"""Our own CSV of orders: one row per line, the order's fields repeated, or only on its first row.

COLUMNS says what each column holds; the console shows it above the upload. Rows of an order may stand
anywhere. Prices are as the channel states them, with or without tax.
"""

from decimal import Decimal

from oms.lib.errors import Invalid
from oms.lib.money import quantise
from orders.imports.fields import Cells, merged, money, raise_refused, whole
from orders.imports.records import CHARGES, GOODS, Charge, CustomerIn, Line, OrderRecord, Row, SkuIn
from orders.imports.tables import read_table
from orders.services.countries import country_code
from orders.services.intake import clean_email, clean_phone
from orders.services.ordered_at import check_past

ADDRESS = {
    "name": "of the person",
    "company": "where there is one",
    "line1": "street and number",
    "line2": "what else is needed to find it",
    "city": "",
    "region": "state or province",
    "postcode": "",
    "country": "ISO code (DE) or name",
}
ORDER = {
    "order_id": "the order's number at its channel; rows with the same one are one order",
    "ordered_at": "2024-05-31 or 2024-05-31 14:05, in the seller's time zone",
    "status": "live: open; historic: closed or cancelled; may be left empty",
    "currency": "must be the channel's, where given",
    "customer_id": "the customer's number in the old system",
    "email": "where the customer gets his e-mails",
    "phone": "with the country's code, or as it is dialled in the country",
    "vat_id": "of a business",
    "method": "standard, express, pickup or digital; empty: standard",
    "purchase_order": "the customer's own number",
    "customer_note": "what the customer wrote with the order",
    "wanted_on": "the day by which the customer wants it",
    "shipping": "what the customer pays for shipping, once per order",
} | {f"{prefix}{field}": text for prefix in ("", "bill_") for field, text in ADDRESS.items()}
LINE = {
    "sku": "the SKU's code",
    "item": "its name on the order; empty: the SKU's",
    "quantity": "whole pieces",
    "unit_price": "of one piece, with at most 4 decimals",
    "line_discount": "money off the whole line",
}
HISTORIC = {
    "tax_percent": "historic only: 19 for 19 %; shipping bears the highest of its order",
    "shipped_at": "historic only: when it left; empty: when it was ordered",
    "invoice_number": "historic only: the number of its invoice",
}
COLUMNS = ORDER | LINE | HISTORIC
OF_ORDER = (*ORDER, "shipped_at", "invoice_number")
REQUIRED = ["order_id", "sku", "quantity", "unit_price"]
METHODS = ("standard", "express", "pickup", "digital")


class CsvOrders:
    """One file. Historic orders make the SKUs they need; live ones name SKUs that exist."""

    defaults = None
    can_be_live = True
    tz = "UTC"
    currency = ""

    def __init__(self, *, live=False):
        self._live = live
        self._names = {}

    def rows(self, path):
        """Yield a Row for each line, and one for the shipping of each order."""
        required = REQUIRED if self._live else [*REQUIRED, "ordered_at"]
        for number, fields, problem in read_table(path, required=required, known=list(COLUMNS)):
            key, code = fields.get("order_id", ""), fields.get("sku", "").upper()
            if code and len(code) <= 40:
                self._names[code] = self._names.get(code) or fields.get("item", "")[:200]
            yield Row(number, key, GOODS, self._net(fields), fields, problem)
            shipping = money(fields.get("shipping"))
            if shipping:
                yield Row(number, key, CHARGES, shipping, {}, once=True)

    def rank(self, key):
        return 0

    def parse(self, key, rows):
        """Return the order of these rows; raises Refused."""
        refusals = []
        lines = [Cells(row, refusals) for row in rows if row.kind == GOODS]
        head = Cells(merged(lines, OF_ORDER), refusals)
        order = self._order(head, lines)
        order.lines = [self._line(cells) for cells in lines]
        self._add_shipping(order, head)
        raise_refused(refusals, [cells.row for cells in lines])
        return order

    def skus(self):
        """Yield each SKU code of the file: of a historic one, for a typing error must not make a live SKU."""
        if not self._live:
            for code, name in self._names.items():
                yield SkuIn(code=code, name=name or code)

    def _net(self, fields):
        """Return what a line costs: exactly, or where it will be placed live in whole cents."""
        quantity, price = whole(fields.get("quantity")), money(fields.get("unit_price"))
        discount = money(fields.get("line_discount") or "0")
        if None in (quantity, price, discount):
            return None
        if self._live:
            return quantise(quantity * price, self.currency) - quantise(discount, self.currency)
        return quantity * price - discount

    def _order(self, head, lines):
        status = head.text("status").lower() or ("open" if self._live else "closed")
        if status not in (("open",) if self._live else ("closed", "cancelled")):
            head.refuse("status", "Live orders are open, historic ones closed or cancelled (see --live).")
        if head.text("currency").upper() not in ("", self.currency):
            head.refuse("currency", f"The channel's currency is {self.currency}.")
        ship_to, bill_to = _address(head, ""), _address(head, "bill_")
        return OrderRecord(
            external_id=head.row.key,
            ordered_at=self._ordered_at(head),
            rows=[cells.row.number for cells in lines],
            customer=_customer(head, ship_to),
            ship_to=ship_to,
            bill_to=bill_to,
            status=status,
            method=_choice(head, "method", METHODS),
            vat_id=head.text("vat_id", max_length=20),
            purchase_order=head.text("purchase_order", max_length=60),
            customer_note=head.text("customer_note", max_length=1000),
            required_at=self._moment(head, "wanted_on"),
            shipped_at=self._moment(head, "shipped_at"),
            invoice_number=head.text("invoice_number", max_length=40),
        )

    def _ordered_at(self, head):
        at = self._moment(head, "ordered_at", required=not self._live)
        try:
            check_past(at)
        except Invalid as error:
            head.refuse(error.field, error.message)
        return at

    def _moment(self, head, field, *, required=False):
        return head.moment(field, self.tz) if required or head.row.fields.get(field) else None

    def _line(self, cells):
        quantity, price = cells.integer("quantity"), cells.amount("unit_price")
        discount = cells.amount("line_discount", Decimal(0))
        percent = cells.amount("tax_percent", Decimal(0))
        if quantity <= 0:
            cells.refuse("quantity", "A line needs at least one piece.")
        if price < 0:
            cells.refuse("unit_price", "A price cannot be negative.")
        if not 0 <= discount <= max(quantity * price, 0):
            cells.refuse("line_discount", "A discount is at most what the line costs, and not negative.")
        if not 0 <= percent < 100:
            cells.refuse("tax_percent", "A tax is from 0 to less than 100 percent.")
        if self._live:
            self._refuse_historic(cells)
        code, name = cells.text("sku", max_length=40, required=True), cells.text("item")
        return Line(cells.row.number, code, name, quantity, price, discount, round(percent / 100, 5))

    def _refuse_historic(self, cells):
        for field in HISTORIC:
            if cells.row.fields.get(field):
                cells.refuse(field, "This is for historic orders; leave it empty in live ones.")

    def _add_shipping(self, order, head):
        amount = head.amount("shipping", Decimal(0))
        if amount < 0:
            head.refuse("shipping", "Shipping cannot cost less than nothing.")
        if amount:
            rate = max((line.tax_rate for line in order.lines), default=Decimal(0))
            order.charges.append(Charge(head.row.number, "shipping", "Shipping", amount, rate))


def _choice(head, field, choices):
    value = head.text(field).lower() or choices[0]
    if value not in choices:
        head.refuse(field, f"Choose one of {', '.join(choices)}.")
    return value


def _address(head, prefix):
    address = {field: head.text(f"{prefix}{field}") for field in ADDRESS}
    if address["country"]:
        address["country"] = country_code(address["country"])
        if not address["country"]:
            head.refuse(f"{prefix}country", "This is no country; write its ISO code (DE) or its name.")
    return {field: value for field, value in address.items() if value}


def _customer(head, ship_to):
    email, phone = head.text("email"), head.text("phone", max_length=40)
    try:
        email = clean_email(email)
        phone = clean_phone(phone, ship_to.get("country", ""))
    except Invalid as error:
        head.refuse(error.field, error.message)
    account = head.text("customer_id", max_length=30)
    name, company = ship_to.get("name", ""), ship_to.get("company", "")
    return CustomerIn(account, name, company, email, phone) if account or email or phone else None
