"""A merchant of the size that benches need, made the quick way."""

from decimal import Decimal

from django.core.management.color import no_style
from django.db import connection

from inventory.models import Bin, BinStock, Location, Sku, StockEntry, StockLevel
from orders.models import Channel, Lane, Seller
from orders.services import tax_table
from orders.services.intake import LineIn, OrderIn
from orders.services.network import forget_network

ADDRESS = {"name": "Ann Miller", "line1": "Unter den Linden 1", "city": "Berlin", "postcode": "10117", "country": "DE"}
FIRST_SKU = 730_000_001
PIECES = 10_000_000


def make_merchant(*, skus=999, locations=3, partner=None, **channel_fields):
    """Write a channel with `skus` SKUs in stock at `locations` warehouses; returns the channel."""
    seller = Seller.objects.create(code="BENCH", legal_name="Bench GmbH", country="DE", tz="Europe/Berlin")
    fields = {"code": "BENCH", "name": "Bench", "brand_name": "Bench", "partner": partner} | channel_fields
    channel = Channel.objects.create(seller=seller, **fields)
    places = [
        Location.objects.create(code=f"WH{i}", name=f"Warehouse {i}", tz="Europe/Berlin") for i in range(locations)
    ]
    Lane.objects.bulk_create(Lane(location=place, zone="*", base=4 + i) for i, place in enumerate(places))
    goods = [Sku(pk=FIRST_SKU + i, code=f"BENCH-{FIRST_SKU + i}", name=f"Mug {i}", weight_g=300) for i in range(skus)]
    Sku.objects.bulk_create(goods)
    for place in places:
        _stock(place, goods)
    tax_table.load()
    forget_network()
    _reset_sequences()
    return channel


def order_in(channel, external_id, numbers, *, pieces=1):
    """Return an OrderIn of one line for each SKU number in `numbers` (0 is the first)."""
    lines = [LineIn(f"BENCH-{FIRST_SKU + n}", pieces, Decimal("9.50")) for n in numbers]
    email = f"ann{hash(external_id) % 1000}@example.com"
    return OrderIn(channel=channel, external_id=external_id, lines=lines, email=email, ship_to=dict(ADDRESS))


def _stock(place, goods):
    dock = Bin.objects.create(location=place, code="DOCK", kind=Bin.Kind.DOCK)
    StockLevel.objects.bulk_create(StockLevel(sku=sku, location=place, on_hand=PIECES) for sku in goods)
    BinStock.objects.bulk_create(BinStock(sku=sku, bin=dock, quantity=PIECES) for sku in goods)
    StockEntry.objects.bulk_create(
        StockEntry(
            sku=sku, location=place, bin=dock, bucket="on_hand", delta=PIECES, balance_after=PIECES, reason="receive"
        )
        for sku in goods
    )


def _reset_sequences():
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Sku]):
            cursor.execute(statement)
