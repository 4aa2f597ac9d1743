"""Shops are asked for what changed, so that an order whose webhook was lost comes in all the same."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid
from oms.lib.text import clean
from oms.outbox.models import Delivery
from oms.outbox.publish import publish
from orders.channels.poll import OVERLAP
from orders.channels.pollers import POLLERS
from orders.channels.shop import ShopError
from orders.channels.shops import shop_of
from orders.models import Connection
from orders.services.receive_document import receive

TIMEOUT_S = 30
MOST_PAGES = 50
SECOND = timedelta(seconds=1)  # what platforms round changes down to
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=30)


def poll_due():
    """Have every shop asked that may be asked now, and is not being asked."""
    now = timezone.now()
    due = Connection.objects.to_ask().filter(Q(poll_after=None) | Q(poll_after__lte=now), kind__in=POLLERS)
    for connection in due.order_by("pk"):
        _ask(connection)


def poll(connection_id):
    """Ask one shop for what changed since it was asked last, page by page; returns how many documents are new.

    What was stored is not asked for again, so it may end at any page. A shop that is busy (429) is left alone as long
    as it says, one that fails for longer each time, at most half an hour.
    """
    connection = Connection.objects.select_related("channel").get(pk=connection_id)
    poller = POLLERS[connection.kind]
    begun = timezone.now()
    new, pages = 0, 0
    try:
        shop = shop_of(connection, timeout_s=TIMEOUT_S)
        since = (connection.polled_at or connection.created_at) - OVERLAP
        url = poller.first(shop, since)
        while url and pages < MOST_PAGES:
            page = _page(poller, shop, url)
            for found in page.orders:
                new += store(connection, found)
            url, since, pages = *_go_on(poller, shop, page, since), pages + 1
            _note(connection, polled_at=_reached(page, begun), poll_after=poller.every and begun + poller.every)
    except (ShopError, Invalid) as error:
        _note_failure(connection, error)
    return new


def fetch(connection, shop, url):
    """Yield every order of the pages of a Shop that begin at `url`; raises DomainError."""
    poller, pages = POLLERS[connection.kind], 0
    while url and pages < MOST_PAGES:
        try:
            page = _page(poller, shop, url)
        except ShopError as error:
            raise DomainError(str(error)) from None
        yield from page.orders
        url, pages = page.next_url, pages + 1


def try_connection(connection):
    """Ask a shop for a page and keep nothing of it; raises DomainError with what is wrong."""
    poller = POLLERS.get(connection.kind)
    if poller is None:
        raise Invalid("This kind of shop is not asked: it sends webhooks.", field="kind")
    if not connection.base_url:
        raise Invalid("Give the shop's address.", field="base_url")
    try:
        shop = shop_of(connection, timeout_s=TIMEOUT_S)
        _page(poller, shop, poller.first(shop, timezone.now()))
    except ShopError as error:
        raise DomainError(str(error)) from None


@command
def _ask(connection):
    subject = f"channel-poll:{connection.pk}"
    if not Delivery.objects.pending().filter(subject=subject).exists():
        publish("channel.poll_due", subject, connection=connection.pk)


def _go_on(poller, shop, page, since):
    """Return the address that follows a page, and since when it asks.

    Where pages are counted, anew from the newest change on: an order of this page that changed meanwhile is now behind
    all others, and the next page by its number would begin one order too late.
    """
    newest = _newest(page)
    if page.next_url and poller.counts_pages and newest and newest - SECOND > since:
        return poller.first(shop, newest - SECOND), newest - SECOND
    return page.next_url, since


def _page(poller, shop, url):
    answer = shop.call("GET", url)
    return poller.read(url, answer.body, answer.headers)


def store(connection, found):
    """Put an order that was found into the inbox; returns whether this version of it is new."""
    delivery_id = f"poll:{found.version}"
    if connection.documents.filter(delivery_id=delivery_id).exists():
        return False
    return receive(connection, body=found.body, delivery_id=delivery_id, topic="poll")[1]


def _reached(page, begun):
    """Return up to when nothing is missing after a page, None where its orders do not say."""
    if page.up_to or not page.next_url:
        return page.up_to or begun
    return _newest(page)


def _newest(page):
    return max((found.changed_at for found in page.orders if found.changed_at), default=None)


def _note(connection, *, polled_at, poll_after):
    """Remember how far we are; a newest change that is older than what we know is no way back."""
    polled_at = max(filter(None, [polled_at, connection.polled_at]), default=None)
    connection.polled_at, connection.poll_failures = polled_at, 0
    fields = {"polled_at": polled_at, "poll_after": poll_after, "poll_failures": 0, "poll_error": ""}
    Connection.objects.filter(pk=connection.pk).update(**fields)


def _note_failure(connection, error):
    failures = connection.poll_failures + 1
    wait = getattr(error, "wait", None) or min(FIRST_DELAY * 2 ** min(failures - 1, 10), LONGEST_DELAY)
    text = clean(getattr(error, "message", None) or str(error))[:300]
    after = timezone.now() + wait
    Connection.objects.filter(pk=connection.pk).update(poll_after=after, poll_failures=failures, poll_error=text)
