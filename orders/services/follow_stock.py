"""What can be promised changed: what the channels' platforms shall count follows, to be sent by `tell_channels`."""

from collections import defaultdict

from django.utils import timezone

from inventory.models import Location
from inventory.services.availability import sellable
from inventory.services.note_change import take_changes
from oms.lib.among import among
from oms.lib.chunks import chunks
from oms.lib.commands import command
from orders.models import ChannelStock, Connection
from orders.services.network import strategy_of

AT_ONCE = 1000  # rows in a transaction


def follow_changes():
    """Take up all stock that changed since; returns of how many SKUs. Called often: one look when nothing did."""
    count = 0
    while changed := follow_some():
        count += changed
    return count


@command
def follow_some():
    """Take up some of the stock that changed since; returns of how many SKUs."""
    since = take_changes()
    if since:
        for connection in Connection.objects.filter(writes_stock=True).order_by("pk"):
            bring_up_to_date(connection, connection.stock.filter(among("sku_id", since)), since=since)
    return len(since)


def follow_all():
    """Look at all goods of all channels, for what changes without a piece moving: buffers, locations, kits."""
    for connection in Connection.objects.filter(writes_stock=True).order_by("pk"):
        follow_connection(connection)


def follow_connection(connection):
    """Look at all goods of one channel."""
    pks = connection.stock.exclude(sku=None).order_by("pk").values_list("pk", flat=True)
    for some in chunks(list(pks), AT_ONCE):
        _follow_rows(connection, some)


@command
def tell_again(connection_id):
    """Have a shop told all numbers once more, whatever it was told before; returns how many."""
    connection = Connection.objects.select_for_update(of=("self",)).get(pk=connection_id)
    count = send_again(connection.stock.all())
    leave_no_more_alone(connection)
    return count


@command
def send_again(rows):
    """Have shops told the numbers of `rows`, a query set of ChannelStock, once more; returns how many.

    What is not counted here, and of goods that are no SKU here, is not told.
    """
    found = list(rows.exclude(wanted=None).order_by("pk").select_for_update(of=("self",)))
    for row in found:
        row.repeat(since=timezone.now())
    ChannelStock.objects.bulk_update(found, ChannelStock.WISH, batch_size=500)
    return len(found)


def leave_no_more_alone(connection):
    """Have a shop told at once that was left alone because it failed: somebody has mended it."""
    Connection.objects.filter(pk=connection.pk).update(tell_after=None, tell_failures=0)


def bring_up_to_date(connection, rows, *, since):
    """Set what `rows`, a query set of the connection's stock, are to count; `since` is {sku id: moment of the change}.

    They are locked before the stock is looked at: who looks later has seen more, and writes later.
    """
    found = list(rows.select_related("sku").order_by("pk").select_for_update(of=("self",)))
    pieces = _pieces(connection, found)
    changed = [row for row in found if row.want(pieces[row.pk], since=since[row.sku_id])]
    ChannelStock.objects.bulk_update(changed, ChannelStock.WISH, batch_size=500)


def locations_of(connection):
    """Return {their id of a place: ids of our locations it has the stock of}; "" where the platform knows no places.

    Locations that serve nothing of the channel have no stock for it.
    """
    channel, kinds = connection.channel, ("pk", "kind")
    places = channel.locations.values_list(*kinds) or Location.objects.active().values_list(*kinds)
    strategy = strategy_of(channel)
    ours = {pk for pk, kind in places if not strategy.serves_never(pk, kind, channel.pk)}
    places = list(connection.places.all())
    if not places:
        return {"": ours}
    theirs = {place.location_id: place.place_id for place in places if place.location_id}
    default = next((place.place_id for place in places if place.is_default), None)
    found = defaultdict(set, {place_id: set() for place_id in [default, *theirs.values()] if place_id})
    for location in ours:
        found[theirs.get(location, default)].add(location)
    found.pop(None, None)
    return dict(found)


@command
def _follow_rows(connection, pks):
    now = timezone.now()
    rows = connection.stock.filter(among("id", pks))
    skus = rows.order_by().values_list("sku_id", flat=True)
    bring_up_to_date(connection, rows, since=dict.fromkeys(skus, now))


def _pieces(connection, rows):
    """Return {row's id: pieces that stand there}; None for what is without end, or at a place that is not ours."""
    by_place = defaultdict(list)
    for row in rows:
        by_place[row.place_id].append(row)
    locations, keep, found = locations_of(connection), connection.channel.buffer, {}
    for place_id, there in by_place.items():
        if place_id not in locations:
            found |= dict.fromkeys([row.pk for row in there])
            continue
        known = sellable([row.sku.code for row in there], locations=locations[place_id], keep=keep)
        for row in there:
            stock = known.get(row.sku.code.upper())
            found[row.pk] = stock.pieces if stock else 0  # 0: it is not sold any more
    return found
