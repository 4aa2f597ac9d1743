"""The customer's invoices: the link shows that they are there, a second proof opens them."""

import pytest

from oms.papers.models import Document
from orders.models import Order
from orders.services.by_customer import TRIES
from tests.deliver import deliver
from tests.make import ADDRESS, make_order
from tests.orders.money import make_order_of, make_rates, ship
from tests.replay import replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
@replayed
def order():
    make_rates()
    order = make_order_of((3, "10.00"), ship_to=ADDRESS, email="ann@example.com")
    ship(order)
    deliver()
    return Order.objects.get(pk=order.pk)


@pytest.fixture
def ask(client, path):
    """Return `ask(order, proof)`: the answer to a proof, for the order's first invoice."""

    def ask(order, proof):
        invoice = order.invoices.first()
        return client.post(path(order, "bills"), {"proof": proof, "bill": f"invoice:{invoice.pk}" if invoice else ""})

    return ask


def test_link_alone_shows_that_there_is_an_invoice_and_no_more(client, path, order):
    assert "Download the invoice" in client.get(path(order)).content.decode()
    page = client.get(path(order, "bills")).content.decode()
    invoice = order.invoices.get()
    assert f"Invoice {invoice.code}" in page
    assert "ann@example.com" not in page
    assert client.post(path(order, "bills"), {"bill": f"invoice:{invoice.pk}"}).status_code == 422


@pytest.mark.parametrize("proof", ["ann@example.com", " Ann@Example.COM", "ann @example.com"])
def test_address_opens_it_however_it_is_typed(ask, order, proof):
    answer = ask(order, proof)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert order.invoices.get().code in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] == "private, no-store"
    assert Document.objects.filter(kind="invoice").count() == 1


@pytest.mark.parametrize("proof", ["eve@example.com", "ann@example", "", " ", "10117", "Ann Miller", "Berlin", "\x00"])
def test_anything_else_does_not(ask, order, proof):
    answer = ask(order, proof)
    assert answer.status_code == 422
    assert b"%PDF" not in answer.content


def test_guessing_ends_and_then_the_right_one_does_not_help_for_an_hour(ask, order):
    assert [ask(order, f"ann{i}@example.com").status_code for i in range(TRIES)] == [422] * TRIES
    answer = ask(order, "ann@example.com")
    assert answer.status_code == 429
    assert "try again in an hour" in answer.content.decode()


def test_who_knows_it_may_come_as_often_as_he_likes(ask, order):
    assert {ask(order, "ann@example.com").status_code for _ in range(TRIES + 2)} == {200}


def test_invoice_of_another_order_is_not_opened(client, path, order):
    other = make_order_of((1, "5.00"), ship_to=ADDRESS)
    theirs = ship(other)
    deliver()
    answer = client.post(path(order, "bills"), {"proof": "ann@example.com", "bill": f"invoice:{theirs.pk}"})
    assert "Please choose a document" in answer.content.decode()
    assert b"%PDF" not in answer.content


def test_stranger_is_not_asked_at_all(client, path, order):
    forged = path(order, "bills").replace("/o/", "/o/9")
    assert client.post(forged, {"proof": "ann@example.com", "bill": "invoice:1"}).status_code == 404


def test_no_invoice_before_it_leaves(client, path):
    order = make_order()
    assert "Download the invoice" not in client.get(path(order)).content.decode()
    assert "There is no invoice yet" in client.get(path(order, "bills")).content.decode()


def test_what_proves_him_is_not_on_his_page(client, path, order):
    page = client.get(path(order)).content.decode()
    assert "10117" in page
    assert order.email not in page


def test_order_without_address_has_no_proof(ask, client, path, order):
    Order.objects.filter(pk=order.pk).update(email="")
    order.refresh_from_db()
    assert "Please write to us" in client.get(path(order, "bills")).content.decode()
    assert ask(order, "").status_code == 422
