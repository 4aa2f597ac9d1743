from decimal import Decimal

import pytest

from inventory.models import StockLevel
from oms.lib.errors import InsufficientStock, InvalidTransition, Stale
from orders.models import Order
from orders.services import search
from orders.services.draft import place_draft, place_once, save_draft
from orders.services.intake import LineIn
from tests.make import make_channel, make_order_in, make_sku

pytestmark = pytest.mark.django_db


def test_holds_no_stock_until_placed():
    order = save_draft(make_order_in(make_sku(5)))
    assert (order.status, StockLevel.objects.get().reserved) == ("draft", 0)
    order = place_draft(order.pk)
    assert (order.status, StockLevel.objects.get().reserved) == ("placed", 1)
    assert place_draft(order.pk).pk == order.pk


def test_saved_again_is_the_same_order():
    order_in = make_order_in(make_sku(5))
    first = save_draft(order_in)
    order_in.lines = [LineIn(make_sku(5).code, 4, Decimal(2))]
    second = save_draft(order_in)
    assert (first.pk, second.gross, second.lines.get().quantity) == (second.pk, Decimal(8), 4)


def test_found_by_what_it_says_now():
    order_in = make_order_in(make_sku(5), email="ann@example.com")
    order = save_draft(order_in)
    assert search.find(order.number) == {order.pk: "number"}
    order_in.email = "bob@example.com"
    save_draft(order_in)
    assert (search.find("ann@example.com"), search.find("bob@example.com")) == ({}, {order.pk: "email"})


def test_placed_order_is_no_draft_any_more():
    order_in = make_order_in(make_sku(5))
    place_draft(save_draft(order_in).pk)
    with pytest.raises(InvalidTransition):
        save_draft(order_in)


def test_a_draft_that_moved_on_is_stale():
    order_in = make_order_in(make_sku(5))
    first = save_draft(order_in)
    order_in.customer_note = "Ring twice"
    for save in (save_draft, place_once):
        with pytest.raises(Stale):
            save(order_in, draft_id=first.pk, version=first.version + 1)
    assert Order.objects.get().customer_note == ""


def test_refused_draft_stays_a_draft():
    order = save_draft(make_order_in(make_sku(0), channel=make_channel(on_shortage="refuse")))
    with pytest.raises(InsufficientStock):
        place_draft(order.pk)
    assert Order.objects.get().status == "draft"
