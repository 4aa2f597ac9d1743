"""What waits for people: late orders, refunds, doubtful orders, pickups, goods to be taken out, counts that differ."""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from fulfilment.models import FulfilmentOrder
from fulfilment.services import cancel_work
from inventory.models import Bin, BinStock, CountSession, Location, Sku
from inventory.services import counts
from oms.management.demo.customers import customer
from oms.management.demo.lives import ACTOR, live
from orders.models import Order
from orders.services import holds, pay, refund
from orders.services.cancel import cancel
from orders.services.intake import LineIn, OrderIn
from orders.services.place import place
from orders.services.verify import verify
from returns.models import Return
from returns.services import inspect

COUNTER, SECOND = "user:2", "user:3"
REFUSES = "sandbox-refund_declined-demo"  # the test gateway's reference of a payment it will not give back


def make(channel, strict):
    """Make what is missing of them, with orders in `channel`; a second call changes nothing.

    `strict` is a channel whose returns somebody approves.
    """
    if Order.objects.filter(channel=channel, external_id="DECIDE-1").exists():
        return
    codes = iter(_plenty())
    _twins(channel, next(codes))
    _payment_hold(channel, next(codes))
    _refunds(channel, next(codes))
    _on_the_floor(channel, next(codes))
    _promised(channel, next(codes))
    _returns(channel, strict, next(codes))
    _pickup(channel)
    _counts(Location.objects.get(code="BER"))


def _twins(channel, code):
    """The same customer orders the same again within the hour."""
    for number in (1, 2):
        verify(place(_order_in(channel, number, code, who=1), actor=ACTOR).pk)


def _payment_hold(channel, code):
    order = live(_order_in(channel, 3, code), "open", random.Random(3))
    holds.put(order.pk, "payment", "The bank asks whether the card is the customer's.", actor=ACTOR)


def _refunds(channel, code):
    """One above the channel's limit, asked for by somebody; one that the gateway is about to refuse."""
    order = live(_order_in(channel, 4, code, pieces=15), "open", random.Random(4))
    _goodwill(order, order.gross, "All arrived chipped")
    order = place(_order_in(channel, 5, code), actor=ACTOR)
    pay.add_payment(order.pk, amount=order.gross, method="Visa", reference=REFUSES, actor=ACTOR)
    _goodwill(order, Decimal("3.00"), "Came a week late")


def _goodwill(order, amount, reason):
    lines = [refund.RefundLineIn("goodwill", amount)]
    refund.request(order.pk, lines=lines, reason=reason, actor=COUNTER)


def _on_the_floor(channel, code):
    """One on a pick list; two cancelled when picked: one still stands in its tote, one is to be put back."""
    live(_order_in(channel, 15, code), "released", random.Random(15))
    for number in (6, 7):
        order = live(_order_in(channel, number, code), "picked", random.Random(number))
        cancel(order.pk, reason="changed mind", actor=ACTOR)
        if number == 7:
            cancel_work.request(order.pk, {line.pk: line.quantity for line in order.lines.all()}, actor=ACTOR)
            for row in FulfilmentOrder.objects.filter(order=order):
                cancel_work.accept(row.pk, actor=ACTOR)


def _promised(channel, code):
    """Two orders that should have left by now, one that is due today."""
    midnight = timezone.localtime().replace(hour=23, minute=59)
    for number, days in ((8, 2), (9, 1), (10, 0)):
        order = live(_order_in(channel, number, code), "open", random.Random(number))
        moment = midnight - timedelta(days=days)
        promise = {"promised_original": moment, "promised_current": moment}
        Order.objects.filter(pk=order.pk).update(ordered_at=moment - timedelta(days=3), **promise)
        FulfilmentOrder.objects.filter(order=order).update(ship_by=moment)


def _returns(channel, strict, code):
    """One that somebody must approve, one that lies there, one whose goods are on the shelf and not paid back."""
    live(_order_in(strict, 13, code), "asked", random.Random(13))
    live(_order_in(channel, 14, code), "received", random.Random(14))
    order = live(_order_in(channel, 11, code), "received", random.Random(11))
    rma = Return.objects.get(order=order)
    decisions = [inspect.DispositionIn(line.pk, line.quantity, "restock", 1) for line in rma.lines.all()]
    inspect.dispose(rma.pk, decisions, actor=ACTOR)


def _pickup(channel):
    """An order that waits in a store for its customer."""
    row = _on_shelves("MITTE").select_related("sku").order_by("-quantity", "pk").first()
    if row:
        to_store = {"method": "pickup", "pickup_location": "MITTE"}
        live(_order_in(channel, 12, row.sku.code, **to_store), "packed", random.Random(12))


def _counts(place):
    """A count to approve, one to be counted again, one to begin with: of three bins."""
    shelves = _on_shelves(place.code).filter(quantity__gt=20)
    rows = shelves.select_related("bin", "sku").order_by("-sku__unit_cost", "pk")[:3]
    for row, last in zip(rows, ("to_approve", "recount", "open"), strict=False):
        session = counts.open_count(place, bin=row.bin, actor=ACTOR)
        if last == CountSession.Status.OPEN:
            continue
        counts.enter(session.pk, row.sku, row.quantity - 15, actor=COUNTER)
        counts.post_count(session.pk, actor=COUNTER)
        if last == CountSession.Status.TO_APPROVE:
            counts.enter(session.pk, row.sku, row.quantity - 14, actor=SECOND)
            counts.post_count(session.pk, actor=SECOND)


def _on_shelves(code):
    """Return the BinStock on the shelves of a location, of goods whose pieces are not told apart."""
    plain = {"sku__is_active": True, "sku__tracking": Sku.Tracking.NONE}
    return BinStock.objects.filter(bin__location__code=code, bin__kind=Bin.Kind.SHELF, **plain)


def _plenty():
    """Return codes of SKUs of which Berlin has most on its shelves."""
    return _on_shelves("BER").order_by("-quantity", "pk").values_list("sku__code", flat=True)[:12]


def _order_in(channel, number, code, *, pieces=1, who=None, **fields):
    email, phone, address = customer(random.Random(1000 + (who or number)))
    return OrderIn(
        channel=channel,
        external_id=f"DECIDE-{number}",
        lines=[LineIn(code, pieces)],
        email=email,
        phone=phone,
        ship_to=address,
        **fields,
    )
