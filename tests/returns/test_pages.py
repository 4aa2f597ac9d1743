"""The returns desk in the console: a rep opens and approves, the desk receives and inspects, money goes back."""

import pytest
from django.test import Client

from inventory.models import StockLevel
from orders.models import Refund
from returns.models import Return, ReturnPolicy
from tests.deliver import deliver
from tests.make import make_order, make_user
from tests.returns.make import asked, received, shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def login(db):
    """Return `login(role)`: a client of somebody with that role."""

    def login(role):
        client = Client()
        client.force_login(make_user(role))
        return client

    return login


def page(pk, name="change"):
    return f"/admin/returns/return/{pk}/{name}/"


def test_the_whole_way_back(login):
    order = shipped(3)
    line = order.lines.get()
    cs, lead = login("CS"), login("Warehouse lead")
    form = cs.get(f"/admin/orders/order/{order.pk}/return/")
    assert f"line-{line.pk}" in form.content.decode()
    cs.post(f"/admin/orders/order/{order.pk}/return/", {f"line-{line.pk}": 2, "reason": "damaged"})
    rma = Return.objects.get()
    cs.post(page(rma.pk, "approve"))
    row = rma.lines.get()
    lead.post(page(rma.pk, "receive"), {f"line-{row.pk}": 2})
    lead.post(
        page(rma.pk, "inspect"), {"line": f"{row.pk}:", "quantity": 1, "grade": 1, "outcome": "restock", "note": ""}
    )
    again = {"line": f"{row.pk}:", "quantity": 1, "grade": 4, "outcome": "scrap", "note": "cracked"}
    lead.post(page(rma.pk, "inspect"), again)
    cs.post(page(rma.pk, "resolve"), {"pays": "yes"})
    deliver()
    rma.refresh_from_db()
    assert (rma.status, Refund.objects.get().status) == ("resolved", "done")
    assert StockLevel.objects.get().on_hand == 98
    for send in (cs.get, cs.post):
        answer = send(page(rma.pk, "resolve"), {"pays": "yes"}, follow=True)
        assert answer.redirect_chain == [(page(rma.pk), 302)]
        assert f"Return {rma} is done already." in answer.content.decode()
    shown = cs.get(page(rma.pk)).content.decode()
    assert "cracked" in shown
    listed = cs.get("/admin/returns/return/").content.decode()
    assert rma.number in listed
    assert "€19.00" in listed
    assert rma.number in cs.get(f"/admin/orders/order/{order.pk}/change/").content.decode()


def test_nothing_typed_is_lost_when_refused(login):
    order = shipped(3)
    line = order.lines.get()
    answer = login("CS").post(
        f"/admin/orders/order/{order.pk}/return/", {f"line-{line.pk}": 9, "reason": "wrong", "note": "two of them"}
    )
    assert answer.status_code == 422
    assert "two of them" in answer.content.decode()
    assert not Return.objects.exists()


def test_declined_with_its_reason(login):
    rma = asked(shipped(3))
    assert login("CS").post(page(rma.pk, "decline"), {"reason": "worn"}).status_code == 302
    rma.refresh_from_db()
    assert (rma.status, rma.decline_reason) == ("declined", "worn")


def test_a_store_books_in_what_comes_back_but_sets_no_policy(login):
    rma, eva = asked(shipped(3)), login("Store")
    eva.post(page(rma.pk, "receive"), {f"line-{rma.lines.get().pk}": 1})
    rma.refresh_from_db()
    assert rma.status == "received"
    assert eva.get(page(rma.pk, "inspect")).status_code == 200
    policy = ReturnPolicy.objects.create(channel=rma.order.channel)
    answer = eva.post(f"/admin/returns/returnpolicy/{policy.pk}/change/", {"channel": policy.channel_id})
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["approve", "decline", "receive", "inspect", "resolve", "transit"])
def test_who_may_only_read_changes_nothing(login, name):
    rma = received(shipped(3))
    client = login("Read-only")
    assert client.get(page(rma.pk)).status_code == 200
    assert client.get(page(rma.pk, name)).status_code == 403
    assert client.post(page(rma.pk, name)).status_code == 403
    assert Return.objects.get().status == "received"


def test_search_by_rma_and_by_order(login):
    rma, client = asked(shipped(3)), login("CS")
    for text in (rma.number, rma.order.number, rma.order.email):
        assert rma.number in client.get(f"/admin/returns/return/?q={text}").content.decode(), text
    assert "Ann Miller" not in client.get("/admin/returns/return/?q=nobody").content.decode()


def test_a_return_is_found_behind_newer_orders_of_the_same_customer(login, monkeypatch):
    monkeypatch.setattr("orders.services.search.find.__kwdefaults__", {"orders": None, "limit": 1})
    rma = asked(shipped(3))
    make_order(email=rma.order.email)
    listed = login("CS").get(f"/admin/returns/return/?q={rma.order.email}")
    assert list(listed.context["cl"].result_list) == [rma]
