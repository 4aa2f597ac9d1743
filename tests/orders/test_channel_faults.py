"""Fake shops that fail in every way they know, and in the end both sides have the same."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from time import monotonic
from urllib.request import Request, urlopen

import pytest
from django.utils import timezone

from inventory.models import StockLevel
from inventory.services import stock
from orders.channels import poll as polling
from orders.models import ChannelDocument, ChannelMessage, ChannelStock, Connection, Order
from orders.services import poll_channel, tell_channels
from orders.services.list_goods import list_goods
from tests.deliver import deliver
from tests.make import make_location, make_sku
from tests.orders.channels import fake_amazon
from tests.orders.channels.fake_shop import connect, serving
from tests.orders.channels.feed import line, order
from tests.orders.channels.test_signatures import signed

pytestmark = pytest.mark.django_db

SEED = 20261129
TROUBLES = [
    (429, {"Retry-After": "0"}, False),
    (500, {}, False),
    (500, {}, True),  # it was done all the same
    (0, {}, False),  # a hang, cut at once
    (0, {}, True),
    (401, {}, False),  # the token has expired, and somebody gives another
]
LOST, TWICE = 0.1, 0.1
AT_ONCE = 4  # webhooks, as a shop sends them: it waits for none before the next
SIGNATURES = {
    "shopify": ("X-Shopify-Hmac-Sha256", "X-Shopify-Webhook-Id"),
    "woocommerce": ("X-WC-Webhook-Signature", "X-WC-Webhook-Delivery-ID"),
}


@pytest.fixture
def shop(settings, monkeypatch, sized):
    """A shop that does not do, or does not say, every fifth thing it is asked; nobody waits for it."""
    monkeypatch.setattr(polling, "PER_PAGE", sized(3, 100))
    for module in (poll_channel, tell_channels):
        monkeypatch.setattr(module, "FIRST_DELAY", module.FIRST_DELAY * 0)
    with serving(settings) as shop:
        shop.is_asked_since = True
        yield shop


def woo(pk, sku, quantity, price):
    total = f"{price * quantity}"
    goods = {"id": 1, "sku": sku, "name": sku, "quantity": quantity, "subtotal": total, "total": total}
    head = {"id": pk, "currency": "EUR", "status": "processing", "total": total, "date_modified_gmt": now()}
    address = {"first_name": "A", "address_1": "S 1", "city": "Bonn", "country": "DE", "email": f"{pk}@example.com"}
    return head | {"line_items": [goods], "billing": address}


def now():
    return timezone.now().strftime("%Y-%m-%dT%H:%M:%S")


def bought(kind, pk, sku, quantity, price):
    """An order of the shop, as it sends it."""
    if kind == "amazon":
        return fake_amazon.bought(pk, (sku, quantity, price))
    if kind == "woocommerce":
        return woo(pk, sku, quantity, price)
    lines, email = line(sku, quantity, f"{price}"), f"{pk}@example.com"
    return order(lines, pk=pk, email=email, shipping="0.00", updated_at=f"{now()}+00:00")


def come_in(url, kind, documents, chance):
    """Webhooks of documents, which Amazon has none of: some never, some twice, in any order."""
    if kind == "amazon":
        return
    sent = [one for one in documents if chance.random() >= LOST]
    sent += [one for one in sent if chance.random() < TWICE]
    chance.shuffle(sent)
    with ThreadPoolExecutor(AT_ONCE) as shop:
        answers = list(shop.map(lambda one: post(url, kind, one), sent))
    assert answers.count(202) == len({one["id"] for one in sent})


def post(url, kind, document):
    """Send a signed webhook; returns the status that it is answered with."""
    body = json.dumps(document).encode()
    proof, delivery = SIGNATURES[kind]
    headers = {proof: signed(body), delivery: f"{document['id']}", "Content-Type": "application/json"}
    with urlopen(Request(f"{url}/hooks/channels/shop/", body, headers), timeout=30) as answer:
        return answer.status


def settle(connection):
    """Ask and tell until nothing is left to be told: in a few goes, and within a minute of the last fault."""
    last_fault = monotonic()
    for go in range(1, 5):
        Connection.objects.update(tell_after=None, poll_after=None)
        polled = poll_channel.poll(connection.pk)
        deliver()
        told = tell_channels.SENDER.send_due()
        connection.refresh_from_db()
        if not (polled or told or connection.poll_error or connection.tell_error):
            print(f"settled in {go} goes and {monotonic() - last_fault:.1f} s")
            assert monotonic() - last_fault < 60
            return
    raise AssertionError(f"It does not end: {connection.poll_error} {connection.tell_error}")


@pytest.mark.parametrize("kind", ["amazon", "shopify", "woocommerce"])
def test_all_orders_come_in_once_and_stock_is_the_same_on_both_sides(shop, live_server, kind, sized):
    orders, at_once, changes, skus = sized((10, 5, 30, 4), (2000, 10, 10_000, 200))
    chance = random.Random(SEED)
    print(f"seed {SEED}, {kind}: {orders} orders, {changes} changes")
    location = make_location()
    goods = [make_sku(orders + 50, location, code=f"GOODS-{n:04}") for n in range(skus)]
    place = "1" if kind == "shopify" else ""
    shop.goods = {str(900 + n): {"sku": sku.code, "parent": "", "levels": {place: 0}} for n, sku in enumerate(goods)}
    connection = connect(shop, kind, channel={"code": "SHOP"}, writes_stock=True, polled_at=timezone.now())
    list_goods(connection.pk)

    shop.trouble = lambda number: chance.choice(TROUBLES) if chance.random() < 0.2 else None
    for first in range(1, orders + 1, at_once):
        for pk in range(first, first + at_once):
            price = Decimal(chance.randint(100, 9999)) / 100
            shop.orders.append(bought(kind, pk, chance.choice(goods).code, chance.randint(1, 3), price))
        come_in(live_server.url, kind, shop.orders[-at_once:], chance)
        for _ in range(changes * at_once // orders):
            sku, delta = chance.choice(goods), chance.choice([-1, 1, 2, 5])
            stock.adjust(sku, location, delta, reason="recount")
        Connection.objects.update(tell_after=None, poll_after=None)
        shop.tokens.clear()  # all have expired
        tell_channels.SENDER.send_due()
        poll_channel.poll(connection.pk)
        deliver()
    shop.trouble = lambda number: None  # the last fault
    settle(connection)

    assert Order.objects.count() == orders
    placed = dict(Order.objects.values_list("external_id", "gross"))
    assert placed == {str(row["id"]): Decimal(row.get("total_price") or row["total"]) for row in shop.orders}
    assert not ChannelDocument.objects.exclude(status__in=["done", "ignored"]).exists()
    levels = StockLevel.objects.with_available().values_list("sku__code", "available")
    assert {item["sku"]: item["levels"][place] for item in shop.goods.values()} == dict(levels)
    assert not ChannelStock.objects.stale().exists()
    assert not ChannelMessage.objects.pending().exists()
    # That the doctor finds nothing is looked at after every test.
