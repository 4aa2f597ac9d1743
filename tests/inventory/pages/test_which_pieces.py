"""At the shelf, of goods kept by lot or by serial: which pieces somebody has in hand is asked for, and kept."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import Bin, BinStock, CountSession, Lot, PickFace, RefillTask, Serial
from inventory.services import refill, serials, stock, withhold
from tests.inventory.ledger import level
from tests.make import make_sku


@pytest.fixture
def dock(berlin):
    Bin.objects.create(location=berlin, code="A-1")
    return stock.system_bin(berlin, Bin.Kind.DOCK)


@pytest.fixture
def milk(berlin, dock):
    """Four pieces of L1 and two of L2 in the DOCK."""
    milk, today = make_sku(code="MILK", tracking="lot"), timezone.localdate()
    for number, (code, pieces) in enumerate({"L1": 4, "L2": 2}.items(), start=1):
        lot = Lot.objects.create(sku=milk, code=code, expires_on=today + timedelta(days=30 * number))
        stock.receive(milk, berlin, pieces, bin=dock, lot=lot)
    return milk


@pytest.fixture
def phone(berlin, dock):
    """S1, S2 and S3 in the DOCK."""
    phone = make_sku(code="PHONE", tracking="serial")
    stock.receive(phone, berlin, 3, bin=dock, serials=serials.new(phone, ["S1", "S2", "S3"]))
    return phone


def held(sku):
    rows = BinStock.objects.filter(sku=sku, quantity__gt=0).select_related("bin", "lot")
    return {(row.bin.code, row.lot.code): row.quantity for row in rows}


def lying(sku, code):
    return set(Serial.objects.filter(sku=sku, bin__code=code, is_assumed=False).values_list("code", flat=True))


def carry(client, sku, dock, **fields):
    data = {"sku": sku.pk, "source": dock.pk, "quantity": 1, "bin": "A-1", "token": uuid4()} | fields
    return client.post("/stock/move/", data)


def correct(client, sku, dock, **fields):
    data = {"sku": sku.pk, "where": dock.pk, "change": -1, "reason": "lost", "is_sure": "on", "token": uuid4()}
    return client.post("/stock/adjust/", data | fields)


def test_the_lot_that_is_moved_is_the_one_named(worker, milk, dock):
    assert carry(worker, milk, dock, lot="l2").status_code == 302
    assert held(milk) == {("DOCK", "L1"): 4, ("DOCK", "L2"): 1, ("A-1", "L2"): 1}


def test_sent_twice_the_same_numbers_go_once_and_another_is_refused(worker, phone, dock):
    token = uuid4()
    for _ in range(2):
        assert carry(worker, phone, dock, serials="S2", token=token).status_code == 302
    assert carry(worker, phone, dock, serials="S3", token=token).status_code == 422
    assert lying(phone, "A-1") == {"S2"}
    token = uuid4()
    for _ in range(2):
        assert correct(worker, phone, dock, serials="S1", token=token).status_code == 302
    assert lying(phone, "DOCK") == {"S3"}


def test_a_label_names_the_lot(worker, milk, dock):
    page = worker.get("/stock/move/?code=MILK").content.decode()
    assert "4 of <strong>L1</strong>" in page
    assert carry(worker, milk, dock, lot="(01)04006381333931(10)L2").status_code == 302
    assert held(milk)["A-1", "L2"] == 1


def test_where_there_is_no_doubt_nothing_is_asked(worker, milk, phone, dock):
    assert carry(worker, milk, dock, quantity=6).status_code == 302
    assert held(milk) == {("A-1", "L1"): 4, ("A-1", "L2"): 2}
    assert carry(worker, phone, dock, quantity=3).status_code == 302
    assert lying(phone, "A-1") == {"S1", "S2", "S3"}


def test_the_serials_that_are_moved_are_those_scanned(worker, phone, dock):
    assert carry(worker, phone, dock, quantity=2, serials="s3\ns1").status_code == 302
    assert lying(phone, "A-1") == {"S1", "S3"}
    assert lying(phone, "DOCK") == {"S2"}


def test_a_scan_corrects_what_was_only_assumed(worker, phone, dock, berlin):
    shelf = Bin.objects.get(code="A-1")
    stock.move(phone, dock, shelf, 1)
    assert carry(worker, phone, shelf, bin="DOCK", serials="S2").status_code == 302
    assert Serial.objects.get(code="S2").bin == dock


def test_found_and_lost_pieces_are_of_their_lot(worker, milk, dock, berlin):
    correct(worker, milk, dock, change=-2, lot="L2")
    correct(worker, milk, dock, change=3, reason="found", lot="L1")
    assert held(milk) == {("DOCK", "L1"): 7}
    assert level(milk, berlin) == (7, 0, 0)


def test_the_lot_stays_through_the_preview(worker, milk, dock):
    page = correct(worker, milk, dock, lot="L2", is_sure="").content.decode()
    assert '<input type="hidden" name="lot" value="L2"' in page


def test_a_lost_number_is_found_again(worker, phone, dock):
    correct(worker, phone, dock, serials="S2")
    assert Serial.objects.get(code="S2").state == "scrapped"
    correct(worker, phone, dock, change=1, reason="found", serials="S2")
    assert lying(phone, "DOCK") == {"S1", "S2", "S3"}


def test_quarantine_takes_the_lot_that_is_named(worker, milk, dock, berlin):
    data = {"sku": milk.pk, "quantity": 1, "token": uuid4(), "lot": "L2"}
    worker.post("/stock/item/quarantine/", data | {"what": "put"})
    assert held(milk) == {("DOCK", "L1"): 4, ("DOCK", "L2"): 1, ("QUARANTINE", "L2"): 1}
    worker.post("/stock/item/quarantine/", data | {"what": "scrap", "token": uuid4()})
    assert held(milk) == {("DOCK", "L1"): 4, ("DOCK", "L2"): 1}


def test_an_expired_lot_is_not_fit_again(worker, milk, dock, berlin, texts):
    data = {"sku": milk.pk, "quantity": 2, "token": uuid4(), "lot": "L2"}
    worker.post("/stock/item/quarantine/", data | {"what": "put"})
    Lot.objects.filter(code="L2").update(expires_on=date(2020, 1, 1))
    answer = worker.post("/stock/item/quarantine/", data | {"what": "clear", "token": uuid4()})
    assert texts(answer)[-1] == "Lot L2 of MILK expired on 01.01.2020. Scrap it, or send it back."
    assert held(milk)["QUARANTINE", "L2"] == 2


def test_the_lot_is_put_away_that_is_named(worker, milk, dock):
    data = {"sku": milk.pk, "pieces": "1", "bin": "A-1", "lot": "L2"}
    assert "4 of <strong>L1</strong>" in worker.get("/stock/put-away/?code=MILK").content.decode()
    worker.post("/stock/put-away/", data | {"dock": dock.pk, "token": uuid4()})
    assert held(milk)["A-1", "L2"] == 1


def test_a_refill_carries_the_lot_that_is_named(worker, milk, dock, berlin, texts):
    bulk = Bin.objects.create(location=berlin, code="R-1", kind=Bin.Kind.BULK)
    stock.move(milk, dock, bulk, 6)
    PickFace.objects.create(sku=milk, bin=Bin.objects.get(code="A-1"), minimum=1, maximum=2)
    refill.make_due()
    data = {"source": "R-1", "item": "MILK", "target": "A-1", "pieces": "2"}
    address = f"/stock/refills/{RefillTask.objects.get().pk}/"
    assert texts(worker.post(address, data))[-1] == "MILK is kept by lot: scan the lot, or type it."
    assert RefillTask.objects.get().is_open
    worker.post(address, data | {"lot": "L2"})
    assert held(milk) == {("R-1", "L1"): 4, ("A-1", "L2"): 2}


def test_a_look_up_says_lots_with_their_days_and_finds_a_serial(worker, milk, phone):
    withhold.block(Lot.objects.get(code="L2").pk, "glass", actor="user:1")
    page = worker.get("/stock/item/?code=milk").content.decode()
    assert "L1" in page
    assert "out of sale" in page
    assert "in DOCK at BER" in worker.get("/stock/item/?code=s2").content.decode()


def test_more_than_the_book_is_not_counted_without_a_lot(worker, milk, berlin, dock):
    worker.post("/stock/counts/", {"bin": "DOCK"})
    address = f"/stock/counts/{CountSession.objects.get().pk}/"
    worker.post(address, {"sku": milk.pk, "pieces": "9"})
    worker.post(f"{address}review/", {})
    assert "of which lot nobody knows" in worker.get(f"{address}review/").content.decode()
    assert level(milk, berlin) == (6, 0, 0)
