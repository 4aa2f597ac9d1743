import pytest
from django.db import IntegrityError, transaction

from inventory.models import Bin, FloorPlan
from inventory.services.draw_floor import AisleIn, draw
from oms.lib.errors import Invalid
from tests.fulfilment.floors import make_floor, make_place
from tests.make import make_location

pytestmark = pytest.mark.django_db


def drawn(place):
    plan = FloorPlan.objects.get(location=place)
    aisles = [(aisle.code, aisle.x_cm, aisle.way) for aisle in plan.aisles.order_by("x_cm")]
    return aisles, list(plan.cross_aisles.order_by("y_cm").values_list("y_cm", flat=True))


def test_a_plan_is_drawn_and_drawn_anew():
    place = make_location()
    plan = draw(place, [AisleIn("a2", 400, "down"), AisleIn("a1", 0)], [2000, 0], start=("A2", 2000))
    assert drawn(place) == ([("A1", 0, "both"), ("A2", 400, "down")], [0, 2000])
    assert (plan.start_aisle.code, plan.start_cross.y_cm, plan.end_aisle) == ("A2", 2000, None)
    again = draw(place, [AisleIn("A1", 100)], [0, 1500, 3000], heavy_from_g=9000, detour_percent=5)
    assert drawn(place) == ([("A1", 100, "both")], [0, 1500, 3000])
    assert (again.pk, again.start_aisle, again.heavy_from_g, again.detour_percent) == (plan.pk, None, 9000, 5)
    assert again.revision != plan.revision


def test_aisles_exchange_places_and_names_and_take_their_bins_along():
    place = make_floor(aisles=2)
    one, two = (make_place(place, aisle, 5)[0] for aisle in ("A1", "A2"))
    draw(place, [AisleIn("A2", 0, was="A1"), AisleIn("A1", 400, was="A2")], [0, 2000])
    assert drawn(place)[0] == [("A2", 0, "both"), ("A1", 400, "both")]
    assert [Bin.objects.get(pk=bin.pk).aisle for bin in (one, two)] == ["A2", "A1"]
    draw(place, [AisleIn("A2", 400), AisleIn("A1", 0)], [0, 2000])
    assert drawn(place)[0] == [("A1", 0, "both"), ("A2", 400, "both")]


@pytest.mark.parametrize(
    ("aisles", "cross", "fields", "said"),
    [
        ([], [0, 2000], {}, "between one and"),
        ([AisleIn("A1", 0)], [0], {}, "two to 6 different cross-aisles"),
        ([AisleIn("A1", 0)], [500, 500], {}, "two to 6 different cross-aisles"),
        ([AisleIn("A1", 0), AisleIn("a1", 5)], [0, 2000], {}, "same code"),
        ([AisleIn("A1", 5), AisleIn("A2", 5)], [0, 2000], {}, "same place"),
        ([AisleIn("A1", 0), AisleIn(" ", 5)], [0, 2000], {}, "Give each aisle a code"),
        ([AisleIn("A1", 100_001)], [0, 2000], {}, "from 0 to 1,000 m"),
        ([AisleIn("A1", 0, "up")], [0, 2000], {}, "nobody could walk back"),
        ([AisleIn("A1", 0)], [0, 2000], {"end": ("A2", 0)}, "an aisle and a cross-aisle of the plan"),
        ([AisleIn("A2", 400)], [0, 2000], {}, "Bin A1-1 would be off the plan"),
        ([AisleIn("A1", 0)], [0, 400], {}, "Bin A1-1 would be off the plan"),
    ],
)
def test_what_makes_no_floor_is_refused(aisles, cross, fields, said):
    place = make_floor(aisles=1)
    make_place(place, "A1", 5)
    before = drawn(place), FloorPlan.objects.get().revision
    with pytest.raises(Invalid, match=said):
        draw(place, aisles, cross, **fields)
    assert (drawn(place), FloorPlan.objects.get().revision) == before


def test_no_two_bins_lie_at_one_place():
    place = make_floor()
    make_place(place, "A1", 5)
    make_place(place, "A1", 5, level=1)
    make_place(place, "A1", 5, side="right")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_place(place, "a1", 5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bin.objects.create(location=place, code="X", position_cm=5)
