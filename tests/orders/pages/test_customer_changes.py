"""What a customer does about his order: stop it, send it elsewhere, lose the link."""

from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from inventory.models import StockLevel
from oms.outbox.models import Event
from oms.papers.models import Message
from orders.models import Allocation, OrderLine, TaxRate
from tests.deliver import deliver
from tests.make import ADDRESS, make_channel, make_order, make_seller, make_sku

pytestmark = pytest.mark.django_db
NEW = {"name": "Ann Miller", "line1": "Torstr. 99", "postcode": "10119", "city": "Berlin"}


def put_on_floor(order):
    """What releasing a pick list does to an order."""
    Allocation.objects.filter(order=order).update(status="on_floor")
    OrderLine.objects.filter(order=order).update(on_floor=1)


def shown(client, answer):
    assert answer.status_code == 302
    return client.get(answer["Location"]).content.decode()


def test_owner_cancels_after_being_asked(client, path):
    order = make_order()
    asked = client.get(path(order, "cancel"))
    assert b"1 \xc3\x97 Mug" in asked.content
    assert "Your order is cancelled." in shown(client, client.post(path(order, "cancel")))
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert StockLevel.objects.get().reserved == 0
    assert Event.objects.get(name="order.cancelled").actor == "customer"


def test_second_click_is_no_error(client, path):
    order = make_order()
    client.post(path(order, "cancel"))
    assert "Your order is cancelled." in shown(client, client.post(path(order, "cancel")))
    assert Event.objects.filter(name="order.cancelled").count() == 1


@pytest.mark.corrupt(3, 6, 7, 13)
def test_order_on_the_floor_is_not_stopped_and_the_floor_not_asked(client, path):
    order = make_order()
    before = path(order, "cancel")
    put_on_floor(order)
    assert "no longer possible" in shown(client, client.get(before))
    page = shown(client, client.post(before))
    assert "no longer possible" in page
    assert "We have begun to pack it" in page
    order.refresh_from_db()
    assert order.status == "placed"
    assert not Event.objects.filter(name="order.cancel_requested").exists()


@pytest.mark.parametrize("page", ["cancel", "address"])
def test_stranger_changes_nothing(client, path, page):
    order = make_order()
    forged = path(order, page).replace("/o/", "/o/x")
    for answer in (client.get(forged), client.post(forged, NEW)):
        assert answer.status_code == 404
    order.refresh_from_db()
    assert (order.status, order.version) == ("placed", 1)


def test_other_sites_cannot_cancel_in_his_name(path):
    order = make_order()
    assert Client(enforce_csrf_checks=True).post(path(order, "cancel")).status_code == 403
    order.refresh_from_db()
    assert order.status == "placed"


def test_owner_sends_it_elsewhere_for_the_same_money(client, path):
    order = make_order()
    total = order.gross
    form = client.get(path(order, "address")).content.decode()
    assert "Unter den Linden 1" in form
    page = shown(client, client.post(path(order, "address"), NEW))
    assert "new address" in page
    assert "Torstr. 99" in page
    order.refresh_from_db()
    assert (order.ship_to["line1"], order.ship_to["country"], order.gross) == ("Torstr. 99", "DE", total)
    assert Event.objects.get(name="order.changed").actor == "customer"
    assert not order.is_held


@pytest.mark.django_db(transaction=True)
def test_address_that_would_cost_another_tax_is_left_to_a_person(client, path):
    TaxRate.objects.create(country="US", region="CA", rate=Decimal("0.08"), valid_from="2020-01-01")
    home = {"name": "Ann", "line1": "1 Main St", "city": "Portland", "postcode": "97201", "region": "OR"}
    channel = make_channel(prices_include_tax=False, seller=make_seller(country="US"))
    order = make_order(make_sku(5), channel=channel, ship_to=home | {"country": "US"})
    there = home | {"city": "Los Angeles", "postcode": "90001", "region": "CA"}
    answer = client.post(path(order, "address"), there)
    assert answer.status_code == 422
    assert "would change the price" in answer.content.decode()
    answer = client.post(path(order, "address") + "?lang=de", there)
    assert "würde den Preis ändern" in answer.content.decode()
    order.refresh_from_db()
    assert (order.ship_to["region"], order.version, order.changes.count()) == ("OR", 1, 0)


