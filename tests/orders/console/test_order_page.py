import pytest
from django.urls import reverse

from fulfilment.models import Carrier, Parcel
from oms import panels, roles
from oms.outbox.models import Event
from orders.models import Hold, Order
from orders.services import holds, pay
from orders.services.cancel import cancel
from orders.services.note import write_note
from orders.services.tag import tag
from tests.deliver import deliver
from tests.make import make_order, make_sku, make_user
from tests.returns.make import shipped

pytestmark = pytest.mark.django_db


def page(order):
    return f"/admin/orders/order/{order.pk}/change/"


def labels(response):
    return {action["label"] for action in response.context["actions"]}


def test_the_page_shows_what_matters(cs):
    sku = make_sku(10, code="MUG-BLUE")
    order = make_order(sku, 3, phone="+4930123456", customer_note="Ring twice", purchase_order="PO-7")
    write_note(order.pk, "Knows the boss", actor="system")
    tag(order.pk, "VIP")
    holds.put(order.pk, Hold.Kind.ADDRESS, "which street?")
    html = cs.get(page(order)).content.decode()
    for text in (order.number, "MUG-BLUE", "€28.50", "ann@example.com", "+4930123456", "10117 Berlin", "Ring twice"):
        assert text in html, text
    for text in ("Knows the boss", "VIP", "which street?", "7 more can be sold", "PO-7", "chosen", "Order placed"):
        assert text in html, text
    assert f"3 × {order.allocations.get().location.code}" in html


def test_no_panel_is_broken(cs):
    order = make_order()
    deliver()
    pay.add_payment(order.pk, amount=order.gross, reference="bank 1")
    assert b"could not be shown" not in cs.get(page(order)).content


def test_a_broken_panel_leaves_the_rest_alone(cs, monkeypatch):
    order = make_order()
    monkeypatch.setattr("orders.pages.console.order.ORDER_PANELS", ["tests.nowhere.panel", *panels.ORDER_PANELS])
    html = cs.get(page(order)).content.decode()
    assert "could not be shown" in html
    assert order.lines.get().sku_code in html


def test_what_is_cancelled_is_taken_off_what_it_costs(cs):
    order = make_order(quantity=2)
    cancel(order.pk, lines={order.lines.get().pk: 1}, reason="too many")
    html = cs.get(page(order)).content.decode()
    assert '<strong class="oms-total">€9.50</strong>' in html
    assert "€19.00 ordered" in html
    assert '<td class="oms-number">€9.50<div class="oms-dim">' in html


def test_the_page_costs_the_same_however_much_the_order_has(cs, django_assert_max_num_queries):
    small, large = make_order(), make_order()
    for i in range(4):
        write_note(large.pk, f"note {i}", actor=f"user:{cs.user.pk}")
        tag(large.pk, f"tag {i}", actor=f"user:{cs.user.pk}")
    write_note(small.pk, "note", actor=f"user:{cs.user.pk}")
    cs.get(page(small))
    with django_assert_max_num_queries(50) as few:
        cs.get(page(small))
    with django_assert_max_num_queries(len(few)):
        cs.get(page(large))


def test_only_what_is_legal_now_is_offered(cs):
    order = make_order()
    assert {"Edit", "Hold", "Note", "Tag", "Priority", "Cancel"} <= labels(cs.get(page(order)))
    assert "Release" not in labels(cs.get(page(order)))
    holds.put(order.pk, Hold.Kind.MANUAL, "wait")
    assert "Release" in labels(cs.get(page(order)))
    cancel(order.pk, reason="mistake")
    assert labels(cs.get(page(order))) == {"Note", "Tag"}


def test_who_only_reads_is_offered_nothing(client):
    client.force_login(make_user(roles.READ_ONLY))
    response = client.get(page(make_order()))
    assert response.status_code == 200
    assert labels(response) == set()


def test_an_order_that_waits_says_for_what(cs):
    order = make_order()
    deliver("orders.tasks.verify_placed")
    holds_or_placed = Order.objects.get(pk=order.pk)
    assert holds_or_placed.status == Order.Status.CONFIRMED
    other = make_order()
    assert "it is being checked" in cs.get(page(other)).content.decode()


def test_the_timeline_names_people_and_says_what_happened(cs):
    order = make_order()
    holds.put(order.pk, Hold.Kind.FRAUD, "odd", actor=f"user:{cs.user.pk}")
    entries = cs.get(page(order)).content.decode()
    assert "Put on hold" in entries
    assert "Anna Berg" in entries
    assert Event.objects.timeline(order.subject).count() == 2


def test_the_customer_strip_sums_what_he_bought(cs):
    first = make_order()
    make_order()
    gone = make_order()
    cancel(gone.pk, reason="mistake")
    html = cs.get(page(first)).content.decode()
    assert "€19.00" in html
    assert "1 cancelled" in html


def test_the_customer_strip_counts_no_cancelled_pieces(cs):
    order = make_order(quantity=3)
    make_order()
    cancel(order.pk, lines={order.lines.get().pk: 1}, reason="mistake")
    assert "<dt>Bought for</dt><dd>€28.50</dd>" in cs.get(page(order)).content.decode()


def test_no_such_order_is_a_404(cs):
    assert cs.get("/admin/orders/order/999999/change/").status_code == 404


def test_words_of_a_customer_are_shown_not_run(cs):
    order = make_order(
        customer_note="<script>alert(1)</script>",
        ship_to={"name": "<b>Ann</b>", "line1": "x", "city": "y", "country": "DE"},
    )
    html = cs.get(page(order)).content.decode()
    assert "<script>alert(1)" not in html
    assert "<b>Ann" not in html


def test_a_dialog_gets_the_form_without_the_frame(cs):
    order = make_order()
    url = reverse("console:hold", args=[order.pk])
    assert b"<html" in cs.get(url).content
    assert b"<html" not in cs.get(url, headers={"X-Dialog": "1"}).content


def test_every_action_either_opens_or_copies_something(cs):
    order = shipped()
    Carrier.objects.update(tracking_url="https://carrier.example/{number}")
    Parcel.objects.update(tracking_number="1Z999")
    response = cs.get(page(order))
    assert all(action.get("url") or action.get("copies") for action in response.context["actions"])
    assert b'data-copy="https://carrier.example/1Z999" data-key="c"' in response.content
