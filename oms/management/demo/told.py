"""What the connected shop was told: a number and a parcel that it refused, and since then it refuses our key."""

from datetime import timedelta

from django.utils import timezone

from fulfilment.services import open_orders, tell_shipped
from inventory.models import Sku
from oms.lib.commands import command
from oms.management.demo.road import sent
from orders.channels.out import Piece
from orders.channels.shop import Shop, ShopError
from orders.models import ChannelMessage, ChannelPlace, ChannelStock, Connection
from orders.services.follow_stock import follow_connection
from orders.services.tell_channels import Go, Outcome, record
from orders.services.verify import verify
from orders.services.work_document import work

# The shop is no shop, and there is no key: nobody is asked or told anything.
ADDRESS = "https://mug-corner.example"
PLACE, UNKNOWN = "801", "MUG-WHT"
MOST_GOODS = 4
SINCE = timedelta(minutes=25)
# What Shopify says, and we of its answers.
NOT_STOCKED = "The specified inventory item is not stocked at the location."
NOTHING_OF_THE_KIND = "Shopify waits for nothing of the kind: 1 of line {}."
NO_KEY = "The shop refuses our key (401): give a new one."


@command
def make():
    """Have the demo shop told of its goods and of an order that left; a second call changes nothing."""
    connection = Connection.objects.get(channel__code="MUGS")
    if connection.writes_stock:
        return
    Connection.objects.filter(pk=connection.pk).update(base_url=ADDRESS, writes_stock=True, tells_orders=True)
    connection.refresh_from_db()
    message = _shipment(connection)
    rows = _goods(connection)
    go = Go(connection.pk, connection.tell_number, connection.kind, Shop(ADDRESS, {}), tuple(map(_piece, rows)))
    refused = ShopError(NOTHING_OF_THE_KIND.format(message.record.external_id), retry=False)
    record([Outcome(go, told=go.pieces, refused={rows[0].pk: NOT_STOCKED}, answers={message.pk: refused})])
    _fall_behind(connection, rows[1].pk)
    record([Outcome(go, error=ShopError(NO_KEY))])


def _shipment(connection):
    """Ship the shop's first order; returns the message that tells it."""
    order = work(connection.documents.order_by("pk").first().pk).order
    verify(order.pk)
    open_orders.follow(order.pk)
    tell_shipped.tell_shipped([sent(order).pk], is_last=True)
    return ChannelMessage.objects.select_related("record").get(record__order=order)


def _goods(connection):
    """Write what the shop sells, one of it unknown here; returns the rows of what is known."""
    ChannelPlace.objects.create(connection=connection, place_id=PLACE, name="Mug corner", is_default=True)
    mugs = Sku.objects.active().filter(code__startswith="MUG-", kind=Sku.Kind.PHYSICAL).order_by("code")[:MOST_GOODS]
    there = [(sku.code, sku.name, sku) for sku in mugs] + [(UNKNOWN, "Mug, white", None)]
    now = timezone.now()
    ChannelStock.objects.bulk_create(
        ChannelStock(
            connection=connection,
            code=code,
            name=name,
            sku=sku,
            item_id=f"{9100 + number}",
            place_id=PLACE,
            shop=7,
            seen_at=now,
        )
        for number, (code, name, sku) in enumerate(there)
    )
    follow_connection(connection)
    return list(connection.stock.exclude(sku=None).order_by("pk"))


def _piece(row):
    return Piece(row.pk, row.revision, row.item_id, row.parent_id, row.place_id, row.wanted)


def _fall_behind(connection, pk):
    """Let the shop have what it was told, but for one number that somebody wrote there: it is to be told again."""
    for row in connection.stock.exclude(told=None).exclude(pk=pk):
        ChannelStock.objects.filter(pk=row.pk).update(shop=row.told)
    row = connection.stock.get(pk=pk)
    row.repeat(since=timezone.now() - SINCE)
    row.save(update_fields=ChannelStock.WISH)
