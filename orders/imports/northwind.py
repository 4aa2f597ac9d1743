"""Northwind, the classic sample database: its folder of tables, one .csv, .gz or .xz each.

An order has its freight as a shipping charge, and discounts per line. Those that never shipped are
still open: they are taken live only.
"""

from oms.lib.errors import Invalid
from oms.lib.money import PLACES, quantise
from orders.imports.fields import Cells, money, raise_refused, whole
from orders.imports.records import (
    CHARGES,
    GOODS,
    ChannelDefaults,
    Charge,
    CustomerIn,
    Line,
    OrderRecord,
    Refusal,
    Refused,
    Row,
    SkuIn,
)
from orders.imports.tables import read_table
from orders.services.countries import country_code
from orders.services.intake import clean_phone

PACKINGS = ("csv", "csv.gz", "csv.xz")
ORDER_COLUMNS = ["orderid", "customerid", "orderdate", "requireddate", "shippeddate", "freight"]
ORDER_COLUMNS += ["shipname", "shipaddress", "shipcity", "shipregion", "shippostalcode", "shipcountry"]
DETAIL_COLUMNS = ["orderid", "productid", "unitprice", "quantity", "discount"]
CUSTOMER_COLUMNS = ["customerid", "companyname", "contactname", "address", "city", "region", "postalcode"]
CUSTOMER_COLUMNS += ["country", "phone"]
CURRENCY = "USD"


class Northwind:
    """The folder. Field names in reports tell the table: `order_details.quantity`."""

    defaults = ChannelDefaults(
        name="Northwind", currency=CURRENCY, country="US", tz="America/Los_Angeles", seller="Northwind Traders"
    )
    can_be_live = True

    def __init__(self, *, live=False):
        self._live = live
        self._customers, self._products = {}, {}

    def rows(self, path):
        """Yield a Row for each order's freight and for each of its lines; raises Invalid, naming the table."""
        self._customers = _table(path, "customers", CUSTOMER_COLUMNS)
        self._products = _table(path, "products", ["productid", "productname"])
        for number, fields, problem in _rows(path, "orders", ORDER_COLUMNS):
            net = money(fields.get("orders.freight"))
            yield Row(number, fields.get("orders.orderid", ""), CHARGES, net, fields, problem)
        for number, fields, problem in _rows(path, "order_details", DETAIL_COLUMNS):
            yield Row(number, fields.get("order_details.orderid", ""), GOODS, self._net(fields), fields, problem)

    def rank(self, key):
        return 0

    def parse(self, key, rows):
        """Return the order of these rows; raises Refused."""
        heads = [row for row in rows if row.kind == CHARGES]
        if len(heads) != 1 or len(rows) == 1:
            reason = f"Expected one row in orders and some in order_details, found {len(heads)} and {len(rows) - 1}."
            raise Refused([Refusal(row.number, key, "", reason) for row in rows])
        refusals = []
        head = Cells(heads[0], refusals)
        order = self._order(head)
        order.lines = [self._line(Cells(row, refusals)) for row in rows if row.kind == GOODS]
        order.rows = [row.number for row in rows]
        if order.shipped_at is None and not self._live:
            head.refuse("orders.shippeddate", "It has not shipped, so it is still open: take it with --live.")
        raise_refused(refusals, rows)
        return order

    def skus(self):
        """Yield each product as a SKU: product 11 is NW-11."""
        for product, fields in self._products.items():
            yield SkuIn(code=_code(product), name=fields["productname"] or _code(product))

    def _net(self, fields):
        """Return what a row of order_details comes to, or None where it cannot be read."""
        quantity, price = whole(fields.get("order_details.quantity")), money(fields.get("order_details.unitprice"))
        rate = money(fields.get("order_details.discount"))
        if None in (quantity, price, rate):
            return None
        return quantity * price - self._discount(quantity * price, rate)

    def _discount(self, amount, rate):
        """Return the discount in money: to the cent where it will be invoiced here, else exactly."""
        return quantise(amount * rate, CURRENCY) if self._live else round(amount * rate, PLACES)

    def _order(self, head):
        freight = head.amount("orders.freight")
        ordered_at = head.moment("orders.orderdate", self.defaults.tz)
        buyer = self._customers.get(head.text("orders.customerid"), {})
        country = country_code(buyer.get("country", ""))
        phone = clean_phone(buyer.get("phone", ""), country)
        account, company = buyer.get("customerid", ""), buyer.get("companyname", "")
        return OrderRecord(
            external_id=head.row.key,
            ordered_at=ordered_at,
            rows=[],
            charges=[Charge(head.row.number, "shipping", "Freight", freight)] if freight else [],
            customer=CustomerIn(account, buyer["contactname"], company, "", phone) if buyer else None,
            ship_to=_ship_to(head),
            bill_to=_bill_to(buyer, country),
            required_at=_optional(head, "orders.requireddate", self.defaults.tz),
            shipped_at=_optional(head, "orders.shippeddate", self.defaults.tz),
        )

    def _line(self, cells):
        product = cells.text("order_details.productid", required=True)
        if product not in self._products:
            cells.refuse("order_details.productid", f"There is no product {product}.")
        quantity = cells.integer("order_details.quantity")
        price = cells.amount("order_details.unitprice")
        rate = cells.amount("order_details.discount")
        if quantity <= 0 or price < 0:
            cells.refuse("order_details.quantity", "A line needs pieces, and a price that is not negative.")
        if not 0 <= rate <= 1:
            cells.refuse("order_details.discount", "A discount is a fraction, from 0 to 1.")
        name = self._products.get(product, {}).get("productname", "")
        discount = self._discount(quantity * price, rate)
        return Line(cells.row.number, _code(product), name, quantity, price, discount)


def _path(folder, table):
    for packing in PACKINGS:
        path = folder / f"{table}.{packing}"
        if path.exists():
            return path
    raise Invalid(f"There is no {table}.csv, .csv.gz or .csv.xz in {folder.name}.", field="file")


def _rows(folder, table, columns):
    """Yield (line number, {"table.column": text}, problem) of one table."""
    for number, fields, problem in read_table(_path(folder, table), required=columns):
        yield number, {f"{table}.{column}": text for column, text in fields.items()}, problem


def _table(folder, table, columns):
    """Return {first column: fields} of a small table."""
    rows = read_table(_path(folder, table), required=columns)
    return {fields[columns[0]]: fields for _, fields, problem in rows if not problem}


def _code(product):
    return f"NW-{product}"


def _optional(head, field, tz):
    return head.moment(field, tz) if head.row.fields.get(field) else None


def _ship_to(head):
    country = country_code(head.text("orders.shipcountry"))
    if not country:
        head.refuse("orders.shipcountry", "This is no country.")
    return _filled(
        name=head.text("orders.shipname"),
        line1=head.text("orders.shipaddress"),
        city=head.text("orders.shipcity"),
        region=head.text("orders.shipregion"),
        postcode=head.text("orders.shippostalcode"),
        country=country,
    )


def _bill_to(buyer, country):
    if not buyer:
        return {}
    return _filled(
        name=buyer["contactname"],
        company=buyer["companyname"],
        line1=buyer["address"],
        city=buyer["city"],
        region=buyer["region"],
        postcode=buyer["postalcode"],
        country=country,
    )


def _filled(**address):
    return {name: value for name, value in address.items() if value}
