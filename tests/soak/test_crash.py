"""The worker and the web server are killed under load: nothing acknowledged is lost, nothing is applied twice.

Once each in `make test`, with Redis only; in `make soak` ten times, without it too, and it is killed and flushed.
"""

import os
import re
import signal
import time
from contextlib import ExitStack

import pytest
import redis
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from fulfilment.models import FulfilmentOrder
from inventory.models import StockLevel
from oms.lib import doctor
from oms.outbox.models import Delivery
from oms.papers.models import Document, Message
from oms.papers.services.read_document import read_document
from oms.partners.scopes import SCOPES
from oms.partners.services.keys import create_key
from orders.models import Invoice, Order
from tests import servers
from tests.make import make_channel, make_location, make_sku
from tests.soak.processes import Site, wait_for
from tests.soak.shops import Load

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("OMS_SOAK" not in os.environ, reason="Takes minutes: in make soak."),
]

PIECES = 100_000
BETWEEN_KILLS_S = 1.5
DRAIN_S = 300
PROGRESS_S = 120
END_OF_MAIL = "-" * 79


@pytest.fixture
def shop(tmp_path, make_partner):
    """Return `shop(broker)`: a running Site and the Load on it; both end with the test."""
    partner = make_partner()
    place = make_location(kind="3pl", partner=partner)
    skus = [make_sku(PIECES, place).code for _ in range(2)]
    channel = make_channel(partner=partner)
    _, key = create_key(partner, name="shop", scopes=tuple(SCOPES))
    sites = []

    def open_(broker=""):
        site = Site(tmp_path, broker=broker)
        sites.append(site)
        for name in ("web", "worker"):
            site.start(name)
        return site, Load(site.port, key, channel=channel.code, skus=skus, shops=2)

    yield open_
    for site in sites:
        site.end()


def test_nothing_is_lost_or_done_twice_when_both_are_killed(shop, sized, tmp_path, capsys):
    site, load = shop()
    load.start()
    for _ in range(sized(2, 10)):
        crash(site, load)
    load.stop()
    recover(site, waits=sized(False, True))
    figures = look(site, load, tmp_path / "mail")
    with capsys.disabled():
        print(figures)


def test_nothing_is_lost_or_done_twice_with_redis_either(shop, sized, tmp_path, capsys):
    if connection.vendor == "sqlite":
        pytest.skip("Celery needs PostgreSQL.")
    port = servers.free_port()
    with ExitStack() as stack:
        broker = redis.Redis.from_url(stack.enter_context(servers.redis(port)))
        site, load = shop(f"redis://127.0.0.1:{port}/0")
        load.start()
        for number in range(sized(1, 10)):
            crash(site, load)
            if sized(False, number == 3):
                os.kill(broker.info()["process_id"], signal.SIGKILL)
                time.sleep(BETWEEN_KILLS_S)
                stack.enter_context(servers.redis(port))
            if sized(False, number == 6):
                broker.flushall()
        load.stop()
        recover(site, waits=sized(False, True))
        figures = look(site, load, tmp_path / "mail")
        site.end()
    with capsys.disabled():
        print(figures)


def crash(site, load):
    """Once something was placed and shipped, kill the worker at work, then the web server; start them again."""
    goal = len(load.orders) + 1, len(load.shipped) + 1
    wait_for(
        lambda: (len(load.orders) >= goal[0] and len(load.shipped) >= goal[1]) or load.errors,
        PROGRESS_S,
        lambda: f"no progress: {load.answers}",
    )
    site.kill_at_work()
    time.sleep(BETWEEN_KILLS_S)
    site.start("worker")
    site.kill("web")
    site.start("web")
    time.sleep(BETWEEN_KILLS_S)


def recover(site, *, waits):
    """Wait until all is delivered; unless it `waits`, the leases of the dead workers end at once."""
    if not waits:
        site.kill("worker")
        Delivery.objects.pending().update(lease_until=None, queued_until=None, next_attempt_at=timezone.now())
        site.start("worker")
    pending = Delivery.objects.pending()
    wait_for(
        lambda: not pending.exists() or time.sleep(0.5),
        DRAIN_S,
        lambda: f"not delivered: {list(pending.values('consumer', 'attempts', 'last_error')[:10])}",
    )


def look(site, load, mail):
    """Assert that all there should be is there, once; return the figures."""
    assert {order.external_id: order.number for order in Order.objects.all()} == load.orders
    work = FulfilmentOrder.objects.filter(shipped_at__isnull=False)
    assert set(work.values_list("pk", flat=True)) == load.shipped
    assert not Delivery.objects.dead().exists()
    assert not Delivery.objects.exclude(applied=1).exists()
    pieces = Order.objects.filter(fulfilment_orders__in=work).aggregate(n=Sum("lines__quantity"))["n"]
    assert StockLevel.objects.aggregate(n=Sum("on_hand"))["n"] == 2 * PIECES - pieces
    expected_mails(mail)
    expected_papers(work.count())
    assert [violation for finding in doctor.run() for violation in finding.violations] == []

    # The control: kills that hit nothing would prove nothing.
    again = Delivery.objects.filter(attempts__gt=1).count()
    assert again
    assert site.interrupted
    assert [name for name in load.answers if isinstance(name, str)]
    return {
        "orders": len(load.orders),
        "shipped": len(load.shipped),
        "mails": Message.objects.count(),
        "documents": Document.objects.count(),
        "deliveries": Delivery.objects.count(),
        "delivered again": again,
        "kills": dict(site.killed),
        "answers": dict(load.answers),
    }


def expected_mails(folder):
    """Assert that each order was confirmed, each parcel announced, and that just these went out."""
    for kind, count in {"order_confirmation": Order.objects.count(), "order_shipped": Invoice.objects.count()}.items():
        assert Message.objects.filter(kind=kind).count() == count
    assert not Message.objects.exclude(status=Message.Status.SENT).exists()
    sent = set()
    for path in folder.iterdir():
        for text in path.read_text().split(END_OF_MAIL)[:-1]:  # what a kill cut off has no end
            sent |= set(re.findall(r"^Message-ID: (.+)$", text, re.MULTILINE))
    assert sent == {message.message_id for message in Message.objects.all()}


def expected_papers(shipped):
    """Assert that each shipment has its invoice and packing slip, and that each PDF is one."""
    assert not Document.objects.exclude(status=Document.Status.READY).exists()
    assert Invoice.objects.count() == shipped > 0
    for kind in ("invoice", "packing_slip"):
        assert Document.objects.filter(kind=kind).count() == shipped
    for document in Document.objects.all():
        assert read_document(document).startswith(b"%PDF")
