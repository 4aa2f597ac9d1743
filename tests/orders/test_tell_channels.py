"""Stock goes out: what changed, newest first and once, in batches, through outages, and where it shall not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import KitComponent, Location, Sku, StockChange
from inventory.services import stock
from oms import roles
from oms.channel_queues import BEHIND
from oms.queue import tiles
from orders.channels.shopify import stock as shopify_stock
from orders.channels.tellers import TELLERS
from orders.models import ChannelDocument, ChannelPlace, ChannelStock, Connection
from orders.services.follow_stock import follow_all, follow_changes
from orders.services.list_goods import list_due, list_goods
from orders.services.map_sku import map_sku
from orders.services.tell_channels import LONGEST_DELAY, SENDER, claim, delay, is_due, make, record
from tests.deliver import deliver
from tests.make import make_location, make_order, make_sku, make_strategy, make_user
from tests.orders.channels.fake_shop import connect, serving
from tests.orders.channels.feed import take

pytestmark = pytest.mark.django_db

KINDS = ["bigcommerce", "shopify", "woocommerce"]
PLACES = {"bigcommerce": ("1", "2"), "ebay": ("",), "shopify": ("1", "2"), "woocommerce": ("",)}


@pytest.fixture
def shop(settings):
    with serving(settings) as shop:
        yield shop


def sells(shop, *skus, kind="shopify", parent=""):
    """The shop has these goods, none of them in stock."""
    for sku in skus:
        levels = dict.fromkeys(PLACES[kind][:1], 0)
        shop.goods[str(900 + len(shop.goods))] = {"sku": sku.code, "parent": parent, "levels": levels}


def connected(shop, kind="shopify", **fields):
    """A connection that writes the stock of a shop, whose goods were read."""
    connection = connect(shop, kind, writes_stock=True, **fields)
    list_goods(connection.pk)
    return Connection.objects.get(pk=connection.pk)


def may_be_told():
    """The time has come to tell those that were left alone."""
    Connection.objects.update(tell_after=None)


@pytest.mark.parametrize("kind", [*KINDS, "ebay"])
def test_a_change_is_told_and_the_same_not_twice(shop, kind):
    mug, cup = make_sku(5), make_sku(3)
    sells(shop, mug, cup, kind=kind)
    connected(shop, kind)
    SENDER.send_due()
    assert (shop.stock(mug.code), shop.stock(cup.code)) == (5, 3)
    calls = len(shop.asked)
    assert SENDER.send_due() == 0

    make_order(mug, 2)
    assert StockChange.objects.exists()  # with the reservation
    assert SENDER.send_due() == 1
    assert (shop.stock(mug.code), shop.set_sizes[-1], len(shop.asked)) == (3, 1, calls + 1)
    assert ChannelStock.objects.stale().count() == 0


def test_many_changes_of_a_sku_are_one_number(shop):
    mug = make_sku(50)
    sells(shop, mug)
    connected(shop)
    SENDER.send_due()
    location = Location.objects.get(levels__sku=mug)
    for pieces in range(1, 6):
        stock.adjust(mug, location, -pieces, reason="lost")
    before = len(shop.asked)
    SENDER.send_due()
    assert (shop.stock(mug.code), len(shop.asked)) == (35, before + 1)


def test_what_changes_while_it_is_told_is_told_after(shop):
    mug = make_sku(5)
    sells(shop, mug)
    connected(shop)
    assert is_due()
    [go] = claim(1)
    assert claim(1) == []  # one process at a time
    outcome = make(go)
    make_order(mug, 1)
    follow_changes()
    record([outcome])
    row = ChannelStock.objects.get()
    assert (row.wanted, row.told, row.stale_since is None) == (4, 5, False)
    SENDER.send_due()
    assert shop.stock(mug.code) == 4


def test_what_a_process_tells_that_was_gone_too_long_is_not_recorded(shop):
    mug = make_sku(5)
    sells(shop, mug)
    connected(shop)
    [late] = claim(1)
    Connection.objects.update(tell_until=timezone.now())
    SENDER.send_due()
    told = ChannelStock.objects.values().get()
    record([make(late)])
    assert ChannelStock.objects.values().get() == told


@pytest.mark.parametrize("kind", [*KINDS, "ebay"])
def test_numbers_go_in_batches(shop, kind, monkeypatch):
    monkeypatch.setattr(shopify_stock, "MOST_QUANTITIES", 2)
    monkeypatch.setattr("orders.channels.bigcommerce.stock.MOST_ITEMS", 2)
    monkeypatch.setattr("orders.channels.ebay.stock.MOST_ITEMS", 2)
    monkeypatch.setattr("orders.channels.woocommerce.stock.MOST_PRODUCTS", 2)
    location = make_location()
    sells(shop, *[make_sku(n, location) for n in range(1, 6)], kind=kind)
    connected(shop, kind)
    SENDER.send_due()
    assert shop.set_sizes == [2, 2, 1]


def test_a_buffer_a_place_of_its_own_and_a_kit_count(shop):
    main, store = make_location(), make_location()
    mug, kit = make_sku(9, main), make_sku(kind=Sku.Kind.KIT)
    stock.receive(mug, store, 4)
    KitComponent.objects.create(kit=kit, component=mug, quantity=2)
    sells(shop, mug, kit)
    for item in shop.goods.values():
        item["levels"]["2"] = 0
    connection = connected(shop, channel={"buffer": 1})
    SENDER.send_due()
    # Nothing is mapped: the primary place has all, the other is left alone.
    assert [shop.goods[key]["levels"] for key in shop.goods] == [{"1": 11, "2": 0}, {"1": 5, "2": 0}]
    ChannelPlace.objects.filter(place_id="2").update(location=store)
    follow_all()
    SENDER.send_due()
    assert [shop.goods[key]["levels"] for key in shop.goods] == [{"1": 8, "2": 3}, {"1": 4, "2": 1}]
    stock.adjust(mug, store, -2, reason="lost")  # a part of the kit
    SENDER.send_due()
    assert [shop.goods[key]["levels"] for key in shop.goods] == [{"1": 8, "2": 1}, {"1": 4, "2": 0}]
    connection.channel.locations.add(main)
    follow_all()
    SENDER.send_due()
    assert shop.stock(mug.code, "2") == 0


def test_variations_are_told_by_their_product(shop):
    location = make_location()
    mug, red = make_sku(5, location), make_sku(2, location)
    sells(shop, mug, kind="woocommerce")
    sells(shop, red, kind="woocommerce", parent="77")
    connected(shop, "woocommerce")
    SENDER.send_due()
    assert (shop.stock(mug.code), shop.stock(red.code)) == (5, 2)
    assert [path for path, _ in shop.asked][-1].endswith("products/77/variations/batch")


@pytest.mark.parametrize(
    ("trouble", "error", "wait_s"),
    [
        ((429, {"Retry-After": "7.0"}), "The shop is busy.", 7),
        ((500, {}), "The shop answers 500.", 1),
        ((401, {}), "The shop refuses our key (401): give a new one.", 1),
        ((0, {}), "RemoteDisconnected", 1),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_shop_in_trouble_is_left_alone_and_nothing_is_lost(shop, kind, trouble, error, wait_s):
    mug = make_sku(5)
    sells(shop, mug, kind=kind)
    connected(shop, kind)
    shop.troubles = [trouble]
    SENDER.send_due()
    connection = Connection.objects.get()
    assert error in connection.tell_error
    assert timedelta(0) < connection.tell_after - timezone.now() <= timedelta(seconds=wait_s)
    make_order(mug, 1)
    Connection.objects.update(tell_after=timezone.now() + timedelta(minutes=1))
    assert SENDER.send_due() == 0  # it is left alone
    may_be_told()
    SENDER.send_due()
    assert shop.stock(mug.code) == 4
    connection.refresh_from_db()
    assert (connection.tell_error, connection.tell_failures, connection.tell_after) == ("", 0, None)


def test_it_waits_longer_each_time_but_less_than_a_minute():
    waits = [delay(failures).total_seconds() for failures in (1, 2, 3, 6, 7, 1000)]
    assert waits == [1, 2, 4, 32, LONGEST_DELAY.total_seconds(), LONGEST_DELAY.total_seconds()]


def test_an_answer_lost_on_its_way_is_repeated_and_stands_once(shop):
    mug = make_sku(5)
    sells(shop, mug)
    connected(shop)
    shop.troubles = [(0, {}, True)]
    SENDER.send_due()
    assert shop.stock(mug.code) == 5
    assert ChannelStock.objects.get().told is None
    may_be_told()
    SENDER.send_due()
    assert ChannelStock.objects.get().told == 5


@pytest.mark.parametrize("kind", [*KINDS, "ebay"])
def test_what_is_refused_keeps_nothing_else_waiting(shop, client, kind):
    location = make_location()
    mugs = [make_sku(n, location) for n in range(1, 5)]
    sells(shop, *mugs, kind=kind)
    connected(shop, kind)
    shop.refuses = {mugs[1].code}
    SENDER.send_due()
    assert [shop.stock(mug.code) for mug in mugs] == [1, 0, 3, 4]
    refused = ChannelStock.objects.refused().get()
    assert refused.sku == mugs[1]
    assert refused.error
    assert SENDER.send_due() == 0
    client.force_login(make_user(roles.MANAGER))
    client.post(f"/admin/orders/channelstock/{refused.pk}/send_one/", {"_form_submitted": "on"})
    assert [row.sku for row in ChannelStock.objects.stale()] == [mugs[1]]
    SENDER.send_due()
    assert ChannelStock.objects.refused().get() == refused  # still
    shop.refuses = set()
    stock.adjust(mugs[1], location, 1, reason="found")
    SENDER.send_due()
    assert shop.stock(mugs[1].code) == 3


def test_a_shadow_lists_what_differs_and_is_told_nothing(shop):
    mug = make_sku(5)
    sells(shop, mug)
    connection = connected(shop, is_shadow=True)
    assert SENDER.send_due() == 0
    assert ChannelStock.objects.differing().get().sku == mug
    assert tiles([BEHIND])[0]["count"] == "0"
    Connection.objects.update(is_shadow=False)
    SENDER.send_due()
    list_goods(connection.pk)
    assert not ChannelStock.objects.differing().exists()


def test_goods_that_are_no_sku_here_are_told_when_they_are_mapped(shop):
    mug = make_sku(5)
    shop.goods["900"] = {"sku": "THEIR-MUG", "parent": "", "levels": {"1": 70}}
    shop.goods["901"] = {"sku": mug.code, "parent": "", "levels": {"1": 70}, "tracked": False}
    connection = connected(shop)
    assert SENDER.send_due() == 0
    assert ChannelStock.objects.unknown().get().code == "THEIR-MUG"
    map_sku(connection.aliases.create(code="THEIR-MUG").pk, mug, actor="user:1")
    SENDER.send_due()
    assert [item["levels"]["1"] for item in shop.goods.values()] == [5, 70]


def test_goods_that_are_not_sold_any_more_are_none_and_those_gone_there_forgotten(shop):
    mug, cup = make_sku(5), make_sku(3)
    sells(shop, mug, cup)
    connection = connected(shop)
    Sku.objects.filter(pk=mug.pk).update(is_active=False)
    follow_all()
    SENDER.send_due()
    assert shop.stock(mug.code) == 0
    del shop.goods["900"]
    list_goods(connection.pk)
    assert ChannelStock.objects.get().sku == cup


def test_what_somebody_else_wrote_there_is_set_right_when_it_stays(shop):
    mug = make_sku(5)
    sells(shop, mug)
    connection = connected(shop)
    SENDER.send_due()
    shop.goods["900"]["levels"]["1"] = 9
    list_goods(connection.pk)
    assert SENDER.send_due() == 0  # it may be a sale that is on its way to us
    list_goods(connection.pk)
    SENDER.send_due()
    assert shop.stock(mug.code) == 5


def test_goods_are_not_forgotten_where_a_page_is_missing(shop):
    sells(shop, make_sku(5), make_sku(3), make_sku(2))
    connection = connected(shop)
    shop.troubles = [(200, {}), (200, {}), (500, {})]
    list_goods(connection.pk)
    assert ChannelStock.objects.count() == 3
    assert Connection.objects.get().goods_error == "The shop answers 500."


def test_places_are_not_forgotten_where_a_shop_names_none(shop):
    places = connected(shop).places
    shop.places = {}
    list_goods(Connection.objects.get().pk)
    assert (places.count(), Connection.objects.get().goods_error) == (2, "The shop names no location.")


def test_our_own_number_that_comes_back_changes_nothing(shop):
    mug = make_sku(5)
    sells(shop, mug)
    connection = connected(shop)
    SENDER.send_due()
    follow_changes()
    echo = {"inventory_item_id": 900, "location_id": 1, "available": 5, "updated_at": "2026-03-02T09:00:00Z"}
    assert take(connection, echo).status == ChannelDocument.Status.IGNORED
    assert not StockChange.objects.exists()
    assert SENDER.send_due() == 0


def test_every_shop_is_asked_for_its_goods_once_at_a_time(shop):
    connect(shop, writes_stock=True)
    list_due()
    list_due()
    assert deliver("orders.tasks.list_goods") == 1


def test_a_key_that_cannot_be_opened_keeps_no_other_shop_waiting(shop):
    mug = make_sku(5)
    sells(shop, mug)
    connected(shop)
    Connection.objects.update(sealed_credentials="broken")
    assert SENDER.send_due() == 0
    assert "SECRET_KEY" in Connection.objects.get().tell_error


# console

PAGE = "/admin/orders/connection/"


def test_the_console_shows_what_waits_and_sends_all_again(shop, client):
    mug = make_sku(5)
    sells(shop, mug)
    connection = connected(shop)
    client.force_login(make_user(roles.MANAGER))
    ChannelStock.objects.update(stale_since=timezone.now() - timedelta(minutes=7))
    assert "1 to tell, the oldest for 7 min" in client.get(PAGE).content.decode()
    assert tiles([BEHIND])[0]["count"] == "1"
    SENDER.send_due()
    assert tiles([BEHIND])[0]["count"] == "0"
    page = client.get(f"{PAGE}{connection.pk}/change/").content.decode()
    assert "nothing waits" in page
    assert "1 in all" in page
    shop.goods["900"]["levels"]["1"] = 1
    client.post(f"{PAGE}{connection.pk}/tell_again/", {"_form_submitted": "on"})
    SENDER.send_due()
    assert shop.stock(mug.code) == 5
    for state in ("stale", "differing", "refused", "unknown"):
        assert client.get(f"/admin/orders/channelstock/?state={state}").status_code == 200


def test_one_connection_writes_the_stock_of_a_shop(shop, client):
    first = connected(shop)
    client.force_login(make_user(roles.MANAGER))
    second = connect(shop)
    fields = {"channel": second.channel_id, "kind": "shopify", "is_active": "on", "writes_stock": "on"}
    places = {"places-TOTAL_FORMS": "0", "places-INITIAL_FORMS": "0"}
    answer = client.post(f"{PAGE}{second.pk}/change/", fields | places | {"base_url": f"{shop.url}/"})
    assert "only one may" in answer.content.decode()
    answer = client.post(f"{PAGE}{second.pk}/change/", fields | places | {"base_url": ""})
    assert "Give the address" in answer.content.decode()
    answer = client.post(f"{PAGE}{second.pk}/change/", fields | places | {"base_url": shop.url, "kind": "shopware6"})
    assert f"Only {', '.join(sorted(TELLERS))} can be told" in answer.content.decode()
    assert Connection.objects.get(writes_stock=True) == first


def test_what_no_order_of_the_channel_may_get_is_not_counted(shop):
    main, store = make_location(), make_location(kind="store")
    mug = make_sku(9, main)
    stock.receive(mug, store, 4)
    sells(shop, mug)
    rules = [{"kind": "store", "verdict": "no", "method": "express"}, {"location": main, "verdict": "no"}]
    connected(shop, channel={"strategy": make_strategy(*rules)})
    SENDER.send_due()
    assert shop.stock(mug.code) == 4


def test_what_was_refused_is_told_again_less_often_each_time(shop):
    mug = make_sku(5)
    sells(shop, mug)
    connected(shop)
    SENDER.send_due()
    shop.refuses = {mug.code}
    make_order(mug, 2)
    for delay_s in (1, 2, 4):
        assert SENDER.send_due() == 1
        row = ChannelStock.objects.refused().get()
        assert timedelta(seconds=delay_s - 1) < row.tell_after - timezone.now() <= timedelta(seconds=delay_s)
        assert SENDER.send_due() == 0
        ChannelStock.objects.update(tell_after=timezone.now())
    shop.refuses = set()
    SENDER.send_due()
    assert shop.stock(mug.code) == 3
    assert not ChannelStock.objects.refused().exists()
    assert SENDER.send_due() == 0
