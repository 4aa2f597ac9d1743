from uuid import uuid4

import pytest

from inventory.models import Bin
from inventory.services import stock
from tests.fulfilment.paper import size_of, text_of
from tests.inventory.ledger import level
from tests.make import make_location, make_order


@pytest.fixture
def book(worker, mug):
    def book(**fields):
        return worker.post("/stock/item/quarantine/", {"sku": mug.pk, "token": uuid4(), "quantity": 3} | fields)

    return book


def test_an_item_is_shown_with_stock_bins_and_history(worker, mug, berlin):
    hamburg = make_location("HAM")
    stock.receive(mug, hamburg, 77)
    order = make_order(mug, 4)
    page = worker.post("/stock/place/", {"place": berlin.pk})
    page = worker.get("/stock/item/?code=mug").content.decode()
    for words in ("A mug", "DOCK", "77", order.subject, "receive", "+10"):
        assert words in page


def test_pieces_go_to_quarantine_and_back_or_are_scrapped(book, mug, berlin, texts):
    assert texts(book(what="put"))[-1] == "3 × MUG: into quarantine."
    assert level(mug, berlin) == (10, 0, 3)
    book(what="clear", quantity=1)
    assert level(mug, berlin) == (10, 0, 2)
    book(what="scrap", quantity=2)
    assert level(mug, berlin) == (8, 0, 0)


def test_sent_twice_each_is_booked_once(book, mug, berlin, texts):
    for what, held in (("put", (10, 0, 3)), ("clear", (10, 0, 2)), ("scrap", (9, 0, 1))):
        data = {"what": what, "quantity": 3 if what == "put" else 1, "token": uuid4()}
        said = [texts(book(**data))[-1] for _ in range(2)]
        assert said[0] == said[1]
        assert "sent already with other numbers" in texts(book(**data | {"quantity": 2}))[-1]
        assert level(mug, berlin) == held


@pytest.mark.parametrize(
    "fields", [{"what": "scrap"}, {"what": "eat"}, {"what": "put", "bin": "A-9"}, {"what": "put", "quantity": 99}]
)
def test_nonsense_is_said_and_changes_nothing(book, mug, berlin, fields, texts):
    Bin.objects.create(location=berlin, code="A-1")
    assert len(texts(book(**fields))) == 1
    assert level(mug, berlin) == (10, 0, 0)


@pytest.mark.papers
def test_labels_are_printed(worker, mug):
    answer = worker.get(f"/stock/label/?sku={mug.pk}&quantity=6&bin=A-1&copies=2&reference=LS-7&band=QUARANTINE")
    assert answer["Content-Type"] == "application/pdf"
    pages = text_of(answer)
    assert len(pages) == 2
    assert size_of(answer) == (57, 32)
    for words in ("A-1", "MUG", "6 pc", "QUARANTINE", "LS-7"):
        assert words in pages[0]


def test_a_label_of_nothing_says_so(worker, mug, texts):
    assert len(texts(worker.get("/stock/label/?copies=999"))) == 1


def test_an_unknown_item_says_so(worker, berlin, texts):
    assert texts(worker.get("/stock/item/?code=none")) == [
        "Nothing has the code NONE. Scan again, or look the item up."
    ]
