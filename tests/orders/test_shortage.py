"""What becomes of an order that pieces are missing of: asked once, answered by link, by CS, or by default."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from inventory.services import stock
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from orders.models import Hold, Lane, Order, ShortageQuestion, Substitute
from orders.services import backorder, change, shortage
from orders.services.intake import LineIn
from orders.services.network import forget_network
from orders.services.place import place
from tests.deliver import deliver
from tests.make import ADDRESS, make_channel, make_location, make_order, make_order_in, make_sku
from tests.orders.test_place import make_sku_at

pytestmark = pytest.mark.django_db


def asked(*, here=1, wanted=2, **fields):
    """A confirmed order of two goods, of which `wanted - here` pieces of the first are missing, and its goods."""
    home = make_location()
    mug, cup = make_sku(here, home), make_sku(5, home, name="Cup")
    channel = make_channel(**{"shortage_hours": 24} | fields)
    lines = [LineIn(mug.code, wanted, Decimal("9.50")), LineIn(cup.code, 1, Decimal("5.00"))]
    order = Order.objects.get(pk=place(make_order_in(*lines, channel=channel)).pk)
    deliver()
    order.refresh_from_db()
    return order, mug, home


def holds(order):
    return list(Hold.objects.active().filter(order=order).values_list("kind", flat=True))


def test_customer_is_asked_once_and_what_is_there_is_kept_back():
    order, _, _ = asked()
    shortage.ask(order.pk)
    deliver()
    assert holds(order) == ["stock"]
    assert order.status == "placed"
    assert [one.subject for one in mail.outbox if "choose" in one.subject] == [
        f"Your order {order.number}: pieces are missing, please choose"
    ]


def test_channel_without_hours_asks_nobody():
    order, _, _ = asked(shortage_hours=0)
    assert not ShortageQuestion.objects.exists()
    assert order.status == "confirmed"


def test_order_in_stock_is_not_asked_about():
    make_order(make_sku(5), 1, channel=make_channel(shortage_hours=24))
    deliver()
    assert not ShortageQuestion.objects.exists()


def test_split_lets_go_what_is_there():
    order, _, _ = asked()
    shortage.answer(order.pk, "split", actor="customer")
    order.refresh_from_db()
    assert (order.status, holds(order)) == ("confirmed", [])
    assert order.shortage.answered_by == "customer"


def test_wait_keeps_all_until_the_rest_is_here():
    order, mug, home = asked()
    shortage.answer(order.pk, "wait", actor="customer")
    assert holds(order) == ["stock"]
    stock.receive(mug, home, 1, key="rest")
    deliver()
    order.refresh_from_db()
    assert (order.status, holds(order), order.fulfilment_state) == ("confirmed", [], "open")


def test_who_waits_may_change_his_mind():
    order, _, _ = asked()
    shortage.answer(order.pk, "wait", actor="customer")
    shortage.answer(order.pk, "cancel", actor="customer")
    order.refresh_from_db()
    assert (holds(order), [line.cancelled for line in order.lines.all()]) == ([], [1, 0])


def test_cancel_takes_only_what_is_missing():
    order, _, _ = asked()
    shortage.answer(order.pk, "cancel", actor="customer")
    order.refresh_from_db()
    assert [(line.quantity, line.cancelled) for line in order.lines.all()] == [(2, 1), (1, 0)]
    assert order.status == "confirmed"


def test_substitute_takes_its_place_at_the_same_price():
    order, mug, home = asked()
    other = make_sku(3, home, name="Blue mug")
    assert "substitute" not in shortage.offers(order)
    Substitute.objects.create(sku=mug, substitute=other)
    gross = order.gross
    shortage.answer(order.pk, "substitute", actor="user:3")
    order.refresh_from_db()
    added = order.lines.get(sku=other)
    assert (added.quantity, added.unit_price) == (1, Decimal("9.50"))
    assert order.gross - order.lines.get(sku=mug).unit_price == gross
    assert not order.allocations.backordered().exists()
    assert (order.status, holds(order)) == ("confirmed", [])


@pytest.mark.parametrize(
    ("locale", "head", "offer"),
    [
        ("en", "In stock instead, at the same price:", "1 × Blue mug for Mug"),
        ("de", "Stattdessen vorrätig, zum selben Preis:", "1 × Blue mug statt Mug"),
    ],
)
def test_email_names_the_substitute_and_what_it_costs(locale, head, offer):
    home = make_location()
    mug, other = make_sku(1, home, name="Mug"), make_sku(3, home, name="Blue mug")
    Substitute.objects.create(sku=mug, substitute=other)
    channel = make_channel(shortage_hours=24, locale=locale)
    place(make_order_in(LineIn(mug.code, 2, Decimal("9.50")), channel=channel))
    deliver()
    [letter] = [one for one in mail.outbox if head in one.body]
    assert f"  {offer}\n" in letter.body
    assert f"{offer}<br>" in letter.alternatives[0][0]


def test_email_without_a_substitute_offers_none():
    asked()
    [letter] = [one for one in mail.outbox if "please choose" in one.subject]
    assert "instead" not in letter.body


def test_substitute_that_is_out_of_stock_is_not_offered():
    order, mug, _ = asked()
    Substitute.objects.create(sku=mug, substitute=make_sku())
    with pytest.raises(Invalid, match="Choose one of split, wait, cancel"):
        shortage.answer(order.pk, "substitute", actor="customer")
    assert ShortageQuestion.objects.get().answer == ""
    assert holds(order) == ["stock"]


def test_all_missing_leaves_nothing_to_split():
    order, mug, home = asked(here=0)
    assert set(shortage.offers(order)) == {"split", "wait", "cancel"}
    alone = make_order(make_sku(), 1, channel=order.channel)
    deliver()
    assert set(shortage.offers(alone)) == {"wait", "cancel"}


def test_second_answer_is_refused_and_the_same_one_does_nothing():
    order, _, _ = asked()
    shortage.answer(order.pk, "split", actor="customer")
    events = Event.objects.count()
    shortage.answer(order.pk, "split", actor="customer")
    with pytest.raises(InvalidTransition, match="decided already"):
        shortage.answer(order.pk, "cancel", actor="customer")
    assert Event.objects.count() == events


def test_default_counts_after_the_deadline():
    order, _, _ = asked(shortage_default="cancel")
    shortage.decide_due()
    assert ShortageQuestion.objects.get().answer == ""
    ShortageQuestion.objects.update(answer_by=timezone.now() - timedelta(minutes=1))
    shortage.decide_due()
    assert (ShortageQuestion.objects.get().answer, ShortageQuestion.objects.get().answered_by) == ("cancel", "system")
    assert [line.cancelled for line in order.lines.all()] == [1, 0]


def test_default_to_split_with_nothing_there_waits():
    channel = make_channel(shortage_hours=1)
    order = make_order(make_sku(), 1, channel=channel)
    deliver()
    ShortageQuestion.objects.update(answer_by=timezone.now() - timedelta(minutes=1))
    shortage.decide_due()
    assert ShortageQuestion.objects.get(order=order).answer == "wait"


def test_restocked_before_anybody_answered_goes_on():
    order, mug, home = asked()
    stock.receive(mug, home, 1, key="rest")
    deliver()
    order.refresh_from_db()
    assert (order.status, holds(order)) == ("confirmed", [])
    assert order.shortage.answered_by == "system"


def test_an_address_from_which_all_can_be_had_ends_the_hold():
    home, away = make_location(lane=None), make_location(lane=None)
    for location, zone in ((home, "DE"), (away, "CH")):
        Lane.objects.create(location=location, zone=zone, base=Decimal(4), transit_days=2)
    forget_network()
    sku = make_sku(1, home)
    make_sku_at(sku, away, 5)
    order = make_order(sku, 2, channel=make_channel(shortage_hours=24))
    deliver()
    assert holds(order)
    change.change(order.pk, {"ship_to": ADDRESS | {"country": "CH", "postcode": "8001"}}, actor="user:1")
    deliver()
    assert not order.allocations.backordered().exists()
    assert not holds(order)


def test_after_the_deadline_an_order_that_misses_nothing_goes_on():
    order, mug, home = asked()
    stock.receive(mug, home, 5)
    backorder.take_up(mug.pk)  # and nobody has heard of it yet
    ShortageQuestion.objects.update(answer_by=timezone.now())
    shortage.decide_due()
    assert not holds(order)
