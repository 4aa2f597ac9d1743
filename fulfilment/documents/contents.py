"""What is in a parcel, as customs, carriers and claims are told of it."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from fulfilment.models import ParcelLine
from inventory.models import Sku
from oms.lib.money import ZERO
from orders.models import OrderLine

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Article:
    """The pieces of an order line in a parcel; `value` is what they were sold for, or cost us where they were free."""

    line: OrderLine
    sku: Sku
    quantity: int
    weight_g: int
    value: Decimal


def contents(parcel, *, only=None):
    """Return [Article] of a Parcel, in the order of its order's lines; of `only` {order line id: pieces} of it."""
    lines, pieces = {}, Counter()
    for row in ParcelLine.objects.filter(parcel=parcel).select_related("fulfilment_line__order_line", "sku"):
        line = row.fulfilment_line.order_line
        lines[line.pk] = (line, row.sku)
        pieces[line.pk] += row.quantity
    if only is not None:
        pieces = {pk: count for pk, count in only.items() if count}
    order = parcel.order
    has_cost = order.currency == order.channel.seller.home_currency  # costs are in that
    return [_article(*lines[pk], pieces[pk], has_cost=has_cost) for pk in sorted(pieces)]


def value_of(parcel):
    """Return what the goods in a Parcel are worth, in its order's currency."""
    return sum((article.value for article in contents(parcel)), ZERO)


def _article(line, sku, pieces, *, has_cost):
    value = (line.price_share if line.is_part else line.net) * pieces / line.quantity
    if not value and has_cost:
        value = sku.unit_cost * pieces
    return Article(line, sku, pieces, sku.weight_g * pieces, value.quantize(CENT))
