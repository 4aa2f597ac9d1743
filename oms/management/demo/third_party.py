"""Orders of bulky goods at the 3PL: each thing that a partner may find on his list, however few orders there are.

Two pieces of each, so that one may be given back, or be missing, and the other leaves.
"""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from oms.management.demo.customers import customer
from oms.management.demo.lives import ACTOR, live
from orders.models import Order
from orders.services.cancel import cancel
from orders.services.intake import ChargeIn, LineIn, OrderIn

IN_STOCK = "TBL"  # of these there are enough in every colour
# What the partner sees of each: assigned, acknowledged, shipped, delivered; the last he is asked to stop.
STAGES = ("released", "released", "released", "picked", "picked", "shipped", "delivered", "picked")


def make(channel, prices):
    """Place an order in `channel` for each of STAGES and take it there; known ones stay."""
    chance = random.Random(9)
    goods = sorted(sku.code for sku in prices if sku.code.startswith(IN_STOCK))
    for number, stage in enumerate(STAGES, start=1):
        order_in = _order_in(channel, goods, number, chance)
        if Order.objects.filter(channel=channel, external_id=order_in.external_id).exists():
            continue
        order = live(order_in, stage, chance)
        if number == len(STAGES):
            cancel(order.pk, reason="changed mind", actor=ACTOR)
            # So long ago that the schedule tells CS at once: the partner does not answer.
            asked = timezone.now() - timedelta(days=2)
            Order.objects.filter(pk=order.pk).update(cancel_requested_at=asked)


def _order_in(channel, goods, number, chance):
    email, phone, address = customer(chance)
    return OrderIn(
        channel=channel,
        external_id=f"BULKY-{number}",
        lines=[LineIn(code, 2) for code in chance.sample(goods, 1 + number % 2)],
        charges=[ChargeIn("shipping", Decimal("29.00"))],
        email=email,
        phone=phone,
        ship_to=address,
    )
