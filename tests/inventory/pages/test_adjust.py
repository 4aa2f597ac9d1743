from uuid import uuid4

import pytest

from inventory.models import Bin, StockEntry
from orders.models import Allocation
from tests.inventory.conftest import rows
from tests.inventory.ledger import level
from tests.make import make_order


@pytest.fixture
def correct(worker, mug):
    def correct(**fields):
        data = {"sku": mug.pk, "change": -3, "reason": "lost", "where": "", "token": uuid4()} | fields
        return worker.post("/stock/adjust/", data)

    return correct


def test_a_change_is_shown_first_and_booked_when_confirmed(correct, mug, berlin, texts):
    token = uuid4()
    page = correct(token=token).content.decode()
    assert "10 → 7" in page
    assert "-6.00" in page  # three at 2.00
    assert level(mug, berlin) == (10, 0, 0)
    answer = correct(token=token, is_sure="on")
    assert level(mug, berlin) == (7, 0, 0)
    assert texts(answer) == ["MUG at BER: -3 pieces, lost."]
    assert correct(token=token, is_sure="on").status_code == 302
    for other in ({"change": -2}, {"reason": "theft"}):
        answer = correct(token=token, is_sure="on", **other)
        assert (answer.status_code, "sent already with other numbers" in answer.content.decode()) == (422, True)
    assert level(mug, berlin) == (7, 0, 0)
    assert StockEntry.objects.latest("pk").actor.startswith("user:")


def test_broken_promises_are_told_before(correct, mug, berlin):
    order = make_order(mug, 9)
    before = rows()
    assert "2 of them are promised" in correct().content.decode()
    assert rows() == before
    assert Allocation.objects.get(line__order=order).status == "reserved"


@pytest.mark.corrupt(6, 13)  # the floor's part is not played here
def test_what_is_being_picked_is_said_without_the_name_of_a_field(correct, mug, berlin):
    make_order(mug, 9)
    Allocation.objects.update(status="on_floor")
    answer = correct()
    assert answer.status_code == 422
    assert "<p>9 of these pieces are being picked" in answer.content.decode()


def test_the_bin_is_chosen_among_those_that_hold_it(correct, mug, berlin):
    dock = Bin.objects.get(code="DOCK")
    correct(where=dock.pk, is_sure="on")
    assert StockEntry.objects.latest("pk").bin == dock
    assert level(mug, berlin) == (7, 0, 0)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"change": 0}, "Nothing would change."),
        ({"reason": ""}, "This field is required."),
        ({"change": -11, "is_sure": "on"}, "Only 10 pieces of MUG lie on the shelves"),
        ({"change": 5}, "Lost: the change is less than 0 then, not +5."),
        ({"change": -5, "reason": "found"}, "Found: the change is more than 0 then, not -5."),
        ({"change": -11}, "Only 10 pieces of MUG lie on the shelves"),
    ],
)
def test_nonsense_is_said_and_changes_nothing(correct, mug, berlin, fields, words):
    answer = correct(**fields)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert level(mug, berlin) == (10, 0, 0)
