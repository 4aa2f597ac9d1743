"""Shops are asked which goods they count and where, so that we know what to tell them, and whether it stands there."""

from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.outbox.models import Delivery
from oms.outbox.publish import publish
from orders.channels.shop import ShopError
from orders.channels.shops import shop_of
from orders.channels.tellers import TELLERS
from orders.models import ChannelPlace, ChannelStock, Connection
from orders.services.follow_stock import bring_up_to_date, follow_connection
from orders.services.translate import known_skus

TIMEOUT_S = 30


def list_due():
    """Have every shop whose stock we write asked for its goods, unless it is being asked."""
    for connection in Connection.objects.to_ask().filter(writes_stock=True, kind__in=TELLERS).order_by("pk"):
        ask_for_goods(connection)


@command
def ask_for_goods(connection):
    """Have a shop asked for its goods in a moment; raises Invalid where it cannot be."""
    if connection.kind not in TELLERS:
        raise Invalid(f"Only {', '.join(sorted(TELLERS))} can be told.", field="writes_stock")
    if not connection.base_url or not connection.sealed_credentials:
        raise Invalid("Give the shop's address and a key first.", field="base_url")
    subject = f"channel-goods:{connection.pk}"
    if not Delivery.objects.pending().filter(subject=subject).exists():
        publish("channel.goods_due", subject, connection=connection.pk)


def list_goods(connection_id):
    """Ask one shop for its places and goods; returns how many rows are known then.

    What it does not have any more is forgotten, once all pages came. How it failed stands at the connection.
    """
    connection = Connection.objects.select_related("channel").get(pk=connection_id)
    teller, begun = TELLERS[connection.kind], timezone.now()
    shop = shop_of(connection, timeout_s=TIMEOUT_S)
    try:
        _keep_places(connection, teller.places(shop))
        for page in teller.variants(shop):
            _keep_variants(connection, page, now=begun)
    except ShopError as error:
        Connection.objects.filter(pk=connection.pk).update(goods_error=str(error))
        return connection.stock.count()
    connection.stock.filter(seen_at__lt=begun).delete()
    follow_connection(connection)
    Connection.objects.filter(pk=connection.pk).update(goods_at=begun, goods_error="")
    return connection.stock.count()


@command
def _keep_places(connection, places):
    """Add places that are new; which is the default is a suggestion, made once."""
    connection = Connection.objects.select_for_update(of=("self",)).get(pk=connection.pk)
    known = {place.place_id: place for place in connection.places.all()}
    has_default = any(place.is_default for place in known.values())
    for place in places:
        row = known.get(place.place_id) or ChannelPlace(connection=connection, place_id=place.place_id)
        row.name = place.name[:200]
        row.is_default = row.is_default or (place.is_default and not has_default)
        row.save()
    connection.places.exclude(place_id__in=[place.place_id for place in places]).delete()


@command
def _keep_variants(connection, variants, *, now):
    skus = known_skus(connection, {variant.code for variant in variants if variant.code})
    rows = connection.stock.filter(item_id__in={variant.item_id for variant in variants})
    rows = rows.order_by("pk").select_for_update(of=("self",))
    known = {(row.item_id, row.place_id): row for row in rows}
    new, changed = [], []
    for variant in variants:
        row = known.get((variant.item_id, variant.place_id))
        (changed if row else new).append(_row(row or ChannelStock(connection=connection), variant, skus, now))
    ChannelStock.objects.bulk_create(new)
    fields = ["code", "name", "sku", "parent_id", "shop", "seen_at", *ChannelStock.WISH]
    ChannelStock.objects.bulk_update(changed, fields, batch_size=500)


def _row(row, variant, skus, now):
    """Return `row` with what the shop says of a variant.

    A number that stands there twice and is not what it was told was written by somebody else: it is told again. Once
    may be an order that is on its way to us.
    """
    sku = skus.get(variant.code.upper())
    if (sku and sku.pk) != row.sku_id:
        row.sku = sku
        row.want(None, since=now)
    is_ours = row.told is None or row.told_revision < row.revision or variant.pieces == row.told
    if not is_ours and variant.pieces == row.shop:
        row.repeat(since=now)
    row.item_id, row.place_id, row.parent_id = variant.item_id, variant.place_id, variant.parent_id
    row.code, row.name = variant.code[:100], variant.name[:200]
    row.shop, row.seen_at = variant.pieces, now
    return row


@command
def follow_alias(alias):
    """Have a shop told of the goods that it calls as `alias` says, of another SKU or now of one."""
    rows, now = alias.connection.stock.filter(code__iexact=alias.code), timezone.now()
    for row in rows.order_by("pk").select_for_update(of=("self",)):
        row.sku = alias.sku
        row.want(None, since=now)
        row.save(update_fields=["sku", *ChannelStock.WISH])
    if alias.connection.writes_stock:
        bring_up_to_date(alias.connection, rows.filter(sku=alias.sku), since={alias.sku_id: now})
