"""A fake shop over real HTTP: pages, refusals, hangs up, and what is found at the next try."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from oms.lib.errors import DomainError
from orders.channels import poll as polling
from orders.channels.ebay import poll as asking_ebay
from orders.channels.pollers import POLLERS
from orders.models import ChannelDay, ChannelDocument, Connection, Order
from orders.services import cancel, poll_channel
from orders.services.poll_channel import poll, poll_due, try_connection
from orders.services.reconcile_channel import reconcile, reconcile_all
from tests.deliver import deliver
from tests.make import make_sku
from tests.orders.channels.fake_shop import connect as connect_to
from tests.orders.channels.fake_shop import serving
from tests.orders.channels.feed import BEGIN, line, make_connection, order, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(polling, "PER_PAGE", 2)
    with serving(settings) as shop:
        yield shop


def connect(server, kind="shopify"):
    make_sku(50, code="MUG")
    return connect_to(server, kind, polled_at=BEGIN)


def orders(count):
    return [order(line("MUG"), pk=5000 + n, minutes=n, email=f"{n}@example.com") for n in range(count)]


def woo(n):
    at = (BEGIN + timedelta(minutes=n)).strftime("%Y-%m-%dT%H:%M:%S")
    goods = {"id": 1, "sku": "MUG", "name": "Mug", "quantity": 1, "subtotal": "9.50", "total": "9.50"}
    head = {"id": n + 1, "currency": "EUR", "status": "processing", "total": "9.50", "date_modified_gmt": at}
    address = {"first_name": f"A{n}", "address_1": "S 1", "city": "Bonn", "country": "DE", "email": f"{n}@example.com"}
    return head | {"line_items": [goods], "billing": address}


def at(n):
    return BEGIN + timedelta(minutes=n)


def magento(n):
    person = {"firstname": f"A{n}", "lastname": "B", "street": ["S 1"], "city": "Bonn", "postcode": "53111"}
    person |= {"country_id": "DE"}
    goods = {"item_id": 1, "sku": "MUG", "name": "Mug", "qty_ordered": 1, "price": 9.5, "row_total": 9.5}
    head = {"entity_id": n + 1, "increment_id": f"{n:09}", "order_currency_code": "EUR", "grand_total": 9.5}
    head |= {"state": "processing", "updated_at": f"{at(n):%Y-%m-%d %H:%M:%S}", "customer_email": f"{n}@example.com"}
    shipping = {"shipping_assignments": [{"shipping": {"address": person}}]}
    return head | {"items": [goods], "billing_address": person, "extension_attributes": shipping}


def bigcommerce(n):
    person = {"first_name": f"A{n}", "street_1": "S 1", "city": "Bonn", "zip": "53111", "country_iso2": "DE"}
    goods = {"id": 1, "sku": "MUG", "name": "Mug", "quantity": 1, "price_ex_tax": "9.5", "total_ex_tax": "9.5"}
    head = {"id": n + 1, "status_id": 11, "currency_code": "EUR", "total_inc_tax": "9.5"}
    head |= {"date_modified": f"{at(n):%a, %d %b %Y %H:%M:%S} +0000"}
    shipping = {"shipping": [person | {"line_items": [goods]}]}
    return head | {"billing_address": person | {"email": f"{n}@example.com"}, "consignments": shipping}


def ebay(n):
    def eur(value):
        return {"value": value, "currency": "EUR"}

    place = {"addressLine1": "S 1", "city": "Bonn", "postalCode": "53111", "countryCode": "DE"}
    ship_to = {"fullName": f"A{n}", "contactAddress": place, "email": f"{n}@example.com"}
    goods = {"lineItemId": "1", "sku": "MUG", "title": "Mug", "quantity": 1, "lineItemCost": eur("9.5")}
    head = {"orderId": f"07-{n}", "lastModifiedDate": f"{at(n):%Y-%m-%dT%H:%M:%S}.000Z", "lineItems": [goods]}
    head |= {"pricingSummary": {"priceSubtotal": eur("9.5"), "total": eur("9.5")}}
    return head | {"fulfillmentStartInstructions": [{"shippingStep": {"shipTo": ship_to}}]}


def test_ebay_is_asked_with_a_token_that_is_renewed_and_its_pages_in_any_order(server):
    shop = connect(server, "ebay")
    server.orders = [ebay(n) for n in range(4)]
    server.troubles = [(200, {}, True), (200, {}, True), (500, {})]  # a token, a page, and then nothing more
    assert poll(shop.pk) == 2
    shop.refresh_from_db()
    assert (shop.polled_at, shop.poll_error) == (BEGIN, "The shop answers 500.")  # older ones may be on the next page
    server.tokens.clear()  # it has expired
    assert poll(shop.pk) == 2
    deliver()
    assert sorted(Order.objects.values_list("external_id", "gross")) == [(f"07-{n}", 9.5) for n in range(4)]
    assert "filter=lastmodifieddate%3A%5B2026-03-02T08%3A58%3A00.000Z..%5D" in server.asked[1][0]
    assert Connection.objects.get().polled_at > BEGIN
    found = reconcile(shop.pk, "2026-03-02")
    assert (found.shop_count, found.our_count, found.differences) == (4, 4, [])


def test_a_backlog_of_ebay_that_is_not_had_in_one_go_is_worked_off(server, monkeypatch, time_machine):
    monkeypatch.setattr(poll_channel, "MOST_PAGES", 7)
    monkeypatch.setattr(asking_ebay, "MOST", 6)
    shop = connect(server, "ebay")
    time_machine.move_to(at(50))
    server.is_asked_since = True
    server.orders = [ebay(3 * n) for n in range(15)]
    for _ in range(6):
        poll(shop.pk)
    deliver()
    assert Order.objects.count() == 15
    assert Connection.objects.get().polled_at > at(42)  # the newest change


def test_ebay_says_why_it_gives_no_token(server):
    shop = connect(server, "ebay")
    shop.credentials |= {"token": "old"}
    shop.save()
    assert poll(shop.pk) == 0
    said = "eBay refuses our key: the provided refresh token is invalid. Give a new one."
    assert Connection.objects.get().poll_error == said


@pytest.mark.parametrize(
    ("kind", "document", "asked", "key"),
    [
        ("magento", magento, "/rest/V1/orders?", {"Authorization": "Bearer tok"}),
        ("bigcommerce", bigcommerce, "/v2/orders?", {"X-Auth-Token": "tok"}),
    ],
)
def test_magento_and_bigcommerce_are_asked_page_by_page(server, kind, document, asked, key):
    shop = connect(server, kind)
    server.orders = [document(n) for n in range(4)]
    assert poll(shop.pk) == 4, Connection.objects.get().poll_error
    assert poll(shop.pk) == 0
    deliver()
    assert [order.gross for order in Order.objects.all()] == [Decimal("9.50")] * 4
    path, headers = server.asked[0]
    assert path.startswith(asked)
    assert "2026-03-02" in path
    assert key.items() <= headers.items()
    assert Connection.objects.get().poll_error == ""
    found = reconcile(shop.pk, "2026-03-02")
    assert (found.shop_count, found.our_count, found.differences) == (4, 4, [])


@pytest.mark.parametrize("kind", ["magento", "ebay"])
def test_an_answer_without_orders_is_no_empty_page(kind):
    for body in (b"[]", b'{"items": "x", "orders": "x"}', b"nothing"):
        with pytest.raises(DomainError):
            POLLERS[kind].read("https://x.example/?searchCriteria[currentPage]=1&offset=0", body, {})


def test_all_pages_are_followed_and_placed_once(server):
    shop = connect(server)
    server.orders = orders(5)
    assert poll(shop.pk) == 5
    assert poll(shop.pk) == 0
    deliver()
    assert Order.objects.count() == 5
    path, headers = server.asked[0]
    assert "updated_at_min=2026-03-02T08%3A58%3A00Z" in path
    assert headers["X-Shopify-Access-Token"] == "tok"
    assert len(server.asked) == 6


def test_woocommerce_is_asked_page_by_page_with_its_key(server):
    shop = connect(server, "woocommerce")
    server.is_asked_since = True
    server.orders = [woo(n) for n in range(3)]
    assert poll(shop.pk) == 3
    deliver()
    assert Order.objects.count() == 3
    assert [path.rpartition("page=")[2] for path, _ in server.asked] == ["1", "1"]
    assert "modified_after=2026-03-02T09%3A00%3A59Z" in server.asked[1][0]  # on from the newest change
    assert server.asked[0][1]["Authorization"] == "Basic Y2s6Y3M="


def test_no_order_is_passed_over_while_others_change(server):
    shop = connect(server, "woocommerce")
    server.is_asked_since = True
    server.orders = [woo(n) for n in range(5)]

    def trouble(number):
        """Before it answers the second call, the first order changes and is the last of all."""
        if number == 2:
            first = server.orders.pop(0)
            server.orders.append(first | {"date_modified_gmt": f"{at(9):%Y-%m-%dT%H:%M:%S}"})

    server.trouble = trouble
    poll(shop.pk)
    assert set(ChannelDocument.objects.values_list("external_id", flat=True)) == {"1", "2", "3", "4", "5"}


def test_more_changes_of_one_second_than_a_page_holds_are_all_found(server):
    shop = connect(server, "woocommerce")
    server.is_asked_since = True
    server.orders = [woo(n) | {"date_modified_gmt": f"{at(1):%Y-%m-%dT%H:%M:%S}"} for n in range(5)]
    assert poll(shop.pk) == 5


def test_a_lost_webhook_is_found_and_one_that_came_is_no_second_order(server):
    shop = connect(server)
    server.orders = orders(2)
    take(shop, server.orders[0])
    assert poll(shop.pk) == 2
    deliver()
    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["5000", "5001"]


@pytest.mark.parametrize(
    ("trouble", "error", "wait_s"),
    [
        ((429, {"Retry-After": "7.0"}), "The shop is busy.", 7),
        ((429, {}), "The shop is busy.", 30),
        ((429, {"X-Rate-Limit-Time-Reset-Ms": "9000"}), "The shop is busy.", 9),
        ((429, {"X-Rate-Limit-Time-Reset-Ms": "9000000000"}), "The shop is busy.", 30),
        ((500, {}), "The shop answers 500.", 30),
        ((401, {}), "The shop refuses our key (401): give a new one.", 30),
        ((0, {}), "RemoteDisconnected", 30),
    ],
)
def test_a_shop_in_trouble_is_left_alone_and_asked_on_from_there(server, trouble, error, wait_s):
    shop = connect(server)
    server.orders = orders(4)
    server.troubles = [trouble]
    assert poll(shop.pk) == 0
    shop = Connection.objects.get()
    assert error in shop.poll_error
    assert timedelta(seconds=wait_s - 5) < shop.poll_after - timezone.now() <= timedelta(seconds=wait_s)
    poll_due()
    deliver()
    assert len(server.asked) == 1  # it is left alone
    Connection.objects.update(poll_after=timezone.now())
    poll_due()
    deliver()
    assert Order.objects.count() == 4
    shop.refresh_from_db()
    assert (shop.poll_error, shop.poll_failures, shop.poll_after) == ("", 0, None)


def test_it_waits_longer_each_time_but_for_half_an_hour_at_most(server):
    shop = connect(server)
    server.troubles = [(500, {})] * 3
    for failures, wait_s in ((1, 30), (2, 60), (12, 30 * 60)):
        Connection.objects.update(poll_failures=failures - 1)
        poll(shop.pk)
        shop.refresh_from_db()
        assert shop.poll_failures == failures
        assert timedelta(seconds=wait_s - 5) < shop.poll_after - timezone.now() <= timedelta(seconds=wait_s)


def test_what_was_stored_before_a_failure_is_not_asked_for_again(server):
    shop = connect(server)
    server.orders = orders(4)
    server.orders[2] = "no order"
    assert poll(shop.pk) == 2
    shop.refresh_from_db()
    assert shop.polled_at == BEGIN + timedelta(minutes=1)
    assert shop.poll_error == "The shop's answer is no list of orders."


def test_a_shop_that_is_being_asked_is_not_asked_twice(server):
    connect(server)
    poll_due()
    poll_due()
    assert deliver("orders.tasks.poll_channel") == 1


def test_the_next_page_of_another_host_is_not_followed(server):
    link = {"link": '<http://127.0.0.2:1/x>; rel="next"'}
    with pytest.raises(DomainError, match="another host"):
        polling.SHOPIFY.read(server.url, b'{"orders": []}', link)


def test_the_connection_can_be_tried(server):
    shop = connect(server)
    try_connection(shop)
    server.troubles = [(401, {})]
    with pytest.raises(DomainError, match="refuses our key"):
        try_connection(shop)
    assert not ChannelDocument.objects.exists()
    with pytest.raises(DomainError, match="it sends webhooks"):
        try_connection(make_connection(kind="shopware6"))


@pytest.mark.parametrize("kind", ["shopify", "woocommerce"])
def test_at_night_what_is_missing_is_fetched_and_what_differs_is_listed(server, kind):
    shop = connect(server, kind)
    server.orders = orders(4) if kind == "shopify" else [woo(n) for n in range(4)]
    for one in server.orders[:3]:
        take(shop, one)
    server.orders[0]["total_price"] = server.orders[0]["total"] = "99.00"
    ours = Order.objects.order_by("pk")[1]
    cancel.cancel(ours.pk, reason="x", actor="user:1")
    found = reconcile(shop.pk, "2026-03-02")
    assert (found.shop_count, found.our_count) == (4, 3)
    assert [one["what"][:7] for one in found.differences] == ["99.00 t", "not can", "missing"]
    deliver()
    assert Order.objects.count() == 4
    assert [one["what"][:5] for one in reconcile(shop.pk, "2026-03-02").differences] == ["99.00", "not c"]
    assert ChannelDay.objects.differing().count() == 1
    begin = "created_at_min=2026-03-01T23%3A00%3A00Z" if kind == "shopify" else "after=2026-03-01T23%3A00%3A00Z"
    assert begin in server.asked[0][0]


def test_every_shop_that_can_be_asked_is_compared(server):
    shop = connect(server)
    make_connection()  # has no address
    reconcile_all()
    assert deliver("orders.tasks.reconcile_channel") == 1
    assert ChannelDay.objects.get().connection == shop
