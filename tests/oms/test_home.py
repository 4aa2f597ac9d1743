import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from oms import dashboard, figures, navigation, queue, roles
from oms.papers.models import Message
from oms.queue import tiles
from orders.models import Hold, Order
from orders.services import holds, pay, refund
from tests.fulfilment.make import confirmed, released
from tests.make import make_location, make_order, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(time_machine):
    """One held, one late, one due in an hour, which is still today; at noon of a day to come."""
    time_machine.move_to("2030-03-12 12:00Z", tick=False)
    held = make_order()
    holds.put(held.pk, Hold.Kind.MANUAL, "ask")
    holds.put(held.pk, Hold.Kind.ADDRESS, "which street?")
    late, today = make_order(), make_order()
    Order.objects.filter(pk=late.pk).update(promised_current=timezone.now() - timedelta(days=1))
    Order.objects.filter(pk=today.pk).update(promised_current=timezone.now() + timedelta(hours=1))


def home(client, *role_names, **fields):
    client.force_login(make_user(*role_names, **fields))
    return client.get("/admin/")


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_each_role_has_a_home_whose_queues_it_may_open(client, work, role):
    response = home(client, role)
    assert response.status_code == 200
    assert role in response.content.decode()
    for tile in response.context.get("tiles", []):
        assert client.get(tile["url"]).status_code == 200, tile["title"]


@pytest.mark.parametrize("role", [roles.CS, roles.MANAGER, roles.FINANCE])
def test_a_queue_opens_as_many_rows_as_it_counts(client, work, role):
    tiles = [tile for tile in home(client, role).context["tiles"] if "/orders/order/" in tile["url"]]
    assert {tile["count"] for tile in tiles} != {"0"}
    for tile in tiles:
        shown = client.get(tile["url"]).context["cl"].result_count
        assert str(shown) == tile["count"], tile["title"]


@pytest.mark.parametrize("role", [roles.CS, roles.MANAGER])
def test_mails_that_did_not_go_out_are_counted_and_open(client, role):
    fields = {"kind": "order_confirmed", "subject": "order:1", "to": "ann@example.com"}
    for number, status in enumerate(["failed", "suppressed", "suppressed", "sent", "queued"]):
        Message.objects.create(**fields, object_id=number, status=status)
    tiles = {tile["title"]: tile for tile in home(client, role).context["tiles"]}
    for title, count in (("E-mails that failed", "1"), ("E-mails suppressed", "2")):
        assert tiles[title]["count"] == count
        assert str(client.get(tiles[title]["url"]).context["cl"].result_count) == count


def test_a_new_merchant_is_told_what_comes_first(client):
    client.force_login(make_user(roles.MANAGER))
    make_location("BER")

    def steps():
        response = client.get("/admin/")
        assert all(client.get(step["url"]).status_code == 200 for step in response.context["first_steps"] or ())
        return [step["title"] for step in response.context["first_steps"] or () if not step["done"]]

    assert steps() == ["Seller", "Channel", "Tax rates", "SKUs", "Prices", "Stock"], "its lanes came along"
    make_order()
    assert steps() == []
    assert "Before the first order" not in client.get("/admin/").content.decode()


def test_the_floors_queues_are_those_of_where_one_works(client):
    berlin, mitte = make_location("BER"), make_location("MITTE", kind="store", name="Store Mitte")
    released(confirmed((make_sku(5, berlin), 1)))
    client.force_login(make_user(roles.STORE))

    def lists():
        response = client.get("/admin/")
        [tile] = [tile for tile in response.context["tiles"] if tile["title"] == "Pick lists"]
        return tile["count"], "at Store Mitte" in response.content.decode()

    assert lists() == ("1", False)
    client.post("/floor/place/", {"place": mitte.pk})
    assert lists() == ("0", True)


def test_a_count_stops_at_its_bound(client, work, monkeypatch):
    monkeypatch.setattr(queue, "MOST_COUNTED", 1)
    assert tiles([dashboard.UNPAID])[0]["count"] == "1+"


def test_the_home_costs_the_same_however_many_orders_there_are(client, work, django_assert_max_num_queries):
    ContentType.objects.clear_cache()
    client.force_login(make_user(roles.MANAGER))
    client.get("/admin/")
    for _ in range(3):
        make_order()
    with django_assert_max_num_queries(17) as few:
        client.get("/admin/")
    for _ in range(5):
        make_order()
    with django_assert_max_num_queries(len(few)):
        client.get("/admin/")


def test_figures_of_the_day_count_by_channel(work):
    order = Order.objects.first()
    [row] = [
        row
        for row in figures.figures(timezone.localdate(order.ordered_at), "today")["rows"]
        if row["channel"] == order.channel
    ]
    assert (row["orders"], row["ordered"], row["shipped"], row["paid"]) == (1, "€9.50", 0, "€0.00")


@pytest.mark.corrupt(5, 13)  # no service cancelled it
def test_the_orders_of_a_day_are_those_that_its_link_shows(client, work):
    """Neither drafts nor cancelled ones."""
    first, second, third = Order.objects.order_by("pk")
    Order.objects.update(channel=first.channel, ordered_at=timezone.now())
    Order.objects.filter(pk=second.pk).update(status="draft")
    Order.objects.filter(pk=third.pk).update(status="cancelled")
    html = home(client, roles.FINANCE).content.decode()
    link, count = re.search(r'href="([^"]*ordered=2030-03-12[^"]*)">(\d+)<', html).groups()
    assert list(client.get(unescape(link)).context["cl"].queryset) == [first]
    assert count == "1"


def test_what_was_paid_in_a_day_is_what_its_link_shows(client):
    order = make_order(quantity=2)
    pay.add_payment(order.pk, amount=order.gross, reference="a", actor="user:1")
    refund.request(order.pk, lines=[refund.RefundLineIn("goodwill", Decimal(5))], reason="late", actor="user:1")
    link = re.search(r'href="(/admin/orders/paymententry/\?[^"]+)"', home(client, roles.FINANCE).content.decode())[1]
    assert [row.kind for row in client.get(unescape(link)).context["cl"].result_list] == ["capture"]


def test_who_has_no_role_is_told_what_to_do(client):
    assert "ask a manager" in home(client).content.decode()


def test_a_stranger_is_asked_to_log_in(client):
    assert client.get("/").url == "/admin/"
    assert "/admin/login/" in client.get("/admin/").url


def test_every_link_of_the_sidebar_opens(client, subtests):
    """Each for the role that may do least of those that see it."""
    opened = set()
    for role in sorted(roles.ROLES, key=lambda role: Permission.objects.filter(group__name=role).count()):
        client.force_login(make_user(role))
        groups = client.get("/admin/").context["sidebar_navigation"]
        links = {item["link"] for group in groups for item in group["items"]}
        assert links
        for link in sorted(links - opened):
            with subtests.test(f"{role}: {link}"):
                assert client.get(link).status_code == 200
        opened |= links


def test_the_sidebar_shows_only_what_a_user_may_open(client):
    titles = {link[0] for _, links in navigation.GROUPS for link in links}
    shown = home(client, roles.READ_ONLY).context["sidebar_navigation"]
    assert "Users" in titles
    assert "Users" not in {item["title"] for group in shown for item in group["items"]}
