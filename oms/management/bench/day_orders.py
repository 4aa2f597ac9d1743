"""The orders of a day: the demo's goods for the demo's people, and Northwind's own where its folder is given."""

from collections import Counter
from pathlib import Path

from django.core.management import CommandError

from inventory.models import BinStock, Sku, SkuBarcode
from oms.management.demo.customers import customer
from oms.partners.models import Partner
from oms.partners.services.keys import create_key
from orders.imports.index import Index
from orders.imports.run import Options
from orders.imports.run import run as import_orders
from orders.models import Channel, Hold, Order, OrderLine, Seller
from orders.services import holds, tax_table
from orders.services.intake import LineIn, OrderIn
from orders.services.network import forget_network
from orders.services.place import place as place_order

NORTHWIND = "NW"
LINES, LINE_SHARES = [1, 2, 3, 5], [50, 28, 15, 7]
PIECES, PIECE_SHARES = [1, 2, 4], [75, 20, 5]
EXPRESS = 0.1


def make_shop():
    """Write a shop whose partner may cancel its orders; returns (Channel, the partner's API key)."""
    seller = Seller.objects.create(code="DAY", legal_name="Day GmbH", country="DE", tz="Europe/Berlin")
    partner = Partner.objects.create(code="DAY", name="Shop")
    fields = {"name": "Shop", "brand_name": "Shop", "partner": partner}
    channel = Channel.objects.create(code="SHOP", seller=seller, **fields)
    tax_table.load()
    forget_network()
    return channel, create_key(partner, name="customer service", scopes=["orders:read", "orders:write"])[1]


def make_orders(channel, prices, count, *, shelves, dice):
    """Fill the shelves with what `count` random orders of the goods `prices` need, then place them."""
    goods = list(prices)
    wishes = [
        {sku: dice.choices(PIECES, PIECE_SHARES)[0] for sku in dice.sample(goods, dice.choices(LINES, LINE_SHARES)[0])}
        for _ in range(count)
    ]
    wanted = Counter()
    for wish in wishes:
        wanted.update(wish)
    shelves.fill(wanted)
    for number, wish in enumerate(wishes):
        _, phone, address = customer(dice)
        order_in = OrderIn(
            channel=channel,
            external_id=f"day-{number}",
            lines=[LineIn(sku.code, pieces, prices[sku]) for sku, pieces in wish.items()],
            email=f"customer{number}@example.com",
            phone=phone,
            ship_to=address,
            method="express" if dice.random() < EXPRESS else "standard",
        )
        place_order(order_in)


def import_northwind(folder, *, shelves):
    """Place all orders of Northwind's folder, their goods on the shelves; returns how many."""
    options = Options(Path(folder), NORTHWIND, "northwind", live=True, stock_at=(shelves.place.code,))
    with Index() as index:
        report = import_orders(index, options)
        if refused := next(iter(index.refusals()), None):
            raise CommandError(f"Northwind: {refused}")
    skus = list(Sku.objects.filter(code__startswith=f"{NORTHWIND}-").order_by("pk"))
    for number, sku in enumerate(skus):
        # The set says neither size nor weight: tins and packets.
        sku.length_mm, sku.width_mm, sku.height_mm = 60 + number % 5 * 10, 50 + number % 3 * 10, 40 + number % 4 * 5
        sku.weight_g, sku.origin, sku.hs_code = 80 + number * 37 % 120, "PT", "200599"
    Sku.objects.bulk_update(skus, ["length_mm", "width_mm", "height_mm", "weight_g", "origin", "hs_code"])
    held = BinStock.objects.filter(sku__in=skus, quantity__gt=0).values_list("sku", "quantity")
    pieces = dict(held)
    for sku in skus:
        if sku.pk in pieces:
            shelves.put_away(sku, pieces[sku.pk])
    _label_boxes(skus)
    return report.orders_created


def _label_boxes(skus):
    """Give a box of each quantity that is ordered a barcode: nobody scans forty tins one by one."""
    lines = OrderLine.objects.filter(sku__in=skus, quantity__gt=1).order_by()
    SkuBarcode.objects.bulk_create(
        SkuBarcode(sku_id=sku, code=f"{code}X{pieces}", pieces=pieces)
        for sku, code, pieces in lines.values_list("sku", "sku_code", "quantity").distinct()
    )


def let_go():
    """Release every hold, as customer service would who looked at it; returns how many."""
    active = list(Hold.objects.active().order_by("pk"))
    for hold in active:
        holds.release(hold.order_id, hold.pk, note="looked at")
    return len(active)


def numbers_of(channel):
    """Return the numbers of a channel's orders."""
    return {order.number for order in Order.objects.filter(channel=channel)}
