"""Pick faces run low; bulk bins refill them, once, with pieces that nobody else is to take."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fulfilment.services.plan_bins import free_bins
from inventory.models import Bin, PickFace, RefillTask, StockEntry
from inventory.services import refill, stock
from oms.lib.errors import Invalid
from oms.outbox.models import Event
from tests.fulfilment.make import confirmed, make_bin, released
from tests.inventory.ledger import bins
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug():
    return make_sku(code="MUG")


@pytest.fixture
def bulk(berlin, mug):
    return make_bin(berlin, "R-1", sku=mug, quantity=30, kind=Bin.Kind.BULK)


@pytest.fixture
def face(berlin, mug, bulk):
    """A-1 holds two mugs of at least three and at most ten."""
    return PickFace.objects.create(sku=mug, bin=make_bin(berlin, sku=mug, quantity=2), minimum=3, maximum=10)


@pytest.fixture
def task(face):
    refill.make_due()
    return RefillTask.objects.get()


@pytest.fixture
def finish(task, mug, bulk, face):
    def finish(**changes):
        scanned = {"sku": mug, "source": bulk, "target": face.bin, "pieces": 8} | changes
        return refill.finish(task.pk, actor="user:1", **scanned)

    return finish


def test_a_face_below_its_minimum_is_filled_up_to_its_maximum(task, bulk, face):
    assert (task.source, task.quantity, task.face) == (bulk, 8, face)


def test_a_task_is_made_once(task):
    assert refill.make_due() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        RefillTask.objects.create(location=task.location, face=task.face, source=task.source, quantity=1)


def test_a_face_at_its_minimum_waits(face, mug, berlin):
    stock.receive(mug, berlin, 1, bin=face.bin)
    assert refill.make_due() == 0


def test_without_bulk_there_is_no_task(face, mug, bulk, berlin):
    stock.adjust(mug, berlin, -30, reason="lost", bin=bulk)
    make_bin(berlin, "A-2", sku=mug, quantity=30)
    make_bin(make_location(), "R-1", sku=mug, quantity=30, kind=Bin.Kind.BULK)
    assert refill.make_due() == 0


def test_the_bin_that_the_refill_empties_goes_first_and_two_faces_share_a_bin(face, mug, berlin):
    make_bin(berlin, "R-2", sku=mug, quantity=8, kind=Bin.Kind.BULK)
    PickFace.objects.create(sku=mug, bin=make_bin(berlin, "A-2"), minimum=1, maximum=40)
    assert refill.make_due() == 2
    rows = RefillTask.objects.order_by("face__bin__code").values_list("source__code", "quantity")
    assert list(rows) == [("R-2", 8), ("R-1", 30)]


def test_what_pickers_are_to_take_is_left_for_them(berlin, mug, bulk):
    released(confirmed((mug, 25)))
    PickFace.objects.create(sku=mug, bin=make_bin(berlin, "A-3"), minimum=3, maximum=10)
    refill.make_due()
    assert RefillTask.objects.get().quantity == 5


def test_done_it_is_carried_and_told(finish, mug, berlin):
    task = finish()
    assert (task.status, task.moved, task.done_by) == ("done", 8, "user:1")
    assert bins(mug, berlin) == {"A-1": 10, "R-1": 22}
    assert Event.objects.filter(name="stock.refilled").count() == 1


def test_done_twice_it_is_carried_once(finish, mug, berlin):
    finish()
    assert finish().status == "done"
    assert bins(mug, berlin) == {"A-1": 10, "R-1": 22}


def test_fewer_can_be_carried_and_the_next_round_asks_for_the_rest(finish, mug, berlin, task):
    assert finish(pieces=0 + 1).moved == 1
    assert refill.make_due() == 0  # three are the minimum
    stock.adjust(mug, berlin, -1, reason="lost", bin=task.face.bin)
    assert refill.make_due() == 1


def test_a_bin_that_is_empty_by_now_ends_the_task(finish, mug, bulk, berlin):
    stock.adjust(mug, berlin, -30, reason="lost", bin=bulk)
    assert finish().status == "cancelled"
    assert bins(mug, berlin) == {"A-1": 2}


@pytest.mark.parametrize("pieces", [0, -1, 9])
def test_pieces_that_cannot_be_are_refused(finish, refused, pieces):
    with refused(Invalid, "Carry between 1 and 8"):
        finish(pieces=pieces)


@pytest.mark.parametrize("wrong", ["sku", "source", "target"])
def test_the_wrong_item_or_bin_is_refused(finish, refused, berlin, wrong):
    other = make_sku(code="CUP") if wrong == "sku" else make_bin(berlin, "Z-9")
    with refused(Invalid, "the task is about"):
        finish(**{wrong: other})


def test_one_that_is_given_up_stays_so(task, finish, mug, berlin):
    assert refill.cancel(task.pk).status == "cancelled"
    assert finish().status == "cancelled"
    assert bins(mug, berlin) == {"A-1": 2, "R-1": 30}
    assert not StockEntry.objects.filter(reason="refill").exists()


def test_pickers_are_sent_to_faces_first_and_never_for_what_a_refill_carries(task, mug, berlin):
    make_bin(berlin, "A-0", sku=mug, quantity=4)
    free = [(bin_.code, pieces) for bin_, pieces in free_bins(berlin, [mug.pk])[mug.pk]]
    assert free == [("A-1", 2), ("A-0", 4), ("R-1", 22)]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"minimum": 0}, "maximum"), ({"minimum": 10}, "maximum"), ({"bin": "R-1"}, "bin"), ({"sku": "kit"}, "sku")],
)
def test_what_is_no_pick_face_is_refused(face, bulk, fields, field):
    changed = {"bin": bulk} if "bin" in fields else {"sku": make_sku(kind="kit")} if "sku" in fields else fields
    for name, value in changed.items():
        setattr(face, name, value)
    with pytest.raises(ValidationError) as refused:
        face.full_clean()
    assert field in refused.value.message_dict


def test_a_maximum_below_the_minimum_is_refused_by_the_database(face):
    with pytest.raises(IntegrityError), transaction.atomic():
        PickFace.objects.update(maximum=3)


def test_what_one_refill_carries_is_not_proposed_to_the_next(task, mug, berlin):
    RefillTask.objects.update(quantity=28)
    PickFace.objects.create(sku=mug, bin=make_bin(berlin, "A-2"), minimum=1, maximum=40)
    refill.make_due()
    assert RefillTask.objects.get(face__bin__code="A-2").quantity == 2
