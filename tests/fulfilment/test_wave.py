"""Waves: what a preview says, that each order is on one list, and that a wave can be stopped and taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PickList, Wave
from fulfilment.services import wave
from fulfilment.services.floor_plan import floor_of
from fulfilment.services.pick import pick, unpick
from fulfilment.services.release import withdraw
from inventory.services import stock
from oms.lib.errors import InvalidTransition
from oms.outbox.models import Event
from orders.models import Order
from orders.services import holds
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.floors import make_floor, make_place
from tests.fulfilment.make import ACTOR, confirmed, work_of
from tests.fulfilment.waves import make_aisles, make_preset, released_wave
from tests.make import make_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    """(location, {bin code: Sku}) of three aisles."""
    return make_aisles()


def states(planned):
    return sorted(planned.orders.values_list("state", flat=True))


def pick_all(pick_list):
    for task in pick_list.tasks.open():
        pick(task.pk, picked=task.quantity, actor=ACTOR)


def test_preview_counts_and_releases_nothing(floor):
    location, goods = floor
    confirmed((goods["A-1"], 2)), confirmed((goods["A-2"], 1), (goods["C-4"], 1))

    planned = wave.preview(make_preset(location), actor=ACTOR)

    figures = planned.figures
    assert {key: figures[key] for key in ("orders", "lists", "lines", "pieces", "weight_g")} == {
        "orders": 2, "lists": 1, "lines": 3, "pieces": 4, "weight_g": 1200,
    }  # fmt: skip
    # To and, two aisles of 4 m on, C-4: there and back in each aisle would be 2 × 2 + 2 × 8 + 2 × 4.
    assert figures["metres"] == figures["cart_metres"][0] == 26
    assert planned.status == "draft"
    assert not PickList.objects.exists()
    assert set(FulfilmentOrder.objects.values_list("status", flat=True)) == {"open"}


def test_orders_of_an_aisle_share_a_cart(floor):
    location, goods = floor
    rows = [work_of(confirmed((goods[code], 1))) for code in ("A-1", "C-1", "A-2", "C-2")]
    planned = released_wave(make_preset(location, totes=2))
    lists = [{work.pk for work in each.fulfilment_orders.all()} for each in planned.pick_lists.order_by("cart")]
    assert sorted(map(sorted, lists)) == [sorted([rows[0].pk, rows[2].pk]), sorted([rows[1].pk, rows[3].pk])]
    assert planned.figures["metres"] < planned.figures["naive_metres"]
    assert all(each.metres == metres for each, metres in zip(
        planned.pick_lists.order_by("cart"), planned.figures["cart_metres"], strict=True))  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "lists"),
    [
        ({"totes": 3}, 2),
        ({"most_pieces": 4}, 2),
        ({"most_weight_g": 600}, 3),
        ({"most_weight_g": 100}, 5),  # each too heavy: a cart of its own
        ({"most_litres": 2}, 3),
        ({"mode": "discrete"}, 5),
        ({}, 1),
    ],
)
def test_a_cart_holds_what_it_may(limit, lists):
    location, goods = make_aisles(2, 3, pieces=50)
    for sku in goods.values():
        sku.length_mm = sku.width_mm = sku.height_mm = 100  # a litre
        sku.save()
    for code in ("A-1", "A-2", "A-3", "B-1", "B-2"):
        confirmed((goods[code], 1))
    planned = wave.preview(make_preset(location, **limit), actor=ACTOR)
    assert planned.figures["lists"] == lists
    carts = list(planned.orders.values_list("cart", flat=True))
    assert set(carts) == set(range(1, lists + 1))


def test_what_cannot_go_is_left_out_with_the_reason(floor):
    location, goods = floor
    nowhere, held, first, second = (confirmed((goods[code], 1)) for code in ("B-1", "A-1", "A-1", "A-1"))
    holds.put(held.pk, "manual", "ask first")
    stage = stock.system_bin(location, "stage")
    stock.move(goods["B-1"], location.bins.get(code="B-1"), stage, 99)
    planned = wave.preview(make_preset(location, most_orders=2), actor=ACTOR)
    reasons = {row["why"]: row["orders"] for row in planned.figures["left_out"]}
    assert reasons == {
        "more than the preset takes": [second.number],
        "on hold": [held.number],
        "in no bin: count, put away or refill first": [nowhere.number],
    }
    assert [row.fulfilment_order.order for row in planned.orders.all()] == [first]


def test_nothing_ready_says_why(floor):
    location, goods = floor
    order = confirmed((goods["A-1"], 1))
    holds.put(order.pk, "manual", "ask first")
    with pytest.raises(InvalidTransition, match="Nothing is ready for Late: 1 on hold"):
        wave.preview(make_preset(location, name="Late"), actor=ACTOR)
    assert not Wave.objects.exists()


@pytest.mark.parametrize(
    "rule",
    [
        {"due": "late"},
        {"due_hours": 1},
        {"priority": 1},
        {"method": "express"},
        {"zone": "a"},
        {"size": "piece"},
        {"size": "line", "zone": "A"},
        {"goes_by": "pickup"},
    ],
)
def test_a_preset_takes_what_it_means(floor, rule):
    location, goods = floor
    wanted = confirmed((goods["A-1"], 1), priority=1)
    confirmed((goods["B-1"], 2), (goods["A-2"], 1))
    Order.objects.filter(pk=wanted.pk).update(method="express")
    row = work_of(wanted)
    FulfilmentOrder.objects.filter(pk=row.pk).update(ship_by=timezone.now() - timedelta(hours=1), method="pickup")
    planned = wave.preview(make_preset(location, **rule), actor=ACTOR)
    assert [each.fulfilment_order for each in planned.orders.all()] == [row]
    FulfilmentOrder.objects.filter(pk=row.pk).update(method="ship")


def test_more_than_one_line_and_a_channel(floor):
    location, goods = floor
    confirmed((goods["A-1"], 3))
    two = confirmed((goods["B-1"], 1), (goods["A-2"], 1))
    planned = wave.preview(make_preset(location, size="more", channel=two.channel), actor=ACTOR)
    assert [each.fulfilment_order.order for each in planned.orders.all()] == [two]


def test_release_makes_the_lists_and_a_second_call_none(floor):
    location, goods = floor
    for code in ("A-1", "B-1", "C-1"):
        confirmed((goods[code], 1))
    planned = released_wave(make_preset(location, mode="discrete", verifies_totes=True))
    assert (planned.status, states(planned)) == ("released", ["released"] * 3)
    assert [(each.mode, each.verifies_totes) for each in planned.pick_lists.all()] == [("discrete", True)] * 3

    wave.release_wave(planned.pk, actor=ACTOR)
    deliver()  # the workers' part finds nothing left
    assert PickList.objects.count() == 3
    assert Event.objects.filter(name="wave.released").count() == 1


def test_workers_release_what_nobody_waited_for(floor):
    location, goods = floor
    for code in ("A-1", "B-1", "C-1"):
        confirmed((goods[code], 1))
    planned = wave.preview(make_preset(location, mode="discrete"), actor=ACTOR)
    wave.release_wave(planned.pk, actor=ACTOR, seconds=-1)
    assert not PickList.objects.exists()
    deliver()
    assert PickList.objects.count() == 3


def test_a_stopped_wave_goes_on_where_it_was(floor):
    location, goods = floor
    for code in ("A-1", "B-1", "C-1"):
        confirmed((goods[code], 1))
    planned = wave.preview(make_preset(location, mode="discrete"), actor=ACTOR)
    wave.begin(planned.pk, actor=ACTOR)
    wave.release_cart(planned.pk, 1, actor=ACTOR)
    wave.stop_wave(planned.pk)
    deliver()
    assert PickList.objects.count() == 1
    wave.begin(planned.pk, actor=ACTOR)
    deliver()
    assert (PickList.objects.count(), states(planned)) == (3, ["released"] * 3)


def test_what_changed_since_the_preview_is_left_out(floor):
    location, goods = floor
    gone, held, goes = (confirmed((goods[code], 1)) for code in ("A-1", "A-2", "A-3"))
    planned = wave.preview(make_preset(location), actor=ACTOR)
    cancel(gone.pk, reason="mind changed")
    holds.put(held.pk, "manual", "ask first")
    wave.release_wave(planned.pk, actor=ACTOR)
    rows = {row.fulfilment_order.order: (row.state, row.why) for row in planned.orders.all()}
    assert rows[goes] == ("released", "")
    assert rows[held] == ("left_out", f"Order {held} is on hold")
    assert rows[gone][0] == "left_out"
    deliver()


def test_a_cart_of_which_nothing_is_left_ends_the_wave(floor):
    location, goods = floor
    order = confirmed((goods["A-1"], 1))
    planned = wave.preview(make_preset(location), actor=ACTOR)
    holds.put(order.pk, "manual", "ask first")
    for _ in range(2):
        assert wave.release_wave(planned.pk, actor=ACTOR).status == "done"
    assert not PickList.objects.exists()
    assert Event.objects.filter(name="wave.released").count() == 1


def test_a_wave_is_done_when_its_lists_are_and_open_again_with_them(floor):
    location, goods = floor
    confirmed((goods["A-1"], 1)), confirmed((goods["B-1"], 1))
    planned = released_wave(make_preset(location, mode="discrete"))
    first, second = planned.pick_lists.order_by("cart")
    pick_all(first)
    deliver()
    planned.refresh_from_db()
    assert planned.status == "released"
    pick_all(second)
    deliver()
    planned.refresh_from_db()
    assert (planned.status, wave.progress_of(planned)["picked"]) == ("done", 2)
    unpick(second.tasks.get().pk, actor=ACTOR)
    deliver()
    planned.refresh_from_db()
    assert planned.status == "released"


def test_a_wave_taken_back_leaves_what_was_begun(floor):
    location, goods = floor
    begun, waiting = confirmed((goods["A-1"], 2)), confirmed((goods["B-1"], 1))
    planned = released_wave(make_preset(location, mode="discrete"))
    task = work_of(begun).pick_list.tasks.get()
    pick(task.pk, picked=1, actor=ACTOR)

    assert wave.withdraw_wave(planned.pk, actor=ACTOR) == 1

    planned.refresh_from_db()
    assert (work_of(begun).status, work_of(waiting).status) == ("picking", "open")
    assert (planned.status, states(planned)) == ("released", ["back", "released"])
    assert wave.withdraw_wave(planned.pk, actor=ACTOR) == 0
    again = released_wave(make_preset(location))
    assert [row.fulfilment_order.order for row in again.orders.all()] == [waiting]
    deliver()


def test_a_wave_taken_back_whole_is_cancelled(floor):
    location, goods = floor
    confirmed((goods["A-1"], 1)), confirmed((goods["B-1"], 1))
    planned = wave.preview(make_preset(location, mode="discrete"), actor=ACTOR)
    wave.begin(planned.pk, actor=ACTOR)
    wave.release_cart(planned.pk, 1, actor=ACTOR)
    wave.withdraw_wave(planned.pk, actor=ACTOR)
    deliver()
    planned.refresh_from_db()
    assert (planned.status, states(planned)) == ("cancelled", ["back", "back"])
    assert set(FulfilmentOrder.objects.values_list("status", flat=True)) == {"open"}
    assert set(PickList.objects.values_list("status", flat=True)) == {"cancelled"}


def test_one_list_taken_back_leaves_the_wave_to_the_others(floor):
    location, goods = floor
    confirmed((goods["A-1"], 1)), confirmed((goods["B-1"], 1))
    planned = released_wave(make_preset(location, mode="discrete"))
    first, second = planned.pick_lists.order_by("cart")
    withdraw(first.pk, actor=ACTOR)
    pick_all(second)
    deliver()
    planned.refresh_from_db()
    assert (planned.status, states(planned)) == ("done", ["back", "released"])


def test_a_new_preview_takes_the_place_of_one_not_released(floor):
    location, goods = floor
    confirmed((goods["A-1"], 1))
    preset = make_preset(location)
    first, second = wave.preview(preset, actor=ACTOR), wave.preview(preset, actor=ACTOR)
    first.refresh_from_db()
    assert (first.status, second.status) == ("cancelled", "draft")
    with pytest.raises(InvalidTransition, match="cancelled and cannot become released"):
        wave.release_wave(first.pk, actor=ACTOR)


def test_what_a_wave_has_still_to_release_no_other_takes(floor):
    location, goods = floor
    confirmed((goods["A-1"], 1))
    planned = wave.preview(make_preset(location), actor=ACTOR)
    wave.begin(planned.pk, actor=ACTOR)
    with pytest.raises(InvalidTransition, match="Nothing is ready"):
        wave.preview(make_preset(location), actor=ACTOR)
    deliver()


def test_promises_at_risk_are_named(floor):
    location, goods = floor
    late, fine = confirmed((goods["A-1"], 1)), confirmed((goods["B-1"], 1))
    FulfilmentOrder.objects.filter(order=late).update(ship_by=timezone.now() + timedelta(seconds=90))
    FulfilmentOrder.objects.filter(order=fine).update(ship_by=timezone.now() + timedelta(hours=5))
    planned = wave.preview(make_preset(location, mode="discrete"), actor=ACTOR)
    assert [row["order"] for row in planned.figures["at_risk"]] == [late.number]
    # The urgent one is walked first.
    assert planned.orders.get(cart=1).fulfilment_order.order == late


def test_a_drawn_floor_is_walked_as_it_is_drawn():
    location = make_floor(make_location())
    places = [make_place(location, "A1", 5), make_place(location, "A3", 15)]
    for _, sku in places:
        confirmed((sku, 1))
    figures = wave.preview(make_preset(location), actor=ACTOR).figures
    assert not figures["is_guessed"]
    assert figures["metres"] == round(floor_of(location).metres([bin_ for bin_, _ in places])) == 56
