"""What an order would cost and when it would arrive, before there is one. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from inventory.models import Location
from orders.models import Order
from orders.services import allocate, supply
from orders.services.intake import clean
from orders.services.pricing import Priced, price


@dataclass(frozen=True)
class Quote:
    """`priced` has lines and totals; `missing` is {SKU id: pieces} that no location has now."""

    priced: Priced
    places: list[str]
    missing: dict[int, int]
    promised: datetime | None

    @property
    def short(self):
        """What is missing, for people: [{"code", "pieces"}]."""
        codes = {line.sku_id: line.sku_code for line in self.priced.lines}
        return [{"code": codes[sku], "pieces": pieces} for sku, pieces in self.missing.items()]


def quote(order_in):
    """Return the Quote of `order_in` (OrderIn). Raises Invalid, naming the field."""
    priced = price(clean(order_in))
    order = Order(
        channel=order_in.channel,
        ship_to=order_in.ship_to,
        ship_country=order_in.ship_to.get("country", ""),
        method=order_in.method,
        pickup_location=Location.objects.filter(code__iexact=order_in.pickup_location).first(),
    )
    leaves = [line for line in priced.lines if line.kind != "kit"]
    found, digital = allocate.choose(order, leaves)
    rows = allocate.allocations(order, leaves, found, digital)
    supply.peg(order, rows, is_sure=False)
    return Quote(
        priced=priced,
        places=[site.code for site in found.best.sites],
        missing=found.best.missing,
        promised=supply.foreseen(order, rows, now=timezone.now()),
    )
