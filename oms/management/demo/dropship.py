"""A supplier who sends lamps to our customers himself: one request waits for him, one he took on, two he overslept."""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from fulfilment.models import FulfilmentOrder
from fulfilment.services import assign
from fulfilment.services.dropship import escalate_due
from inventory.models import BinStock, Location, Sku, Supplier
from inventory.services import stock
from oms.management.demo.customers import customer
from oms.management.demo.lives import ACTOR, live
from orders.models import Lane
from orders.services.intake import LineIn, OrderIn
from orders.services.network import forget_network

CODE = "LICHT-DS"
WAITS, TAKEN, SILENT = "waits", "taken", "silent"


def make(channel):
    """Write what is missing: his location with goods nobody else has, and an order in `channel` for each state."""
    if Location.objects.filter(code=CODE).exists():
        return
    supplier = Supplier.objects.get(code="LICHT")
    place = Location.objects.create(
        code=CODE,
        name=f"{supplier.name}, drop-ship",
        kind=Location.Kind.SUPPLIER,
        tz="Europe/Vienna",
        address=supplier.address,
        answer_hours=8,
    )
    Supplier.objects.filter(pk=supplier.pk).update(location=place)
    Lane.objects.create(location=place, zone="*", method="standard", base=Decimal("6.90"), transit_days=3)
    forget_network()
    there = BinStock.objects.filter(quantity__gt=0).values("sku")
    sku = Sku.objects.active().filter(kind=Sku.Kind.PHYSICAL).exclude(pk__in=there).order_by("code").first()
    if sku is None:
        return
    stock.receive(sku, place, 20, key=f"demo-{CODE}")
    for number, state in enumerate((WAITS, TAKEN, SILENT, SILENT), start=1):
        _order(channel, sku, number, state)
    escalate_due()


def _order(channel, sku, number, state):
    chance = random.Random(90 + number)
    email, phone, address = customer(chance)
    order_in = OrderIn(
        channel=channel,
        external_id=f"DIRECT-{number}",
        lines=[LineIn(sku.code, 1)],
        email=email,
        phone=phone,
        ship_to=address,
    )
    live(order_in, "open", chance)
    requests = FulfilmentOrder.objects.filter(order__external_id=order_in.external_id, status="released")
    if state == SILENT:
        requests.update(touched_at=timezone.now() - timedelta(days=2))
    for row in requests if state == TAKEN else ():
        assign.acknowledge(row.pk, actor=ACTOR)
