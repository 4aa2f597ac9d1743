"""Makers of the floor's rows: bins with stock, confirmed orders, released, picked and packed work."""

from decimal import Decimal

from fulfilment.models import CartonType, FulfilmentOrder
from fulfilment.services import pack
from fulfilment.services.pick import pick
from fulfilment.services.release import release
from inventory.models import Bin
from inventory.services import stock
from orders.models import Order
from orders.services.intake import LineIn
from orders.services.place import place
from tests.deliver import deliver
from tests.make import make_location, make_order_in, make_sku, numbers
from tests.replay import replayed

ACTOR = "user:1"


@replayed
def make_bin(location, code="A-1", *, sku=None, quantity=0, **fields):
    """A bin; with `sku`, `quantity` pieces of it received there."""
    bin_ = Bin.objects.create(location=location, code=code, **fields)
    if sku:
        stock.receive(sku, location, quantity, bin=bin_)
    return bin_


@replayed
def make_shelf(*quantities, location=None, **fields):
    """A warehouse with one SKU a bin, A-1, A-2 …, `quantities` pieces each; returns (location, [Sku])."""
    location = location or make_location()
    skus = []
    for number, quantity in enumerate(quantities, start=1):
        sku = make_sku(**fields)
        make_bin(location, f"A-{number}", sku=sku, quantity=quantity)
        skus.append(sku)
    return location, skus


@replayed
def confirmed(*lines, **fields):
    """A confirmed order of `lines` [(Sku, pieces)], its fulfilment orders made; its mails still wait."""
    rows = [LineIn(sku.code, pieces, Decimal("9.50")) for sku, pieces in lines]
    # A customer each, or the second of two equal orders is held as a duplicate.
    fields = {"email": f"customer{next(numbers)}@example.com"} | fields
    order = place(make_order_in(*rows, **fields))
    deliver("orders.tasks.verify_placed", "fulfilment.tasks.follow_order")
    return Order.objects.get(pk=order.pk)


def work_of(order):
    """The one fulfilment order of `order`, as it is now."""
    return FulfilmentOrder.objects.select_related("location", "order").get(order=order)


@replayed
def released(*orders):
    """Release the open work of `orders` on one pick list, and return that."""
    rows = FulfilmentOrder.objects.filter(order__in=orders, status="open")
    return release([row.pk for row in rows], actor=ACTOR).pick_list


@replayed
def picked(*orders):
    """Release and pick all of `orders`; returns the pick list."""
    pick_list = released(*orders)
    for task in pick_list.tasks.in_walking_order():
        pick(task.pk, picked=task.quantity, actor=ACTOR)
    return pick_list


@replayed
def packed(order):
    """Release, pick and pack all of `order` in one closed parcel; returns that."""
    picked(order)
    row = work_of(order)
    for line in row.lines.select_related("sku"):
        for _ in range(line.wanted):
            in_parcel = pack.scan(row.pk, line.sku.code, actor=ACTOR)
    return pack.close_parcel(in_parcel.parcel_id, weight_g=800, actor=ACTOR)


@replayed
def make_carton(code="S", inner=(200, 150, 120), **fields):
    """A carton whose walls take 6 mm of each side."""
    sides = ("length", "width", "height")
    sizes = {f"inner_{name}_mm": size for name, size in zip(sides, inner, strict=True)}
    sizes |= {f"outer_{name}_mm": size + 6 for name, size in zip(sides, inner, strict=True)}
    return CartonType.objects.create(code=code, **{"name": f"Carton {code}", "weight_g": 100} | sizes | fields)
