"""Orders brought to every state of life, by the same services that people use."""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PickTask
from fulfilment.services import assign, deliver, direct, hand_over, open_orders, pack, pick, pickup, release, ship
from inventory.models import Bin, Serial
from oms.lib.commands import command
from oms.management.demo.customers import customer
from oms.management.demo.settled import OF_ORDERS, settle
from orders.models import Note, Order, Tag
from orders.services import holds, pay
from orders.services.cancel import cancel
from orders.services.draft import save_draft
from orders.services.intake import ChargeIn, DiscountIn, LineIn, OrderIn
from orders.services.place import place
from orders.services.verify import verify
from returns.services import inspect, receive, request, resolve

ACTOR = "system"
# How far each order goes; the weights are of 100.
STAGES = {
    "draft": 2, "unpaid": 3, "held": 5, "cancelled": 6, "open": 22, "released": 5, "picked": 5, "packed": 5,
    "shipped": 9, "handed_over": 9, "delivered": 21, "asked": 2, "received": 2, "resolved": 4,
}  # fmt: skip
FLOOR = ["released", "picked", "packed", "shipped", "handed_over", "delivered", "asked", "received", "resolved"]


def make(channels, prices, *, count, tick=lambda: None):
    """Place `count` orders in `channels` and live them to their stages; known ones stay. Calls `tick` for each."""
    goods, made = list(prices), []
    for number in range(1, count + 1):
        chance = random.Random(number)  # one each: what a known order does not draw must not change the next
        stage = chance.choices(list(STAGES), list(STAGES.values()))[0]
        order_in = _order_in(channels, goods, number, stage, chance)
        if not Order.objects.filter(channel=order_in.channel, external_id=order_in.external_id).exists():
            order = live(order_in, stage, chance)
            made += [order.subject] if stage != "cancelled" else []  # whose money a worker pays back
        tick()
    settle(OF_ORDERS, subject__in=made)


@command
def live(order_in, stage, chance):
    """Place `order_in` and take it to `stage`, or as far as its goods allow: whole, or not at all."""
    if stage == "draft":
        return save_draft(order_in, actor=ACTOR)
    order = place(order_in, actor=ACTOR)
    if stage != "unpaid":
        pay.add_payment(order.pk, amount=order.gross, method="Visa", reference=f"demo-{order.pk}", actor=ACTOR)
    if stage == "held":
        holds.put(order.pk, chance.choice(["fraud", "manual", "address"]), _reason(chance), actor=ACTOR)
    _decorate(order, chance)
    verify(order.pk)
    if stage == "cancelled":
        return cancel(order.pk, reason="changed mind", actor=ACTOR)
    open_orders.follow(order.pk)
    if stage in FLOOR:
        works = FulfilmentOrder.objects.filter(order=order, status__in=["open", "released"])
        for row in works.select_related("location").order_by("pk"):
            _walk(row, FLOOR.index(stage))
    if stage in ("asked", "received", "resolved"):
        _bring_back(order, stage, chance)
    return order


def _walk(row, far):
    """Take one fulfilment order `far` stages beyond the first of FLOOR, by our people or the partner's reports.

    What has arrived is reported too, as from a warehouse without scanners: that is much the faster.
    """
    steps = ((0, _release), (1, _pick), (2, _pack), (3, _leave))
    if row.is_third_party:
        steps = ((1, _acknowledge), (3, _report))
    elif far >= 5 and row.method == row.Method.SHIP:
        steps = ((3, _report),)
    for begins, step in (*steps, (4, _hand_over), (5, _arrive)):
        if far >= begins:
            step(row)


def _acknowledge(row):
    assign.acknowledge(row.pk, actor=ACTOR)


def _report(row):
    pieces = {line.pk: line.wanted for line in row.lines.all()}
    carrier, prefix = ("swift", "SW") if row.is_third_party else ("parcelpost", "PP")
    parcel = direct.ParcelIn(pieces, carrier=carrier, tracking_number=f"{prefix}{10**9 + row.pk}DE", weight_g=2500)
    direct.ship_reported(row.pk, [parcel], actor=ACTOR)


def _release(row):
    release.release([row.pk], actor=ACTOR)


def _pick(row):
    for task in PickTask.objects.filter(fulfilment_line__fulfilment_order=row).in_walking_order():
        pick.pick(task.pk, picked=task.quantity, actor=ACTOR)


