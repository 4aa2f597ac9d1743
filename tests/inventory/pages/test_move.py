from uuid import uuid4

import pytest

from inventory.models import Bin
from inventory.services import stock
from tests.inventory.ledger import bins, level
from tests.make import make_sku


@pytest.fixture
def shelf(berlin):
    return Bin.objects.create(location=berlin, code="A-1")


@pytest.fixture
def carry(worker, mug, berlin):
    def carry(**fields):
        dock = stock.system_bin(berlin, Bin.Kind.DOCK)
        data = {"sku": mug.pk, "source": dock.pk, "quantity": 4, "bin": "A-1", "token": uuid4()} | fields
        return worker.post("/stock/move/", data)

    return carry


def test_all_that_lies_in_the_dock_is_proposed(worker, mug, shelf):
    stock.receive(mug, shelf.location, 90, bin=shelf)
    page = worker.get("/stock/move/?code=mug").content.decode()
    assert "selected>DOCK (10)</option>" in page
    assert 'value="10"' in page


def test_item_bin_done(carry, mug, berlin, shelf, texts):
    answer = carry()
    assert answer.headers["Location"] == "/stock/move/"
    assert bins(mug, berlin) == {"DOCK": 6, "A-1": 4}
    assert texts(answer) == ["4 × MUG from DOCK to A-1."]


def test_sent_twice_it_is_moved_once(carry, mug, berlin, shelf, texts):
    token = uuid4()
    for _ in range(2):
        answer = carry(token=token, quantity=10)
        assert texts(answer)[-1] == "10 × MUG from DOCK to A-1."
    assert bins(mug, berlin) == {"A-1": 10}
    stock.receive(mug, berlin, 10)
    for other in ({"quantity": 9}, {"quantity": 10, "bin": "QUARANTINE"}):
        stock.system_bin(berlin, Bin.Kind.QUARANTINE)
        answer = carry(token=token, **other)
        assert "sent already with other numbers: nothing was booked" in answer.content.decode()
    assert bins(mug, berlin) == {"DOCK": 10, "A-1": 10}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"bin": "NONE"}, "BER has no bin NONE."),
        ({"bin": "dock"}, "<p>They lie in DOCK already."),
        ({"quantity": 11}, "Bin DOCK holds only 10 of MUG."),
    ],
)
def test_nonsense_is_said_and_moves_nothing(carry, mug, berlin, shelf, fields, words):
    answer = carry(**fields)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert bins(mug, berlin) == {"DOCK": 10}


def test_into_quarantine_is_out_of_sale(carry, mug, berlin):
    stock.system_bin(berlin, Bin.Kind.QUARANTINE)
    carry(bin="quarantine")
    assert level(mug, berlin) == (10, 0, 4)


def test_what_lies_nowhere_is_not_moved(worker, berlin, texts):
    make_sku(code="CUP")
    answer = worker.get("/stock/move/?code=cup")
    assert texts(answer) == ["BER has no CUP in any bin. Receive it, or count it."]
