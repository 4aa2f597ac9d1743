from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from inventory.models import Bin, Receipt, Sku, SkuBarcode, StockEntry
from inventory.services.announce_shipment import announce
from tests.inventory.buying import make_sent
from tests.inventory.ledger import bins, level
from tests.make import make_channel, make_order, make_sku


@pytest.fixture
def book(worker, mug):
    def book(**fields):
        data = {"sku": mug.pk, "quantity": 5, "token": uuid4()} | fields
        return worker.post("/stock/receive/", data)

    return book


def test_a_scanned_case_proposes_its_pieces(worker, mug):
    SkuBarcode.objects.create(sku=mug, code="CASE", pieces=6)
    page = worker.get("/stock/receive/?code=case&reference=LS-7").content.decode()
    assert 'value="6"' in page
    assert "6 pieces per scan" in page
    assert 'value="LS-7"' in page


def test_booked_pieces_lie_in_the_dock_and_the_note_stays(book, mug, berlin, texts):
    answer = book(reference="LS-7")
    assert answer.headers["Location"] == "/stock/receive/?reference=LS-7"
    assert bins(mug, berlin) == {"DOCK": 15}
    entry = StockEntry.objects.latest("pk")
    receipt = Receipt.objects.get(delivery_note="LS-7")
    assert (entry.subject, entry.reason) == (receipt.subject, "receive")
    assert entry.actor.startswith("user:")
    [text] = texts(answer)
    assert text.startswith("5 × MUG into DOCK.")
    assert f"/stock/label/?sku={mug.pk}&amp;quantity=5&amp;bin=DOCK&amp;reference=LS-7" in text


def test_sent_twice_it_is_booked_once(book, mug, berlin):
    token = uuid4()
    book(token=token)
    book(token=token, is_sure="on")
    assert level(mug, berlin) == (15, 0, 0)
    for other in ({"quantity": 7}, {"is_damaged": "on"}, {"reference": "LS-8"}):
        answer = book(token=token, **other)
        assert (answer.status_code, "sent already with other numbers" in answer.content.decode()) == (422, True)
    assert level(mug, berlin) == (15, 0, 0)


def test_a_bin_can_be_scanned(book, mug, berlin):
    Bin.objects.create(location=berlin, code="A-1")
    book(bin="a-1")
    assert bins(mug, berlin) == {"DOCK": 10, "A-1": 5}


def test_damaged_pieces_go_to_quarantine_with_their_label(book, mug, berlin, texts):
    [text] = texts(book(is_damaged="on"))
    assert level(mug, berlin) == (15, 0, 5)
    assert bins(mug, berlin) == {"DOCK": 10, "QUARANTINE": 5}
    assert set(StockEntry.objects.filter(bin__code="QUARANTINE").values_list("reason", flat=True)) == {"damaged"}
    assert "band=QUARANTINE" in text


def test_what_somebody_waits_for_goes_to_packing(book, mug, berlin, texts):
    channel = make_channel()
    make_order(mug, 10, channel=channel)
    for pieces in (2, 1):
        make_order(mug, pieces, channel=channel)
    [text] = texts(book())
    assert 'TO PACKING</strong> <strong class="large">3 pieces for 2 orders<' in text
    text = texts(book(quantity=1))[-1]
    assert 'TO PACKING</strong> <strong class="large">1 piece for 2 orders<' in text


