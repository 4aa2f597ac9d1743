"""What an order would cost and when it would arrive, before there is one. Reads only."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from inventory.models import Location, Sku
from orders.models import Order
from orders.services import allocate, supply
from orders.services.eligible import eligible
from orders.services.intake import ChargeIn, clean
from orders.services.place import pickup_place
from orders.services.pricing import Priced, price
from orders.sourcing.plan import amount

# How an order with goods can travel; one that is collected names its store.
CARRIED = (Order.Method.STANDARD, Order.Method.EXPRESS)


@dataclass(frozen=True)
class Quote:
    """`priced` has lines and totals; `missing` is {SKU id: pieces} that no location has now, nor makes to order.

    `parcels` is {location code: {SKU code: pieces}}, `shipping` what the lanes of the plan cost; `is_carried`:
    some location sends there.
    """

    priced: Priced
    places: list[str]
    missing: dict[int, int]
    promised: datetime | None
    parcels: dict[str, dict[str, int]]
    shipping: Decimal
    is_carried: bool

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
    codes = {line.sku_id: line.sku_code for line in leaves}
    found, digital = allocate.choose(order, leaves)
    rows = allocate.allocations(order, leaves, found, digital)
    supply.peg(order, rows, is_sure=False)
    made = {row.sku_id for row in rows if row.sku.is_made_to_order and row.supply_at}
    return Quote(
        priced=priced,
        places=[site.code for site in found.best.sites],
        missing={sku: n for sku, n in found.best.missing.items() if sku not in made},
        promised=supply.foreseen(order, rows, now=timezone.now()),
        parcels={
            site.code: {codes[sku]: n for (sku, at), n in found.best.pieces.items() if at == site.id}
            for site in found.best.sites
        },
        shipping=amount(found.best.terms["shipping"]),
        is_carried=bool(eligible(order).places),
    )


def options(order_in):
    """Return [(method, Quote)] of `order_in` by each method it can travel by; its own charges stand.

    Each is priced with what its lanes cost as its shipping charge, unless the order states one. Of goods that
    no lane carries there is none. Raises Invalid, naming the field.
    """
    found = []
    for method in _methods(order_in):
        quoted = quote(replace(order_in, method=method))
        if method in CARRIED and not quoted.is_carried:
            continue
        has_shipping = any(charge.kind == "shipping" for charge in order_in.charges)
        if quoted.shipping and not has_shipping:
            charges = [*order_in.charges, ChargeIn("shipping", quoted.shipping)]
            priced = price(clean(replace(order_in, method=method, charges=charges)))
            quoted = replace(quoted, priced=priced)
        found.append((method, quoted))
    return found


def _methods(order_in):
    skus = Sku.objects.by_codes(line.sku for line in order_in.lines)
    if skus and not any(sku.kind in (Sku.Kind.PHYSICAL, Sku.Kind.KIT) for sku in skus.values()):
        return [Order.Method.DIGITAL]
    if not order_in.pickup_location:
        return CARRIED
    pickup_place(order_in.pickup_location)
    return [*CARRIED, Order.Method.PICKUP]
