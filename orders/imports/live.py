"""Places orders of a file through the same service as every channel: they live their whole life here."""

from collections import Counter

from inventory.models import Location
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import Invalid
from orders.imports import historic
from orders.imports.needed import account_of
from orders.models import Lane
from orders.services.intake import ChargeIn, LineIn, OrderIn
from orders.services.network import forget_network
from orders.services.place import place

existing = historic.existing


def write(channel, records, *, skus, actor):
    """Place each of `records` (OrderRecord), every order in a transaction of its own; returns how many are new.

    A second call places nothing. Raises Invalid, naming the field, for one that cannot be placed.
    """
    return sum(place(order_in(channel, record), actor=actor).is_new for record in records)


def order_in(channel, record):
    """Return the OrderIn of a record."""
    customer = record.customer
    wanted = f"Wanted by {record.required_at.date()}" if record.required_at else ""
    return OrderIn(
        channel=channel,
        external_id=record.external_id,
        lines=[LineIn(line.sku, line.quantity, line.unit_price, line.discount, line.name) for line in record.lines],
        charges=[ChargeIn(charge.kind, charge.amount, charge.name) for charge in record.charges],
        email=customer.email if customer else "",
        phone=customer.phone if customer else "",
        account=account_of(channel, customer.account) if customer and customer.account else "",
        vat_id=record.vat_id,
        ship_to=record.ship_to,
        bill_to=record.bill_to,
        method=record.method,
        purchase_order=record.purchase_order,
        customer_note="\n".join(filter(None, [record.customer_note, wanted])),
        ordered_at=record.ordered_at,
        is_imported=True,
    )


def stock_up(channel, records, *, skus, locations, actor):
    """Receive at `locations` (codes) what all `records` need, the SKUs by turns; returns the pieces received.

    A location that does not exist is made, a warehouse that sends anywhere. What was received for this
    channel before is not received again.
    """
    places = [_location(channel, code) for code in locations]
    needed = Counter()
    for record in records:
        for line in record.lines:
            needed[line.sku.upper()] += line.quantity
    received = 0
    for i, (code, pieces) in enumerate(sorted(needed.items())):
        sku = skus.get(code)
        if sku and sku.is_stocked:
            key = f"import:{channel.pk}:{sku.pk}"
            if stock.receive(
                sku, places[i % len(places)], pieces, subject=f"import:{channel.code}", key=key, actor=actor
            ):
                received += pieces
    return received


@command
def _location(channel, code):
    location = Location.objects.filter(code__iexact=code).first()
    if location is None:
        seller = channel.seller
        location = Location.objects.create(code=code, name=code, tz=seller.tz, address={"country": seller.country})
        Lane.objects.create(location=location, zone="*", method="standard", transit_days=3)
        forget_network()
    if not location.tracks_stock:
        raise Invalid(f"{location} does not count its stock; choose a warehouse.", field="stock-at")
    return location
