"""Pick lists in walking order on a floor that is drawn, and what becomes of the walk on the way."""

from datetime import date, timedelta

import pytest

from fulfilment.models import FulfilmentOrder, PickList
from fulfilment.services.pick import hand_on, pick, start
from fulfilment.services.release import release, withdraw
from fulfilment.services.short import short
from inventory.models import PickFace
from inventory.services import stock
from oms.lib import doctor
from oms.lib.errors import InvalidTransition
from oms.outbox.models import Event
from tests.fulfilment.floors import make_floor, make_place
from tests.fulfilment.make import ACTOR, confirmed, make_bin, released, work_of
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_floor()


def walk_of(pick_list):
    return [task.bin.code for task in pick_list.tasks.in_walking_order().select_related("bin")]


def test_tasks_stand_in_the_order_of_the_shortest_walk(place):
    skus = [make_place(place, aisle, y, code=code)[1] for aisle, y, code in PLACES]
    shelf = make_sku()
    make_bin(place, "A-0", sku=shelf, quantity=5)
    pick_list = released(confirmed(*((sku, 1) for sku in skus), (shelf, 1)))
    # Up one aisle and down the next, whatever the codes say; what is off the plan comes last.
    assert walk_of(pick_list) in (["Z", "Y", "C", "B", "A-0"], ["B", "C", "Y", "Z", "A-0"])
    pick_list.refresh_from_db()
    assert (pick_list.walk_m, pick_list.naive_m) == (48, 48)


PLACES = [("A1", 5, "Z"), ("A1", 15, "Y"), ("A2", 5, "B"), ("A2", 15, "C")]


def test_the_naive_walk_stands_beside_it(place):
    skus = [make_place(place, aisle, y)[1] for aisle in ("A1", "A2", "A3") for y in (2, 18)]
    pick_list = released(confirmed(*((sku, 1) for sku in skus)))
    pick_list.refresh_from_db()
    assert (pick_list.walk_m, pick_list.naive_m) == (64, 92)


def test_without_a_plan_there_are_no_metres_and_natural_order(place):
    other = make_sku()
    make_bin(place, "B-1", sku=other, quantity=3)
    place.floor_plan.delete()
    sku = make_place(place, "A1", 5, code="A-2")[1]
    pick_list = released(confirmed((other, 1), (sku, 1)))
    assert walk_of(pick_list) == ["A-2", "B-1"]
    assert (pick_list.walk_m, pick_list.naive_m) == (None, None)


def test_of_several_bins_the_one_on_the_way_is_taken(place):
    _, sku = make_place(place, "A1", 2, code="A1-1", quantity=2)
    make_place(place, "A3", 18, code="A3-1", sku=sku)
    _, other = make_place(place, "A3", 17, code="A3-2")
    assert walk_of(released(confirmed((sku, 1), (other, 1)))) in (["A3-1", "A3-2"], ["A3-2", "A3-1"])
    # Where one bin has not enough, it takes as few as it can.
    assert set(walk_of(released(confirmed((sku, 9))))) == {"A1-1", "A3-1"}


def test_pick_faces_and_what_expires_first_come_before_the_walk(place):
    face, sku = make_place(place, "A3", 18, code="FACE")
    make_place(place, "A1", 2, code="NEAR", sku=sku)
    PickFace.objects.create(sku=sku, bin=face, minimum=1, maximum=20)
    near, tea = make_place(place, "A1", 4, code="LATE", sku=make_sku(tracking="lot"), quantity=0)
    far, _ = make_place(place, "A3", 4, code="SOON", sku=tea, quantity=0)
    for bin_, days in ((near, 300), (far, 30)):
        expires_on = date.today() + timedelta(days=days)
        stock.receive(tea, place, 5, bin=bin_, lot=stock_lot(tea, f"L{days}", expires_on))
    assert set(walk_of(released(confirmed((sku, 1), (tea, 1))))) == {"FACE", "SOON"}


def stock_lot(sku, code, expires_on):
    return sku.lots.create(code=code, expires_on=expires_on)


def test_heavy_goods_come_before_fragile_ones(place):
    _, glass = make_place(place, "A1", 5, code="GLASS", sku=make_sku(is_fragile=True))
    _, stone = make_place(place, "A2", 5, code="STONE", sku=make_sku(weight_g=6000))
    assert walk_of(released(confirmed((glass, 1), (stone, 1)))) == ["STONE", "GLASS"]


def test_at_one_place_heavy_goods_come_first_too(place):
    _, glass = make_place(place, "A1", 5, code="A", sku=make_sku(is_fragile=True))
    _, stone = make_place(place, "A1", 5, code="B", level=1, sku=make_sku(weight_g=6000))
    assert walk_of(released(confirmed((glass, 1), (stone, 1)))) == ["B", "A"]


