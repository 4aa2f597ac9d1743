"""Refilling and putting away with a scanner."""

from uuid import uuid4

import pytest

from inventory.models import Bin, PickFace, RefillTask
from inventory.services import refill, stock
from tests.fulfilment.make import confirmed, make_bin
from tests.inventory.ledger import bins
from tests.make import make_sku

OTHER = "This form was sent already with other numbers: nothing was booked now. Scan again."


@pytest.fixture
def task(berlin, mug):
    """Two mugs are to be carried from R-1 to A-1; ten lie in the dock."""
    make_bin(berlin, "R-1", sku=mug, quantity=2, kind=Bin.Kind.BULK)
    PickFace.objects.create(sku=mug, bin=make_bin(berlin, "A-1"), minimum=1, maximum=9)
    refill.make_due()
    return RefillTask.objects.get()


def put_away(client, item, **fields):
    dock = Bin.objects.get(code="DOCK")
    data = {"sku": item.pk, "dock": dock.pk, "pieces": "6", "bin": "A-1", "token": uuid4()}
    return client.post("/stock/put-away/", data | fields)


def test_bin_item_bin_done(worker, task, mug, berlin, texts):
    assert "R-1" in worker.get("/stock/refills/").content.decode()
    address = worker.get("/stock/refills/?code=r-1").headers["Location"]
    assert address == f"/stock/refills/{task.pk}/?source=R-1"
    assert "Scan the item" in worker.get(address).content.decode()
    assert "Scan the bin A-1" in worker.get(f"{address}&item=mug").content.decode()
    data = {"source": "R-1", "item": "MUG", "target": "A-1", "pieces": "2"}
    answer = worker.post(f"/stock/refills/{task.pk}/", data)
    assert texts(answer) == ["2 × MUG are in A-1."]
    assert bins(mug, berlin) == {"DOCK": 10, "A-1": 2}
    answer = worker.post(f"/stock/refills/{task.pk}/", data)
    assert "done already" in texts(answer)[-1]
    assert "No pick face runs low" in worker.get("/stock/refills/").content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("source=A-1", "This is A-1: the task is about R-1."),
        ("source=NONE", "BER has no bin NONE."),
        ("source=R-1&item=CUP", "This is CUP: the task is about MUG."),
        ("source=R-1&item=XX", "Nothing has the code XX."),
    ],
)
def test_a_wrong_scan_is_said_at_once(worker, task, texts, query, words):
    make_sku(code="CUP")
    [said] = texts(worker.get(f"/stock/refills/{task.pk}/?{query}"))
    assert said.startswith(words)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"target": "R-1"}, "This is R-1: the task is about A-1."),
        ({"pieces": "x"}, "Type how many pieces you carried."),
        ({"pieces": "3"}, "Carry between 1 and 2 pieces."),
        ({"source": ""}, "Scan the bin and the item again."),
    ],
)
def test_nonsense_is_said_and_moves_nothing(worker, task, mug, berlin, texts, fields, words):
    data = {"source": "R-1", "item": "MUG", "target": "A-1", "pieces": "2"} | fields
    assert texts(worker.post(f"/stock/refills/{task.pk}/", data)) == [words]
    assert bins(mug, berlin) == {"DOCK": 10, "R-1": 2}


def test_where_nothing_lies_any_more_the_task_ends(worker, task, mug, berlin, texts):
    stock.adjust(mug, berlin, -2, reason="lost", bin=task.source)
    data = {"source": "R-1", "item": "MUG", "target": "A-1", "pieces": "2"}
    assert texts(worker.post(f"/stock/refills/{task.pk}/", data)) == ["Nothing of MUG lies in R-1: the task is closed."]


def test_it_can_be_given_up(worker, task):
    worker.post(f"/stock/refills/{task.pk}/", {"do": "cancel"})
    assert RefillTask.objects.get().status == "cancelled"


def test_a_bin_without_a_task_is_said(worker, task, texts):
    assert texts(worker.get("/stock/refills/?code=Z-1")) == ["Nothing is to be carried from Z-1."]


def test_the_dock_is_listed_and_emptied_by_item_and_bin(worker, mug, berlin, texts):
    make_bin(berlin, "A-1")
    confirmed((mug, 4))
    page = worker.get("/stock/put-away/").content.decode()
    assert "TO PACKING: 4" in page
    assert "A-1" in page
    assert 'value="6"' in worker.get("/stock/put-away/?code=mug").content.decode()
    answer = put_away(worker, mug, bin="a-1")
    assert texts(answer)[-1] == "6 × MUG are in A-1."
    assert bins(mug, berlin) == {"DOCK": 4, "A-1": 6}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"bin": "NONE"}, "BER has no bin NONE."),
        ({"pieces": "x"}, "Type how many pieces you carried."),
        ({"pieces": "11"}, "Bin DOCK holds only 10 of MUG."),
        ({"sku": "0"}, "Scan the item again."),
        ({"dock": "0"}, "Scan the item again."),
        ({"token": ""}, "Scan the item again."),
    ],
)
def test_nonsense_is_said_and_puts_nothing_away(worker, mug, berlin, texts, fields, words):
    make_bin(berlin, "A-1")
    answer = put_away(worker, mug, **fields)
    assert texts(answer) == [words]
    assert bins(mug, berlin) == {"DOCK": 10}


def test_put_away_twice_it_is_carried_once(worker, mug, berlin, texts):
    make_bin(berlin, "A-1")
    token = uuid4()
    for pieces, words in ((10, "10 × MUG are in A-1."), (10, "10 × MUG are in A-1."), (9, OTHER)):
        stock.receive(mug, berlin, 10)
        assert texts(put_away(worker, mug, pieces=pieces, token=token))[-1] == words
        assert bins(mug, berlin)["A-1"] == 10


def test_what_is_not_in_the_dock_is_said(worker, berlin, texts):
    make_sku(code="CUP")
    assert "No CUP lies in the dock" in texts(worker.get("/stock/put-away/?code=cup"))[0]