def test_damaged_pieces_go_to_nobody(book, mug, berlin, texts):
    make_order(mug, 12)
    [text] = texts(book(is_damaged="on"))
    assert "TO PACKING" not in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"quantity": 0}, "greater than or equal to 1"),
        ({"quantity": "4006381333931"}, "less than or equal to 99999"),
        ({"bin": "NONE"}, "BER has no bin NONE."),
    ],
)
def test_nonsense_is_said_at_its_field_and_books_nothing(book, mug, berlin, fields, words):
    answer = book(**fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert level(mug, berlin) == (10, 0, 0)


def test_ten_times_the_largest_receipt_is_asked_twice(book, mug, berlin):
    answer = book(quantity=100)
    assert "The largest receipt so far had 10 pieces. Sure?" in answer.content.decode()
    assert level(mug, berlin) == (10, 0, 0)
    book(quantity=100, is_sure="on")
    assert level(mug, berlin) == (110, 0, 0)


def test_an_unknown_code_is_learned_and_goes_on_with_its_item(worker, mug):
    page = worker.get("/stock/receive/?code=A mu")
    assert page.status_code == 404
    assert "Learn this barcode" in page.content.decode()
    assert "/stock/receive/?code=MUG" in page.content.decode(), "what is called so is offered"
    answer = worker.post("/stock/receive/learn/", {"code": "999", "item": "mug", "pieces": 3, "reference": "L1"})
    assert answer.headers["Location"] == "/stock/receive/?code=999&reference=L1"
    assert SkuBarcode.objects.get().pieces == 3


def test_an_unknown_code_is_one_of_what_is_still_to_come_or_called_so(worker, berlin):
    order = make_sent(5, location=berlin)
    sku = order.lines.get().sku
    answer = worker.get(f"/stock/receive/?code=999&reference={order.number}")
    assert f'name="item" value="{sku}"' in answer.content.decode()
    kettle = make_sku(code="KET", name="Kettle, red")
    data = {"code": "999", "item": "kettle", "pieces": 1, "reference": order.number}
    page = worker.post("/stock/receive/learn/", data).content.decode()
    assert 'name="item" value="KET"' in page
    assert f'name="item" value="{sku}"' not in page
    worker.post("/stock/receive/learn/", data | {"item": ["kettle", "KET"]})
    assert SkuBarcode.objects.get(code="999").sku == kettle


def test_a_code_is_not_learned_for_an_item_that_is_none(worker, mug):
    answer = worker.post("/stock/receive/learn/", {"code": "999", "item": "none", "pieces": 1})
    assert (answer.status_code, "Nothing has the code NONE." in answer.content.decode()) == (422, True)
    assert not SkuBarcode.objects.exists()


def test_an_item_that_is_gone_asks_to_scan_again(book, worker, texts):
    answer = book(sku=0)
    assert answer.headers["Location"] == "/stock/receive/"
    assert texts(answer) == ["Scan the item again."]


@pytest.fixture
def ordered(berlin):
    return make_sent(10, location=berlin)


def of(order, **fields):
    return {"sku": order.lines.get().sku_id, "reference": order.number} | fields


def test_a_scanned_purchase_order_is_kept_and_shows_what_is_still_to_come(worker, ordered):
    answer = worker.get(f"/stock/receive/?code={ordered.number.lower()}")
    assert answer.headers["Location"] == f"/stock/receive/?reference={ordered.number}"
    page = worker.get(answer.headers["Location"]).content.decode()
    assert ordered.supplier.name in page
    assert "10 of 10" in page
    page = worker.get(f"/stock/receive/?code={ordered.lines.get().sku}&reference={ordered.number}").content.decode()
    assert "0 of 10 came so far." in page


def test_pieces_are_booked_against_the_purchase_order(book, ordered):
    book(**of(ordered, quantity=6))
    book(**of(ordered, quantity=4, is_damaged="on"))
    ordered.refresh_from_db()
    assert (ordered.lines.get().received, ordered.status) == (10, "received")
    assert StockEntry.objects.latest("pk").subject == ordered.subject


def test_too_many_pieces_are_refused_and_change_nothing(book, ordered):
    answer = book(**of(ordered, quantity=12, is_over_accepted="on"))
    assert answer.status_code == 422
    assert "take at most 11, or have a lead accept more" in answer.content.decode()
    assert ordered.lines.get().received == 0
    assert not StockEntry.objects.filter(subject=ordered.subject).exists()


def test_a_lead_is_asked_and_accepts_too_many(worker, book, ordered):
    user = User.objects.latest("pk")
    user.user_permissions.add(Permission.objects.get(codename="accept_over_delivery"))
    page = book(**of(ordered, quantity=12)).content.decode()
    assert 'name="is_over_accepted" value="on"' in page
    assert ordered.lines.get().received == 0
    book(**of(ordered, quantity=12, is_over_accepted="on"))
    assert ordered.lines.get().received == 12


def test_an_item_that_was_not_ordered_is_refused(book, ordered, mug, berlin):
    answer = book(reference=ordered.number)
    assert "MUG is not on purchase order" in answer.content.decode()
    assert level(mug, berlin) == (10, 0, 0)


def test_an_announced_delivery_note_finds_its_purchase_order(worker, book, ordered):
    pieces, day = {ordered.lines.get().pk: 6}, timezone.localdate()
    announce(ordered.pk, pieces, delivery_note="LS-77", arrives_on=day, actor="partner:1")
    assert f"Receive {ordered}" in worker.get("/stock/receive/?reference=LS-77").content.decode()
    book(**of(ordered, reference="LS-77"))
    assert ordered.lines.get().received == 5
    assert Receipt.objects.get(order=ordered).delivery_note == "LS-77"


def test_a_scanned_label_fills_lot_and_last_day(worker, book, mug, berlin):
    milk = Sku.objects.create(code="MILK", name="Milk", tracking="lot")
    SkuBarcode.objects.create(sku=milk, code="9501101530003")
    page = worker.get("/stock/receive/", {"code": "010950110153000317301231" + "10AB-1"}).content.decode()
    assert 'value="AB-1"' in page
    assert 'value="2030-12-31"' in page
    answer = book(sku=milk.pk, lot="AB-1", expires_on="2030-12-31")
    assert answer.status_code == 302
    assert bins(milk, berlin) == {"DOCK": 5}


def test_an_expired_lot_is_said_at_its_field(book, berlin):
    milk = Sku.objects.create(code="MILK", name="Milk", tracking="lot")
    answer = book(sku=milk.pk, lot="AB-1", expires_on="2020-01-31")
    assert answer.status_code == 422
    assert "expired on 31.01.2020" in answer.content.decode()
    assert not StockEntry.objects.filter(sku=milk).exists()


def test_serials_are_scanned_a_line_each(book, berlin):
    phone = Sku.objects.create(code="PHONE", name="Phone", tracking="serial")
    assert "0 of 2 so far" in book(sku=phone.pk, quantity=2).content.decode()
    assert book(sku=phone.pk, quantity=2, serials="S1\nS2\n").status_code == 302
    assert [serial.code for serial in phone.serials.all()] == ["S1", "S2"]
