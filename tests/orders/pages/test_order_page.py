"""The customer's page as its owner, a stranger and a guesser see it."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from orders.customer.links import LIFETIME
from orders.models import Hold, Note, Order, PromiseEvent
from orders.services import cancel, holds
from orders.services.draft import save_draft
from orders.services.intake import ChargeIn, LineIn
from orders.services.note import write_note
from orders.services.place import place
from tests.deliver import deliver
from tests.make import ADDRESS, make_channel, make_location, make_order, make_order_in, make_sku
from tests.orders.money import make_rates

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, path):
    """Return `read(order, **query)`: the words of its page."""

    def read(order, **query):
        answer = client.get(path(order), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def test_owner_sees_where_it_is_what_it_holds_and_what_it_costs(read):
    order = place(make_order_in(LineIn(make_sku(9).code, 3, Decimal("9.50")), charges=[ChargeIn("shipping", 5)]))
    page = read(order)
    for words in (order.number, "We have your order", "With you by", "3&nbsp;×", "€28.50", "€33.50", "Ann Miller"):
        assert words in page


def test_a_note_for_the_customer_stands_on_his_page_and_no_other(read):
    order = make_order()
    write_note(order.pk, "We call you <on Monday>", audience=Note.Audience.CUSTOMER)
    write_note(order.pk, "He is rude", audience=Note.Audience.CS)
    page = read(order)
    assert "We call you &lt;on Monday&gt;" in page
    assert "rude" not in page


@pytest.mark.corrupt
@pytest.mark.parametrize(("state", "is_asked"), [("shipped", True), ("delivered", False)])
def test_what_has_come_is_not_called_on_its_way(read, state, is_asked):
    order = make_order()
    Order.objects.filter(pk=order.pk).update(fulfilment_state=state)
    assert ("Changed your mind?" in read(order)) == is_asked


@pytest.mark.parametrize("token", ["1", "1-abc", "1-abc.def.ghi", "x" * 500, "1-%F0%9F%98%80.a.b", "..%2f.."])
def test_guesser_learns_nothing(client, token):
    make_order()
    answer = client.get(f"/o/{token}/")
    assert answer.status_code == 404
    assert b"Miller" not in answer.content


def test_forged_and_expired_links_look_alike_and_offer_a_fresh_one(client, path):
    address = path(make_order())
    deliver()
    forged = client.get(address[:-2] + ("A/" if address[-2] != "A" else "B/"))
    with time_machine.travel(timezone.now() + LIFETIME + timedelta(days=1)):
        expired = client.get(address)
    for answer in (forged, expired):
        assert answer.status_code == 404
        assert "does not work any more" in answer.content.decode()
        assert 'name="number"' in answer.content.decode()


def test_draft_is_shown_to_nobody(client, path):
    order = save_draft(make_order_in(make_sku(5)))
    assert client.get(path(order)).status_code == 404


def test_page_is_kept_and_found_by_nobody_and_its_address_is_told_to_nobody(client, path):
    answer = client.get(path(make_order()))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert b"<script" not in answer.content


def test_page_only_reads(client, path):
    assert client.post(path(make_order())).status_code == 405


def test_german_order_is_shown_in_german_until_its_reader_switches(read):
    order = make_order(channel=make_channel(locale="de"))
    assert "Wir haben Ihre Bestellung" in read(order)
    assert "We have your order" in read(order, lang="en")
    assert "Wir haben Ihre Bestellung" in read(order, lang="xx")


def test_language_nobody_wrote_words_for_is_english(read):
    assert "We have your order" in read(make_order(locale="fr"))
    assert "We have your order" in read(make_order(locale="?!"))


def test_as_many_statements_for_many_lines_as_for_one(client, path, django_assert_num_queries):
    one = make_order()
    many = place(make_order_in(*[make_sku(5) for _ in range(20)]))
    counts = []
    for order in (one, many):
        address = path(order)
        with django_assert_num_queries(12):
            counts.append(client.get(address).status_code)
    assert counts == [200, 200]


def test_names_are_shown_as_they_are_and_do_nothing(read):
    sku = make_sku(5, name='"><img src=x onerror=alert(1)>')
    order = make_order(sku, ship_to=ADDRESS | {"name": "<script>alert('ann')</script>", "line1": "{{ 7|add:7 }}"})
    page = read(order)
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "{{ 7|add:7 }}" in page


def test_brand_colour_gets_no_rule_of_its_own_in(read):
    page = read(make_order(channel=make_channel(brand_color="}*{x:y")))
    assert "}*{x:y" not in page
    assert "--brand: #1f4b99" in page


def test_held_order_is_being_checked_and_the_reason_is_for_ourselves(read):
    order = make_order()
    holds.put(order.pk, Hold.Kind.FRAUD, "Card stolen?")
    page = read(order)
    assert "We are checking your order" in page
    assert "stolen" not in page
    assert "fraud" not in page.lower()


def test_unpaid_order_waits_for_its_payment(read):
    assert "waiting for your payment" in read(make_order(channel=make_channel(payment_gate="captured")))


def test_missing_pieces_are_named_and_no_day_is_promised(read):
    page = read(make_order(make_sku(2), 5))
    assert "A part of your order is not in stock" in page
    assert "3 not in stock" in page
    assert "With you by" not in page


def test_late_order_says_why(read):
    order = make_order()
    with time_machine.travel(order.promised_current + timedelta(hours=1)):
        page = read(order)
    assert "It should have been with you on" in page
    assert "We are sorry" in page


def test_later_promise_says_what_was_first_promised(read):
    order = make_order()
    later = order.promised_current + timedelta(days=3)
    Order.objects.filter(pk=order.pk).update(promised_current=later)
    PromiseEvent.objects.create(order=order, old=order.promised_current, new=later, cause="restocked")
    page = read(order)
    assert "First promised for" in page
    assert "missing in stock" in page


def test_cancelled_order_says_so(read):
    order = make_order()
    cancel.cancel(order.pk, reason="we suspect him")
    page = read(order)
    assert "Your order is cancelled" in page
    assert "suspect" not in page


def test_what_is_cancelled_costs_nothing_any_more(read):
    make_rates()
    order = place(
        make_order_in(LineIn(make_sku(9).code, 2, Decimal(49)), charges=[ChargeIn("shipping", Decimal("4.90"))])
    )
    line = order.lines.get()
    for expected in (["€98.00", "€102.90", "€16.43"], ["€49.00", "€53.90", "€8.61"], ["€0.00"]):
        page = read(order)
        assert sorted(set(re.findall(r"€[\d.]+", page)) - {"€4.90"}) == sorted(expected)
        if line.cancelled < 2:
            cancel.cancel(order.pk, lines={line.pk: 1}, reason="too many")
            line.refresh_from_db()


def test_times_are_those_of_where_it_goes(read):
    there = ADDRESS | {"country": "JP", "postcode": "100-0001", "city": "Chiyoda", "region": "Tokyo"}
    with time_machine.travel("2026-03-02T16:30:00Z"):
        order = make_order(ship_to=there)
        assert "March 3, 2026" in read(order), "half past one in the night, in Tokyo"
        deliver()


def test_what_is_ordered_late_in_the_evening_to_be_collected_is_not_late(read):
    with time_machine.travel("2035-03-02T22:28Z"):  # a Friday
        store = make_location(allows_pickup=True, lane=None)
        order = make_order(make_sku(5, store), method="pickup", pickup_location=store.code)
        page = read(order)
    assert order.promised_current.isoformat() == "2035-03-05T19:00:00+00:00"
    assert "Ready to be collected by" in page
    assert "sorry" not in page
