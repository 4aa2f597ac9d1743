"""Each breach of a floor plan that the database cannot refuse is named."""

import pytest

from inventory.models import Aisle, Bin, CrossAisle, FloorPlan
from oms.lib import doctor
from tests.fulfilment.floors import make_floor, make_place

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def found():
    findings = doctor.run(only=25, snapshot=False)
    return [(violation.row, violation.message) for finding in findings for violation in finding.violations]


@pytest.fixture
def place():
    place = make_floor()
    make_place(place, "A1", 5, code="CUPS")
    assert found() == []
    return place


@pytest.mark.parametrize(
    ("corrupt", "said"),
    [
        (lambda: Bin.objects.update(aisle="A9"), "is at A9, 5 m, which is not on the plan"),
        (lambda: Bin.objects.filter(code="CUPS").update(position_cm=2001), "is at A1, 20.01 m, which is not"),
        (lambda: Aisle.objects.filter(code="A1").delete(), "is at A1, 5 m, which is not on the plan"),
        (lambda: CrossAisle.objects.filter(y_cm=2000).update(y_cm=400), "is at A1, 5 m, which is not on the plan"),
    ],
)
def test_a_bin_that_is_not_where_its_plan_is(place, corrupt, said):
    corrupt()
    [(row, message)] = found()
    assert row == f"bin CUPS of {place}"
    assert said in message


@pytest.mark.parametrize(
    ("corrupt", "said"),
    [
        (lambda: Aisle.objects.update(way="up"), ["has only aisles one-way up"]),
        (lambda: CrossAisle.objects.filter(y_cm=0).delete(), ["has fewer than two cross-aisles"]),
        (lambda: Aisle.objects.all().delete(), ["has no aisle"]),
        (
            lambda: FloorPlan.objects.update(start_aisle=elsewhere().aisles.first()),
            ["begins or ends at an aisle of another"],
        ),
        (
            lambda: FloorPlan.objects.update(end_cross=elsewhere().cross_aisles.last()),
            ["begins or ends at a cross-aisle of"],
        ),
    ],
)
def test_a_floor_that_cannot_be_walked(corrupt, said):
    place = make_floor()
    assert found() == []
    corrupt()
    told = [message for row, message in found() if row == f"floor of {place}"]
    assert [message[: len(words)] for message, words in zip(told, said, strict=True)] == said


def elsewhere():
    return FloorPlan.objects.get(location=make_floor())
