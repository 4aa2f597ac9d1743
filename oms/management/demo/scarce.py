"""Goods that are short, not released yet or made to order, and the customers who are asked what to do."""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from inventory.models import Location, Sku
from inventory.services import stock
from oms.management.demo.customers import customer
from oms.management.demo.lives import live
from orders.models import Channel, Price, Substitute
from orders.services import shortage
from orders.services.intake import ChargeIn, LineIn, OrderIn

HOURS = 48
# What each customer orders; the last chooses at once.
SHORT = (
    (("CLK-STATION", 3), ("VAS-SPRING", 1)),
    (("CLK-STATION", 1),),
    (("CLK-STATION", 1), ("VAS-SPRING", 2)),
)


def make(channel):
    """Make what is missing of them, with orders in `channel`; a second call changes nothing."""
    if Sku.objects.filter(code="CLK-STATION").exists():
        return
    berlin = Location.objects.get(code="BER")
    _substitutes()
    _short(channel, berlin)
    _preorders(channel, berlin)
    _made(channel, berlin)


def _short(channel, place):
    """Three orders of goods of which too few are there: two customers have still to choose."""
    Channel.objects.filter(pk=channel.pk).update(shortage_hours=HOURS)
    channel.refresh_from_db()
    clock = good(channel, place, "CLK-STATION", "Station clock", "64.00", pieces=2)
    good(channel, place, "VAS-SPRING", "Vase, spring edition", "36.00", pieces=9)
    other = good(channel, place, "CLK-SCHOOL", "School clock", "59.00", pieces=14)
    Substitute.objects.create(sku=clock, substitute=other)
    for number, lines in enumerate(SHORT, start=1):
        last = order(channel, f"SHORT-{number}", lines)
    shortage.answer(last.pk, "wait", actor="customer")


def _substitutes():
    """Let the white of each family stand in for the sand-coloured, and the other way round."""
    for white in Sku.objects.filter(code__endswith="-WHITE", kind=Sku.Kind.PHYSICAL).order_by("code"):
        sand = Sku.objects.filter(code=white.code.replace("-WHITE", "-SAND")).first()
        for one, other in ((white, sand), (sand, white)) if sand else ():
            Substitute.objects.get_or_create(sku=one, substitute=other)


def _preorders(channel, place):
    """Two orders of a lamp that is here but must not leave before its day."""
    day = timezone.localdate() + timedelta(days=30)
    good(channel, place, "LMP-AURORA", "Lamp, aurora", "119.00", pieces=20, released_on=day)
    for number in (1, 2):
        order(channel, f"PRE-{number}", (("LMP-AURORA", number),))


def _made(channel, place):
    """Two orders of a sign that is made when somebody orders it."""
    good(channel, place, "SGN-ENGRAVED", "Door sign, engraved", "49.00", made_at=place, made_in_days=5)
    for number in (1, 2):
        order(channel, f"MADE-{number}", (("SGN-ENGRAVED", number),))


def good(channel, place, code, name, price, *, pieces=0, **fields):
    """Make a good of `channel`, `pieces` of it in `place`; returns its Sku."""
    cost = (Decimal(price) * Decimal("0.4")).quantize(Decimal("0.01"))
    sku = Sku.objects.create(code=code, name=name, weight_g=700, unit_cost=cost, **fields)
    Price.objects.create(channel=channel, sku=sku, amount=Decimal(price))
    if pieces:
        stock.receive(sku, place, pieces, key=f"demo-{code}")
    return sku


def order(channel, external_id, lines):
    """Place an order of `lines` ((code, pieces)) that is paid, and checked; returns it."""
    email, phone, address = customer(random.Random(external_id))
    order_in = OrderIn(
        channel=channel,
        external_id=external_id,
        lines=[LineIn(code, pieces) for code, pieces in lines],
        charges=[ChargeIn("shipping", Decimal("4.90"))],
        email=email,
        phone=phone,
        ship_to=address,
    )
    return live(order_in, "open", random.Random(external_id))
