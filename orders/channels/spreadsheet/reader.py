"""An order as the rows of a spreadsheet say it, once its columns have names: our own JSON, amounts as text.

{"order_id", "ordered_at", "currency", "email", "phone", "note", "prices_include_tax", "shipping", "discount", "tax",
"total", "ship_to": {name, company, line1 …}, "bill_to": {…}, "lines": [{"sku", "name", "quantity", "unit_price",
"discount", "tax"}]}; all but order_id, currency, lines, their sku and quantity may be missing.
"""

from orders.channels.base import ZERO, Address, Document, Incoming, IncomingCharge, IncomingLine, IncomingOrder
from orders.channels.reading import Doc, total
from orders.channels.shapes import by_shape, each

WHO = "a spreadsheet"
ADDRESS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country", "phone")


def read(body: Doc) -> list[Document]:
    """Read one order or a list of them."""
    return each(body.parts(), BY_SHAPE)


def order(row: Doc) -> Incoming:
    """Return the order; without a total of its own it costs what its lines come to, or the tax table makes of them."""
    lines = tuple(_line(line) for line in row.rows("lines"))
    charges = _charges(row, lines)
    includes_tax = row.flag("prices_include_tax") if row.has("prices_include_tax") else None
    order_discount = row.amount("discount") or ZERO
    tax = row.amount("tax")
    if tax is None and any(line.tax for line in lines):
        tax = total(line.tax for line in lines)
    stated = row.amount("total")
    prices = [line.amount for line in lines]
    if stated is None and None not in prices and (includes_tax or tax is not None):
        goods = total(prices) - total(line.discount for line in lines) - order_discount
        stated = goods + total(charge.amount for charge in charges) + (ZERO if includes_tax else tax or ZERO)
    return IncomingOrder(
        external_id=row.need(("order_id",)),
        number=row.text("order_id"),
        currency=row.currency(("currency",)),
        total=stated,
        is_summed_here=stated is None,
        line_count=row.count("lines"),
        tax=tax,
        shipping=row.amount("shipping") or ZERO,
        discount=order_discount + total(line.discount for line in lines),
        ship_to=_address(row.at("ship_to")),
        bill_to=_address(row.at("bill_to")),
        lines=lines,
        charges=charges,
        prices_include_tax=includes_tax,
        order_discount=order_discount,
        email=row.text("email"),
        phone=row.text("phone"),
        note=row.text("note"),
        ordered_at=row.when(("ordered_at",)),
    )


def _line(line: Doc) -> IncomingLine:
    quantity, price = line.quantity(("quantity",)), line.amount("unit_price")
    return IncomingLine(
        external_id="",
        sku=line.need(("sku",)),
        name=line.text("name"),
        quantity=quantity,
        unit_price=price,
        amount=None if price is None else price * quantity,
        discount=line.amount("discount") or ZERO,
        tax=line.amount("tax") or ZERO,
    )


def _charges(row: Doc, lines: tuple[IncomingLine, ...]) -> tuple[IncomingCharge, ...]:
    """Return the shipping; of the tax of the order it bears what the lines do not."""
    amount = row.amount("shipping") or ZERO
    on_lines = total(line.tax for line in lines)
    tax = max((row.amount("tax") or ZERO) - on_lines, ZERO) if on_lines else ZERO
    return (IncomingCharge(kind="shipping", name="Shipping", amount=amount, tax=tax),) if amount else ()


def _address(row: Doc) -> Address:
    return Address(**{name: row.text(name) for name in ADDRESS})


BY_SHAPE = by_shape([(("order_id", "lines"), order)], WHO)
