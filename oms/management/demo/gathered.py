"""Goods of two warehouses that leave from one of them in one parcel, and an order that waits for the other half."""

from decimal import Decimal

from inventory.models import Location, TransferRoute
from oms.management.demo.lives import ACTOR
from oms.management.demo.scarce import good, order
from orders.models import Order, SourcingStrategy
from orders.services.network import forget_network
from orders.services.strategies import put_live

# The goods of the order: each lies in one warehouse only.
GOODS = (("FRM-OAK", "Picture frame, oak", "28.00", "BER"), ("FRM-WALNUT", "Picture frame, walnut", "32.00", "MUC"))
ROUTES = (("MUC", "BER"), ("BER", "MUC"), ("HAM", "BER"), ("BER", "HAM"))


def make(channel):
    """Let `channel` gather parcels, with an order that is being gathered; a second call changes nothing."""
    if Order.objects.filter(channel=channel, external_id="GATHER-1").exists():
        return
    places = {place.code: place for place in Location.objects.filter(code__in=["BER", "HAM", "MUC"])}
    _routes(places)
    # A parcel saved counts for more than the days that the order then waits, even over a week of holidays.
    strategy, _ = SourcingStrategy.objects.get_or_create(
        name="One parcel",
        defaults={
            "description": "brings an order's pieces together where that saves a parcel",
            "split_penalty": 6,
            "late_penalty": Decimal("0.50"),
            "gathers": True,
        },
    )
    put_live(channel.pk, strategy.pk, actor=ACTOR)
    channel.refresh_from_db()
    for code, name, price, place in GOODS:
        good(channel, places[place], code, name, price, pieces=30)
    order(channel, "GATHER-1", [(code, 4) for code, *_ in GOODS])


def _routes(places):
    """A lorry of our own runs between Berlin and the two others each night."""
    for source, target in ROUTES:
        TransferRoute.objects.get_or_create(
            source=places[source], target=places[target], defaults={"base": Decimal("1.50"), "per_kg": Decimal("0.10")}
        )
    forget_network()