def test_a_short_pick_goes_on_where_the_way_that_is_left_passes(place):
    near, cup = make_place(place, "A1", 5, code="A1-1", sku=make_sku(weight_g=6000), quantity=2)
    PickFace.objects.create(sku=cup, bin=near, minimum=1, maximum=2)
    make_place(place, "A3", 5, code="A3-9", side="right", sku=cup, quantity=2)
    make_place(place, "A2", 19, code="A2-9", sku=cup, quantity=2)
    glass = [make_place(place, a, 5, code=f"{a}-5", sku=make_sku(is_fragile=True))[1] for a in ("A2", "A3")]
    pick_list = released(confirmed((cup, 2), *((sku, 1) for sku in glass)))
    pick_list.refresh_from_db()
    was = pick_list.walk_m
    assert walk_of(pick_list) == ["A1-1", "A2-5", "A3-5"]
    first = pick_list.tasks.in_walking_order().first()

    again = short(first.pk, reason="missing", actor=ACTOR)

    assert again.bin.code == "A3-9"
    left = [task.bin.code for task in pick_list.tasks.open().in_walking_order().select_related("bin")]
    assert left == ["A2-5", "A3-9", "A3-5"]
    pick_list.refresh_from_db()
    assert pick_list.walk_m == was


@pytest.fixture
def zones(place):
    """Two orders whose goods lie in zones N and S; returns (orders, the pick lists)."""
    _, cup = make_place(place, "A1", 5, code="A1-1", zone="N")
    _, pot = make_place(place, "A3", 5, code="A3-1", zone="S")
    orders = [confirmed((cup, 1), (pot, 1)), confirmed((pot, 2))]
    answer = release([work_of(order).pk for order in orders], by_zone=True, actor=ACTOR)
    return orders, [answer.pick_list, *answer.later]


def test_each_zone_has_a_list_with_the_same_totes(zones):
    (both, south), (first, second) = zones
    assert [(row.zone, walk_of(row), row.first) for row in (first, second)] == [
        ("N", ["A1-1"], None),
        ("S", ["A3-1", "A3-1"], first),
    ]
    assert [work_of(order).tote_code for order in (both, south)] == [f"L{first.pk}-1", f"L{first.pk}-2"]
    assert list(second.zone_lists()) == [first, second]
    assert Event.objects.filter(name="pick_list.released").count() == 2
    first.refresh_from_db()
    assert (first.walk_m, PickList.objects.get(pk=second.pk).walk_m) == (10, 26)


def test_a_zone_is_done_by_itself_and_the_order_with_the_last(zones):
    (both, _), (first, second) = zones
    pick_all(first)
    assert [status(row) for row in (first, second)] == ["done", "open"]
    assert work_of(both).picked_at is None
    pick_all(second)
    assert status(second) == "done"
    assert work_of(both).picked_at


def test_zones_give_work_back_together(zones):
    (both, south), (first, second) = zones
    pick_all(first)
    assert withdraw(second.pk, actor=ACTOR) == 1
    assert [work_of(order).status for order in (both, south)] == ["picking", "open"]
    assert [status(row) for row in (first, second)] == ["done", "open"]
    assert second.tasks.count() == 1


def test_a_list_is_handed_to_a_colleague_with_what_was_picked(zones):
    _, (_, second) = zones
    ben, eva = make_user("Picker"), make_user("Picker")
    start(second.pk, picker=ben, actor=ACTOR)
    task = second.tasks.in_walking_order().first()
    pick(task.pk, picked=1, actor=ACTOR)

    for _ in range(2):
        hand_on(second.pk, picker=eva, actor=ACTOR)

    second.refresh_from_db()
    assert (second.picker, second.status) == (eva, "open")
    assert second.tasks.get(pk=task.pk).picked == 1
    [event] = Event.objects.filter(name="pick_list.handed_on")
    assert (event.data["from_picker"], event.data["picker"]) == (ben.pk, eva.pk)
    pick_all(second)
    with pytest.raises(InvalidTransition, match="is done"):
        hand_on(second.pk, picker=ben, actor=ACTOR)


def pick_all(pick_list):
    for task in pick_list.tasks.open():
        pick(task.pk, picked=task.quantity, actor=ACTOR)


def status(pick_list):
    return PickList.objects.get(pk=pick_list.pk).status


@pytest.mark.corrupt(25)
@pytest.mark.parametrize(
    "corrupt",
    [
        lambda first, later: FulfilmentOrder.objects.update(pick_list=later),
        lambda first, later: PickList.objects.filter(pk=later.pk).update(location=make_location()),
        lambda first, later: PickList.objects.filter(pk=first.pk).update(first=later),
    ],
)
def test_the_doctor_names_a_list_without_totes(zones, corrupt):
    assert doctor.run(only=25, snapshot=False)[0].violations == ()
    first, later = zones[1]
    corrupt(first, later)
    found = [row.row for finding in doctor.run(only=25, snapshot=False) for row in finding.violations]
    assert f"pick list {later}" in found
