"""Parcels in trouble on the road, and an order that nobody collects, for who looks after them."""

import random
from datetime import timedelta
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services import direct, hand_over, pickup
from fulfilment.services.deliver import track
from inventory.models import Location, Sku, StockLevel
from oms.management.demo.customers import customer
from oms.management.demo.lives import ACTOR, live
from oms.management.demo.scarce import good, order
from orders.models import Order
from orders.services.intake import LineIn, OrderIn

# Of each parcel what its carrier said: (code, hours ago, its words, where).
TOLD = (
    (("in_transit", 30, "Sorted", "Leipzig"), ("exception", 6, "Address not found", "Augsburg")),
    (("in_transit", 28, "Sorted", "Leipzig"), ("returned", 3, "Refused by the recipient", "Köln")),
    (("in_transit", 26, "Sorted", "Leipzig"), ("out_for_delivery", 2, "In the van", "Hamburg")),
)


def make(channel):
    """Make them in `channel`; a second call changes nothing."""
    if Order.objects.filter(channel=channel, external_id="ROAD-1").exists():
        return
    berlin = Location.objects.get(code="BER")
    good(channel, berlin, "TRY-OAK", "Tray, oak", "24.00", pieces=20)
    parcels = [sent(order(channel, f"ROAD-{number}", (("TRY-OAK", 1),))) for number in range(1, len(TOLD) + 1)]
    hand_over.hand_over(berlin, [parcel.pk for parcel in parcels], actor=ACTOR)
    now = timezone.now()
    for parcel, told in zip(parcels, TOLD, strict=True):
        for code, hours, text, place in told:
            at = now - timedelta(hours=hours)
            track(parcel.pk, code, at=at, text=text, place=place, actor="carrier:easypost")
    _uncollected(channel, Location.objects.get(code="MITTE"))


def sent(placed):
    """Report the shipment of an order; returns its Parcel."""
    row = FulfilmentOrder.objects.get(order=placed)
    pieces = {line.pk: line.wanted for line in row.lines.all()}
    told = direct.ParcelIn(pieces, carrier="parcelpost", tracking_number=f"PP{3 * 10**9 + row.pk}DE", weight_g=900)
    direct.ship_reported(row.pk, [told], actor=ACTOR)
    return Parcel.objects.get(fulfilment_order=row)


def _uncollected(channel, store):
    """An order that lies ready in the store, whose customer was reminded."""
    free = F("on_hand") - F("reserved") - F("unavailable") - F("safety")
    levels = StockLevel.objects.filter(location=store, sku__kind=Sku.Kind.PHYSICAL, sku__tracking=Sku.Tracking.NONE)
    level = levels.annotate(free=free).filter(free__gt=1).order_by("sku__code").first()
    email, phone, address = customer(random.Random("PICKUP-1"))
    placed = live(
        OrderIn(
            channel=channel,
            external_id="PICKUP-1",
            lines=[LineIn(level.sku.code, 1, Decimal("19.00"))],
            email=email,
            phone=phone,
            ship_to=address,
            method="pickup",
            pickup_location=store.code,
        ),
        "packed",
        random.Random("PICKUP-1"),
    )
    for row in FulfilmentOrder.objects.filter(order=placed):
        pickup.remind(row.pk, actor=ACTOR)