def test_new_address_is_checked_like_a_first_one(client, path):
    order = make_order()
    client.post(path(order, "address"), NEW | {"postcode": "1"})
    order.refresh_from_db()
    assert order.is_held
    assert order.holds.get().kind == "address"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"line1": ""}, "This field is required"),
        ({"name": "", "company": ""}, "Give a name or a company"),
        ({"city": "Ber\u202elin"}, "cannot be printed"),
        ({"city": "Ber\x00lin"}, "Null characters"),
        ({"line1": "x" * 101}, "at most 100 characters"),
    ],
)
def test_nonsense_is_refused_at_its_field_and_changes_nothing(client, path, change, words):
    order = make_order()
    answer = client.post(path(order, "address"), NEW | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    order.refresh_from_db()
    assert (order.ship_to["line1"], order.version) == (ADDRESS["line1"], 1)


def test_country_cannot_be_smuggled_in(client, path):
    order = make_order()
    client.post(path(order, "address"), NEW | {"country": "US"})
    order.refresh_from_db()
    assert order.ship_to["country"] == "DE"


@pytest.mark.corrupt(3, 6, 7, 13)
def test_order_on_the_floor_keeps_its_address(client, path):
    order = make_order()
    put_on_floor(order)
    assert "no longer possible" in shown(client, client.post(path(order, "address"), NEW))
    order.refresh_from_db()
    assert order.ship_to == ADDRESS


def test_lost_link_is_mailed_and_works(client, settings):
    order = make_order()
    deliver()
    mail.outbox.clear()
    answer = client.post(reverse("customer_find"), {"number": f" #{order.number} ", "email": "Ann@Example.com"})
    assert "mailbox" in answer.content.decode()
    deliver()
    [one] = mail.outbox
    link = next(line for line in one.body.splitlines() if line.startswith(settings.SITE_URL))
    assert client.get(link.removeprefix(settings.SITE_URL)).context["order"] == order


def test_answer_is_the_same_whether_there_is_such_an_order_or_not(client):
    order = make_order()
    wrong = [
        {"number": order.number, "email": "eve@example.com"},
        {"number": "999999", "email": "ann@example.com"},
        {"number": "x' OR 1=1 --", "email": "ann@example.com"},
    ]
    pages = [client.post(reverse("customer_find"), form).content for form in wrong]
    assert not Message.objects.filter(kind="order_link").exists()
    pages.append(client.post(reverse("customer_find"), {"number": order.number, "email": "ann@example.com"}).content)
    assert Message.objects.filter(kind="order_link").count() == 1
    assert len({page.split(b"<main")[1] for page in pages}) == 1


def test_link_is_mailed_once_an_hour(client, time_machine):
    time_machine.move_to("2026-03-02T12:00:00Z", tick=False)
    order = make_order()
    form = {"number": order.external_id, "email": "ann@example.com"}
    for _ in range(3):
        client.post(reverse("customer_find"), form)
    assert Message.objects.filter(kind="order_link").count() == 1
    time_machine.move_to("2026-03-02T13:00:00Z", tick=False)
    client.post(reverse("customer_find"), form)
    assert Message.objects.filter(kind="order_link").count() == 2
    deliver()


def test_muted_channel_mails_no_link_either(client):
    order = make_order(make_sku(5), channel=make_channel(is_muted=True))
    client.post(reverse("customer_find"), {"number": order.number, "email": "ann@example.com"})
    assert Message.objects.get(kind="order_link").status == "suppressed"
