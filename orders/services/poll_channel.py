"""Shops are asked for what changed, so that an order whose webhook was lost comes in all the same."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid
from oms.lib.text import clean
from oms.outbox.models import Delivery
from oms.outbox.publish import publish
from orders.channels.poll import OVERLAP, POLLERS
from orders.channels.shop import Shop, ShopError
from orders.models import Connection
from orders.services.receive_document import receive

TIMEOUT_S = 30
MOST_PAGES = 50
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
    url = poller.first(connection.base_url, (connection.polled_at or connection.created_at) - OVERLAP)
    new, pages = 0, 0
    try:
        headers = poller.headers(connection.credentials)
        while url and pages < MOST_PAGES:
            page = _page(poller, url, headers)
            new += sum(store(connection, found) for found in page.orders)
            moments = [found.changed_at for found in page.orders if found.changed_at]
            url, pages = page.next_url, pages + 1
            _note(connection, polled_at=max(moments) if moments and url else begun)
    except (ShopError, Invalid) as error:
        _note_failure(connection, error)
    return new


def fetch(connection, url):
    """Yield every order of the pages that begin at `url`; raises DomainError."""
    poller, pages = POLLERS[connection.kind], 0
    headers = poller.headers(connection.credentials)
    while url and pages < MOST_PAGES:
        try:
            page = _page(poller, url, headers)
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
        _page(poller, poller.first(connection.base_url, timezone.now()), poller.headers(connection.credentials))
    except ShopError as error:
        raise DomainError(str(error)) from None


@command
def _ask(connection):
    subject = f"channel-poll:{connection.pk}"
    if not Delivery.objects.pending().filter(subject=subject).exists():
        publish("channel.poll_due", subject, connection=connection.pk)


def _page(poller, url, headers):
    answer = Shop("", headers, timeout_s=TIMEOUT_S).call("GET", url)
    return poller.read(url, answer.body, answer.headers)


def store(connection, found):
    """Put an order that was found into the inbox; returns whether this version of it is new."""
    return receive(connection, body=found.body, delivery_id=f"poll:{found.version}", topic="poll")[1]


def _note(connection, *, polled_at):
    """Remember how far we are; a newest change that is older than what we know is no way back."""
    polled_at = max(filter(None, [polled_at, connection.polled_at]))
    connection.polled_at, connection.poll_failures = polled_at, 0
    fields = {"polled_at": polled_at, "poll_after": None, "poll_failures": 0, "poll_error": ""}
    Connection.objects.filter(pk=connection.pk).update(**fields)


def _note_failure(connection, error):
    failures = connection.poll_failures + 1
    wait = getattr(error, "wait", None) or min(FIRST_DELAY * 2 ** min(failures - 1, 10), LONGEST_DELAY)
    text = clean(getattr(error, "message", None) or str(error))[:300]
    after = timezone.now() + wait
    Connection.objects.filter(pk=connection.pk).update(poll_after=after, poll_failures=failures, poll_error=text)
