"""At night a shop's orders of the day are compared with ours: what is missing is fetched, what differs is listed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from oms.lib.commands import command
from oms.outbox.publish import publish
from orders.channels.base import IncomingOrder
from orders.channels.pollers import POLLERS
from orders.channels.shops import shop_of
from orders.models import ChannelDay, Connection, Order
from orders.services.due import price_of
from orders.services.poll_channel import TIMEOUT_S, fetch, store
from orders.services.receive_document import read_all
from orders.services.translate import gross_of

MOST_LISTED = 200
MISSING = "missing here; it was fetched"


def reconcile_all():
    """Have yesterday's orders of every shop that can be asked compared."""
    connections = Connection.objects.to_ask().filter(kind__in=POLLERS)
    for connection in connections.select_related("channel__seller").order_by("pk"):
        day = timezone.now().astimezone(ZoneInfo(connection.channel.seller.tz)).date() - timedelta(days=1)
        _announce(connection, day)


def reconcile(connection_id, day):
    """Compare the orders that a shop got on a day (ISO 8601) with ours; returns the ChannelDay, of a second call anew.

    Raises DomainError where the shop does not answer.
    """
    connection = Connection.objects.select_related("channel__seller").get(pk=connection_id)
    zone = ZoneInfo(connection.channel.seller.tz)
    begin = datetime.combine(date.fromisoformat(day), time.min, zone)
    shop = shop_of(connection, timeout_s=TIMEOUT_S)
    url = POLLERS[connection.kind].of_day(shop, begin, begin + timedelta(days=1))
    count, here, differences = 0, 0, []
    for found in fetch(connection, shop, url):
        read = read_all(connection.kind, found.body)[0]
        if not isinstance(read, IncomingOrder) or read.is_draft or read.is_test:
            continue
        if read.is_partial and read.total is None:
            continue  # nothing is owed yet, or nothing any more: it was never to be placed
        count += 1
        ours = Order.objects.filter(channel_order__connection=connection, external_id=read.external_id).first()
        here += ours is not None
        what = _difference(read, ours)
        if what:
            differences.append({"external_id": read.external_id, "number": read.number, "what": what})
        if ours is None:
            store(connection, found)
    values = {"shop_count": count, "our_count": here, "differences": differences[:MOST_LISTED]}
    values["compared_at"] = timezone.now()
    return ChannelDay.objects.update_or_create(connection=connection, day=day, defaults=values)[0]


@command
def _announce(connection, day):
    publish("channel.day_over", f"channel-day:{connection.pk}", connection=connection.pk, day=day.isoformat())


def _difference(read, ours):
    """Say how an order of the shop differs from ours; "" where it does not."""
    if ours is None:
        return MISSING
    if read.is_cancelled != (ours.status == Order.Status.CANCELLED):
        return f"{'cancelled' if read.is_cancelled else 'not cancelled'} there, {ours.get_status_display()} here"
    there = gross_of(read)
    if read.is_cancelled or there in (ours.gross, price_of(ours)):
        return ""
    return f"{there} there, {ours.gross} here"