def _pack(row):
    pack.read_notes(row.pk)
    for line in row.lines.select_related("sku"):
        for _ in range(line.wanted):
            parcel = pack.scan(row.pk, _code(row, line.sku), actor=ACTOR)
    pack.close_parcel(parcel.parcel_id, weight_g=900, actor=ACTOR)
    if row.method == row.Method.PICKUP:
        pickup.make_ready(row.pk, shelf=f"P{row.pk % 20 + 1}", actor=ACTOR)


def _code(row, sku):
    """Return what a packer scans: the number of a piece that has one, else the item's code."""
    picked = Serial.objects.filter(sku=sku, subject=row.order.subject, bin__kind=Bin.Kind.STAGE, parcels=None)
    return str(picked.first() or sku.code)


def _leave(row):
    if row.method == row.Method.PICKUP:
        pickup.collect(row.pk, name=row.order.ship_name, has_id=True, actor=ACTOR)
    else:
        tracking = {parcel.pk: f"PP{2 * 10**9 + parcel.pk}DE" for parcel in row.parcels.all()}
        ship.ship(row.pk, carrier="parcelpost", tracking=tracking, actor=ACTOR)


def _hand_over(row):
    if row.method != row.Method.PICKUP:
        hand_over.hand_over(row.location, [parcel.pk for parcel in row.parcels.all()], actor=ACTOR)


def _arrive(row):
    for parcel in row.parcels.all() if row.method != row.Method.PICKUP else ():
        deliver.deliver(parcel.pk, at=timezone.now() - timedelta(hours=row.pk % 40), actor=ACTOR)


def _bring_back(order, stage, chance):
    line = order.lines.leaves().filter(shipped__gt=0).first()
    if line is None:
        return
    reason = chance.choice(["unwanted", "damaged", "wrong"])
    rma = request.request(order.pk, [request.ReturnLineIn(line.pk, 1, reason)], actor=ACTOR)
    if stage == "asked":
        return
    request.approve(rma.pk, actor=ACTOR)
    receive.receive(rma.pk, {each.pk: each.quantity for each in rma.lines.all()}, actor=ACTOR)
    if stage == "resolved":
        outcome = chance.choice(["restock", "scrap", "quarantine"])
        decisions = [inspect.DispositionIn(each.pk, each.quantity, outcome, 2) for each in rma.lines.all()]
        inspect.dispose(rma.pk, decisions, actor=ACTOR)
        resolve.resolve(rma.pk, actor=ACTOR)


def _order_in(channels, goods, number, stage, chance):
    code = chance.choices(["WEB", "PHONE", "MARKET", "B2B"], [55, 15, 22, 8])[0]
    email, phone, address = customer(chance)
    skus = chance.sample(goods, chance.choices([1, 2, 3, 5], [50, 28, 15, 7])[0])
    pieces = (lambda: chance.randint(4, 12)) if code == "B2B" else (lambda: chance.choices([1, 2, 4], [75, 20, 5])[0])
    is_pickup = code == "WEB" and address["city"] == "Berlin" and chance.random() < 0.3
    is_express = not is_pickup and chance.random() < 0.1
    order_in = OrderIn(
        channel=channels[code],
        external_id=f"{code}-{20000 + number}",
        lines=[LineIn(sku.code, pieces()) for sku in skus],
        charges=[] if is_pickup else [ChargeIn("shipping", Decimal("12.90" if is_express else "4.90"))],
        email=email,
        phone=phone,
        ship_to=address,
        method="pickup" if is_pickup else "express" if is_express else "standard",
        pickup_location="MITTE" if is_pickup else "",
        priority=1 if is_express else 5,
        ordered_at=timezone.now() - timedelta(hours=chance.randint(0, 72)),
    )
    if chance.random() < 0.08 and code != "B2B":
        order_in.discounts = [DiscountIn(Decimal("2.00"), "Welcome", "HELLO2")]
    if chance.random() < 0.06:
        order_in.gift_message = "Happy birthday! Enjoy your new favourite cup."
    return order_in


def _decorate(order, chance):
    """Notes and tags as people leave them."""
    if chance.random() < 0.06:
        Note.objects.create(order=order, audience="pack", text="Wrap each cup on its own, please.", author=ACTOR)
    if chance.random() < 0.06:
        Note.objects.create(order=order, audience="cs", text="Customer asked twice for the date.", author=ACTOR)
    if chance.random() < 0.1:
        order.tags.add(chance.choice(list(Tag.objects.all())))


def _reason(chance):
    return chance.choice(["Card of another country", "Customer wants to call back", "House number is missing"])
