"""Calling Amazon, without a database: tokens, rates, windows of time, lines, listings, and what it is told."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache

from oms.lib.http import Answer
from orders.channels import poll as polling
from orders.channels.amazon import letters, poll, stock
from orders.channels.amazon.partner import SellingPartner
from orders.channels.out import CancellationOut, ChangeOut, LineOut, Piece, RefundOut, RetractionOut, ShipmentOut
from orders.channels.shop import ShopError
from tests.orders.channels.fake_amazon import MARKETPLACE, SELLER, bought, iso, life_of
from tests.orders.channels.fake_shop import serving

LATER = datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture
def amazon(settings):
    with serving(settings) as shop:
        yield shop


def partner(shop=None, token="tok"):
    keys = {"key": "ck", "key_secret": "cs", "token": token}
    url = shop.url if shop else "https://sellingpartnerapi-eu.amazon.com"
    return SellingPartner(url, {}, 5, keys, seller_id=SELLER, marketplaces=(MARKETPLACE,))


def asked(amazon):
    return [urlsplit(path).path.rpartition("/")[2] for path, _ in amazon.asked]


def listed(amazon, since=LATER):
    shop = partner(amazon)
    url = poll.first(shop, since)
    answer = shop.call("GET", url)
    return poll.read(url, answer.body, answer.headers)


# tokens and rates


def test_a_token_is_had_once_kept_sealed_and_renewed_when_it_is_refused(amazon):
    amazon.orders = [bought(1, ("MUG", 1, 9))]
    for _ in range(2):
        assert len(listed(amazon, LATER - timedelta(hours=1)).orders) == 1
    assert asked(amazon) == ["token", "orders", "orders"]
    assert not any(token.encode() in kept for token in amazon.tokens for kept in cache._cache.values())
    amazon.tokens.clear()
    amazon.asked.clear()
    listed(amazon)
    assert (asked(amazon), amazon.logins) == (["orders", "token", "orders"], 2)


def test_a_token_is_renewed_before_it_expires(amazon):
    listed(amazon)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=3550)):
        listed(amazon)
    assert asked(amazon) == ["token", "orders"] * 2


def test_a_key_that_is_refused_is_said_to_be(amazon):
    with pytest.raises(ShopError, match="Amazon refuses our key: The request has an invalid grant parameter. Give"):
        partner(amazon, token="old").call("GET", poll.first(partner(amazon), LATER))
    amazon.troubles = [(200, {}, True), (403, {})] * 2
    with pytest.raises(ShopError, match=r"Amazon refuses our key \(403\): authorise the app anew"):
        listed(amazon)


@pytest.mark.parametrize(
    ("path", "headers", "wait_s"),
    [
        ("/orders/2026-01-01/orders?a=b", {}, 180),
        ("/orders/2026-01-01/orders/902-1", {}, 2),
        ("/orders/2026-01-01/orders", {"retry-after": "7"}, 7),
        ("/orders/2026-01-01/orders", {"retry-after": "0", "x-amzn-ratelimit-limit": "0.05"}, 20),
        ("/orders/2026-01-01/orders", {"x-amzn-ratelimit-limit": "0.0001"}, 240),
        ("/orders/2026-01-01/orders", {"x-amzn-ratelimit-limit": "much"}, 180),
    ],
)
def test_how_long_amazon_is_left_alone(path, headers, wait_s):
    assert partner().wait_s(f"https://x.example{path}", Answer(429, b"", headers)) == wait_s


# orders


def test_what_changed_long_ago_is_asked_for_in_windows_up_to_now():
    url, ends = poll.first(partner(), datetime.now(UTC) - timedelta(hours=8)), []
    while url:
        query = parse_qs(urlsplit(url).query)
        more = b'{"orders": [], "pagination": {"nextToken": "a+/="}}'
        assert parse_qs(urlsplit(poll.read(url, more, {}).next_url).query) == query | {"paginationToken": ["a+/="]}
        page = poll.read(url, b'{"orders": [], "lastUpdatedBefore": "2026-03-01T00:00:00Z"}', {})
        ends.append((query.get("lastUpdatedBefore", [""])[0], page.up_to))
        if page.next_url:
            assert parse_qs(urlsplit(page.next_url).query)["lastUpdatedAfter"] == [ends[-1][0]]
        url = page.next_url
    assert [said == iso(up_to) for said, up_to in ends] == [True, True, False]
    assert ends[-1] == ("", datetime(2026, 3, 1, tzinfo=UTC))


def test_pages_hold_orders_with_addresses(amazon, monkeypatch):
    monkeypatch.setattr(polling, "PER_PAGE", 2)
    amazon.orders = [bought(pk, ("MUG", 1, 9)) for pk in range(3)]
    page = listed(amazon, LATER - timedelta(hours=1))
    assert (len(page.orders), b"Bonn" in page.orders[0].body, page.up_to) == (2, True, None)
    shop = partner(amazon)
    last = poll.read(page.next_url, shop.call("GET", page.next_url).body, {})
    assert (len(last.orders), last.next_url) == (1, "")


@pytest.mark.parametrize(("status", "lines"), [("UNSHIPPED", 2), ("PENDING", 0), ("SHIPPED", 0)])
def test_an_order_has_lines_where_it_is_to_be_shipped(amazon, status, lines):
    amazon.orders = [bought(1, ("MUG", 1, 9), ("CUP", 2, 5), status=status)]
    [found] = listed(amazon, LATER - timedelta(hours=1)).orders
    assert (found.body.count(b'"sellerSku"'), b'"grandTotal"' in found.body) == (lines, True)


# stock


def goods(*skus, **more):
    return {sku: {"sku": sku, "parent": "", "levels": {"": 1}} | more for sku in skus}


def test_all_listings_that_the_seller_ships_are_found(amazon, monkeypatch):
    monkeypatch.setattr(stock, "MOST_FOUND", 4)
    monkeypatch.setattr(stock, "PER_PAGE", 2)
    amazon.most_found = 4
    names = [f"SKU-{n}" for n in range(9)]
    amazon.goods = goods(*names) | goods("FBA", channel="AMAZON_EU")
    found = [variant for page in stock.variants(partner(amazon)) for variant in page]
    assert [variant.code for variant in found] == names
    assert (found[0].name, found[0].pieces) == ("The SKU-0", 1)


def test_quantities_are_set_or_refused_with_the_reason(amazon):
    amazon.goods, amazon.refuses = goods("A/B #1", "NO-BRAND"), {"NO-BRAND": 1}
    pieces = [Piece(n, 1, sku, "", "", 7) for n, sku in enumerate(["A/B #1", "NO-BRAND", "GONE"])]
    refused = stock.set_stock(partner(amazon), pieces)
    assert list(refused) == [1, 2]
    assert (refused[1], "not found" in refused[2]) == ("A brand is missing.", True)
    assert amazon.stock("A/B #1") == 7


# letters


def left(ident, pieces=2, *, before=0, reference=7, number="T1", carrier="dhl"):
    lines, was = {"11": pieces}, {"11": before}
    return ShipmentOut(ident, "parcel", lines, was, number, carrier, reference=reference, left_at=LATER)


def kept(pieces):
    return LineOut("MUG", pieces, Decimal(10 * pieces), Decimal(10 * pieces), "11")


@pytest.fixture
def order(amazon):
    amazon.orders = [bought(1, ("MUG", 3, 10))]
    return amazon.orders[0]["id"]


def test_a_parcel_is_confirmed_once_however_often_it_is_told(amazon, order):
    shop = partner(amazon)
    for _ in range(2):
        assert letters.tell(shop, left(order)) == "7"
    letters.tell(shop, left(order, 1, before=2, reference=8, number="T2", carrier="Own van"))
    one, two = life_of(amazon, order)["packages"].values()
    assert [one[name] for name in ("carrierCode", "trackingNumber", "shipDate")] == ["DHL", "T1", iso(LATER)]
    assert (two["carrierCode"], two["carrierName"], two["orderItems"][0]["quantity"]) == ("Other", "Own van", 1)


def test_what_somebody_confirmed_there_is_told_and_too_much_is_refused(amazon, order):
    amazon.orders[0]["head"]["orderItems"][0]["fulfillment"]["quantityFulfilled"] = 2
    assert letters.tell(partner(amazon), left(order)) == "7"
    with pytest.raises(ShopError, match="Order already fulfilled") as caught:
        letters.tell(partner(amazon), left(order, 2, before=2))
    assert not caught.value.retry


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        (lambda order: left(order, number=""), "wants a tracking number"),
        (lambda order: RetractionOut(order, "parcel", "T1"), "takes no parcel back"),
        (lambda order: CancellationOut(order, {"11": 1}, is_whole=False, mark=""), "whole orders only"),
        (lambda order: RefundOut(order, Decimal("5.00"), ""), "refunds by file only"),
        (lambda order: ChangeOut(order, {"ship_to": {}}, ""), r"takes no changes of an order \(ship to\)"),
        (lambda order: ChangeOut(order, {}, "", (kept(4),)), r"takes no changes of an order \(1 more of MUG\)"),
    ],
)
def test_what_amazon_has_no_call_for_is_refused_with_what_to_do(amazon, order, letter, reason):
    with pytest.raises(ShopError, match=f"{reason}.*Seller Central") as caught:
        letters.tell(partner(amazon), letter(order))
    assert not caught.value.retry
    assert life_of(amazon, order) == {"packages": {}, "cancelled": ""}


def test_fewer_pieces_are_no_change_beside_their_cancellation(amazon, order):
    assert letters.tell(partner(amazon), ChangeOut(order, {}, "", (kept(2),))) == ""


@pytest.mark.parametrize(("wish", "code"), [(None, "NO_INVENTORY"), ("BUYER", "BUYER_CANCELLED")])
def test_an_order_is_cancelled_once_and_its_money_needs_no_word(amazon, order, wish, code):
    request = {"cancellationRequest": {"requester": wish}} if wish else {}
    amazon.orders[0]["head"]["orderItems"][0]["cancellation"] = request
    shop, letter = partner(amazon), CancellationOut(order, {"11": 0}, is_whole=True, mark="")
    assert [letters.tell(shop, letter) for _ in range(2)] == ["", ""]
    assert (life_of(amazon, order)["cancelled"], asked(amazon).count("cancellation")) == (code, 1)
    assert letters.tell(shop, RefundOut(order, Decimal("30.00"), "")) == ""
