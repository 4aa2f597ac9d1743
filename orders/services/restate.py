"""What an order costs is what its channel says it costs now: lines, charges, and the difference in sight."""

from oms.lib.commands import command
from oms.lib.money import ZERO, spread
from orders.models import Order, OrderCharge, OrderDiscount, OrderLine
from orders.models.worth import kept, total, worths
from orders.services import states
from orders.services.pricing import price

MONEY = ("unit_price", "discount", "order_discount", "tax_rate", "net", "tax", "gross")


@command
def restate(order_id, order_in, *, actor="system"):
    """Take prices, charges, discounts and total of a cleaned OrderIn over into an order of which nothing has left.

    Lines of which pieces were cancelled keep their price: what the whole then differs by is a rounding charge.
    """
    order = Order.objects.lock(order_id)
    priced = price(order_in)
    lines = OrderLine.objects.lock_of(order)
    stated = {line.external_id or line.sku_code: line for line in priced.lines if not line.is_part}
    for line in lines:
        new = stated.get(line.external_id or line.sku_code)
        if not line.is_part and new and (line.quantity, line.cancelled) == (new.quantity, 0):
            _copy(line, new, lines, order.currency)
    OrderLine.objects.bulk_update(lines, [*MONEY, "price_share"])
    charges = [charge for charge in priced.charges if charge.kind != OrderCharge.Kind.ROUNDING]
    charges += _rounding(order, order_in, priced, lines, charges)
    _replace(order, charges, priced.discounts)
    whole = total([line for line in lines if not line.is_part] + charges)
    order.net, order.tax, order.gross = whole.net, whole.tax, whole.gross
    order.tax_is_stated = order_in.tax_is_stated
    order.publish("order.changed", actor=actor, fields=["prices"], resourced=False)
    states.refresh(order)
    return order


def _copy(line, new, lines, currency):
    for name in MONEY:
        setattr(line, name, getattr(new, name))
    parts = [part for part in lines if part.parent_id == line.pk]
    shares = spread(line.gross, [part.price_share for part in parts], currency) if parts else []
    for part, worth in zip(parts, shares, strict=True):
        part.price_share, part.tax_rate = worth, line.tax_rate


def _rounding(order, order_in, priced, lines, charges):
    now = total([*(worth for _, worth in worths(lines, kept, currency=order.currency)), *charges])
    gross = priced.gross - now.gross
    tax = ZERO if order_in.tax is None else priced.tax - now.tax
    if not gross and not tax:
        return []
    return [OrderCharge(kind=OrderCharge.Kind.ROUNDING, name="Rounding", net=gross - tax, tax=tax, gross=gross)]


def _replace(order, charges, discounts):
    order.charges.all().delete()
    order.discounts.all().delete()
    for model, rows in ((OrderCharge, charges), (OrderDiscount, discounts)):
        for row in rows:
            row.order = order
        model.objects.bulk_create(rows)
