from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from fulfilment.documents.packing_slip import page as slip
from fulfilment.documents.pick_list import page as list_page
from fulfilment.models import ParcelLine, ParcelSerial, PickTask, PutBack
from fulfilment.services import cancel_work, pack
from fulfilment.services.pick import pick, take_lot, unpick
from fulfilment.services.plan_bins import free_bins
from fulfilment.services.ship import ship
from fulfilment.services.short import short
from fulfilment.services.unship import unship
from inventory.models import Bin, BinStock, Lot, Serial, SkuBarcode
from inventory.services import serials, stock
from oms.lib import doctor
from oms.lib.clock import today_at
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from oms.outbox.models import Event
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, picked, released, work_of
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def milk():
    """Lots of MILK in three shelves: LATE in A-1, EARLY in A-2, and OLD, expired, in A-3; three pieces each."""
    berlin, milk = make_location(), make_sku(code="MILK", tracking="lot")
    today = timezone.localdate()
    days = {"LATE": today + timedelta(days=90), "EARLY": today + timedelta(days=30), "OLD": date(2020, 1, 1)}
    for number, (code, day) in enumerate(days.items(), start=1):
        lot = Lot.objects.create(sku=milk, code=code, expires_on=day)
        bin_ = Bin.objects.create(location=berlin, code=f"A-{number}")
        stock.receive(milk, berlin, 3, bin=bin_, lot=lot)
    return milk


@pytest.fixture
def phone():
    """Three phones in one shelf: S1, S2, S3."""
    berlin, phone = make_location(), make_sku(code="PHONE", tracking="serial")
    shelf = Bin.objects.create(location=berlin, code="A-1")
    stock.receive(phone, berlin, 3, bin=shelf, serials=serials.new(phone, ["S1", "S2", "S3"]))
    return phone


def scan(order, code):
    return pack.scan(work_of(order).pk, code, actor=ACTOR)


def shipped(order, *codes):
    picked(order)
    for code in codes:
        line = scan(order, code)
    pack.close_parcel(line.parcel_id, weight_g=800, actor=ACTOR)
    ship(work_of(order).pk, actor=ACTOR)
    return line.parcel


def held(sku):
    rows = BinStock.objects.filter(sku=sku, quantity__gt=0).select_related("bin", "lot")
    return {(row.bin.code, row.lot.code): row.quantity for row in rows}


def test_what_expires_first_is_picked_first_and_nothing_expired(milk):
    location = Bin.objects.get(code="A-1").location
    free = [(spot.code, spot.lot.code, n) for spot, n in free_bins(location, [milk.pk])[milk.pk]]
    assert free == [("A-2", "EARLY", 3), ("A-1", "LATE", 3)]
    Lot.objects.filter(code="EARLY").update(blocked_at=timezone.now(), block_reason="glass")
    assert [spot.code for spot, _ in free_bins(location, [milk.pk])[milk.pk]] == ["A-1"]


def test_the_list_says_which_lot(milk):
    pick_list = released(confirmed((milk, 4)))
    rows = list_page(pick_list)["pages"][0]["rows"]
    assert [row["name"] for row in rows if "name" in row] == ["LATE · Mug", "EARLY · Mug"]
    assert sorted((task.lot.code, task.quantity) for task in PickTask.objects.all()) == [("EARLY", 3), ("LATE", 1)]


def test_another_lot_in_the_bin_may_be_taken_and_is_recorded(milk):
    other = Lot.objects.create(sku=milk, code="OTHER", expires_on=timezone.localdate() + timedelta(days=60))
    stock.receive(milk, Bin.objects.get(code="A-2").location, 2, bin=Bin.objects.get(code="A-2"), lot=other)
    order = confirmed((milk, 1))
    task = released(order).tasks.get()
    take_lot(task.pk, "other", actor=ACTOR)
    pick(task.pk, picked=1, actor=ACTOR)
    assert held(milk)["STAGE", "OTHER"] == 1
    data = Event.objects.get(name="order.other_lot_picked", subject=order.subject).data
    assert (data["planned"], data["taken"]) == ("EARLY", "OTHER")


@pytest.mark.parametrize(("code", "said"), [("OLD", "expired"), ("LATE", "does not lie"), ("X", "does not lie")])
def test_a_lot_that_cannot_be_taken_is_refused(milk, code, said):
    old = Lot.objects.get(code="OLD")
    stock.move(milk, Bin.objects.get(code="A-3"), Bin.objects.get(code="A-2"), 1, lot=old)
    task = released(confirmed((milk, 1))).tasks.get()
    with pytest.raises(Invalid, match=said):
        take_lot(task.pk, code, actor=ACTOR)
    assert PickTask.objects.get().lot.code == "EARLY"


def test_a_lot_that_expired_after_the_list_was_printed_is_refused(milk):
    task = released(confirmed((milk, 1))).tasks.get()
    Lot.objects.filter(code="EARLY").update(expires_on=date(2020, 1, 1))
    before = held(milk)
    with pytest.raises(Invalid, match="Leave it"):
        pick(task.pk, picked=1, actor=ACTOR)
    assert held(milk) == before


def test_a_lot_is_picked_on_its_last_day_by_the_clock_of_its_place(milk):
    berlin = Bin.objects.get(code="A-2").location
    berlin.tz = "Etc/GMT+12"
    berlin.save()
    Lot.objects.filter(code="EARLY").update(expires_on=today_at(berlin))
    with timezone.override(ZoneInfo("Pacific/Kiritimati")):  # a day ahead, always
        pick(released(confirmed((milk, 1))).tasks.get().pk, picked=1, actor=ACTOR)
    assert held(milk)["STAGE", "EARLY"] == 1


def test_lots_go_with_the_parcel_and_come_back(milk):
    order = confirmed((milk, 4))
    parcel = shipped(order, *["MILK"] * 4)
    lines = ParcelLine.objects.filter(parcel=parcel)
    assert sorted((line.lot.code, line.quantity) for line in lines) == [("EARLY", 3), ("LATE", 1)]
    assert set(slip(parcel)["pages"][0][0]["identified"].split(", ")) == {"EARLY", "LATE"}
    assert held(milk) == {("A-1", "LATE"): 2, ("A-3", "OLD"): 3}
    unship(work_of(order).pk, actor=ACTOR)
    assert held(milk) == {("A-1", "LATE"): 2, ("A-3", "OLD"): 3, ("STAGE", "EARLY"): 3, ("STAGE", "LATE"): 1}


@pytest.mark.parametrize("name", ["EARLY", "LATE"])
def test_the_lot_that_the_label_names_is_packed(milk, name):
    SkuBarcode.objects.create(sku=milk, code="4006381333931")
    order = confirmed((milk, 4))
    picked(order)
    assert str(scan(order, f"(01)04006381333931(10){name.lower()}").lot) == name


def test_a_lot_of_which_all_is_packed_is_refused(milk):
    SkuBarcode.objects.create(sku=milk, code="4006381333931")
    order = confirmed((milk, 4))
    picked(order)
    scan(order, "(01)04006381333931(10)LATE")
    with pytest.raises(Invalid, match="Lot LATE of MILK was not picked"):
        scan(order, "(01)04006381333931(10)LATE")


@pytest.mark.parametrize(("name", "packed"), [("EARLY", {"EARLY": 2}), ("LATE", {"LATE": 1, "EARLY": 1})])
def test_a_case_begins_with_the_lot_on_its_label(milk, name, packed):
    SkuBarcode.objects.create(sku=milk, code="4006381333931", pieces=2)
    order = confirmed((milk, 4))
    picked(order)
    scan(order, f"(01)04006381333931(10){name}")
    assert {str(row.lot): row.quantity for row in ParcelLine.objects.all()} == packed


def test_serials_are_scanned_at_the_bench_and_shipped(phone):
    order = confirmed((phone, 2))
    parcel = shipped(order, "s3", "S1")
    assert [str(one) for one in ParcelSerial.objects.all()] == ["S3", "S1"]
    assert slip(parcel)["pages"][0][0]["identified"] == "S3, S1"
    states = {serial.code: (serial.state, serial.subject) for serial in Serial.objects.all()}
    assert states["S1"] == states["S3"] == ("shipped", order.subject)
    assert states["S2"][0] == "in_stock"
    unship(work_of(order).pk, actor=ACTOR)
    assert Serial.objects.filter(bin__code="STAGE").count() == 2
    assert not Serial.objects.get(code="S3").is_assumed


@pytest.mark.parametrize(
    ("code", "said"), [("PHONE", "Scan the serial number"), ("S1", "packed already"), ("S9", "S9")]
)
def test_a_wrong_serial_is_refused_at_the_bench(phone, code, said):
    order = confirmed((phone, 2))
    picked(order)
    scan(order, "S1")
    with pytest.raises(DomainError, match=said):
        scan(order, code)
    assert ParcelSerial.objects.count() == 1


def test_a_serial_that_is_taken_out_can_be_packed_again(phone):
    order = confirmed((phone, 1))
    picked(order)
    pack.undo(scan(order, "S1").pk, actor=ACTOR)
    assert not ParcelSerial.objects.exists()
    scan(order, "S2")
    assert Serial.objects.get(code="S2").bin.code == "STAGE"


@pytest.mark.corrupt
def test_the_doctor_finds_a_shipped_serial_without_a_parcel(phone):
    shipped(confirmed((phone, 1)), "S1")
    Serial.objects.filter(code="S1").update(subject="order:0")
    found = [violation for finding in doctor.run(only=7, snapshot=False) for violation in finding.violations]
    assert [violation.message for violation in found] == ["left for order:0, in no parcel that left"]


def put_back_one(order):
    """CS cancels one piece of an order, and somebody carries it back."""
    cancel(order.pk, lines={order.lines.get().pk: 1}, reason="changed mind", actor="user:7")
    deliver()
    cancel_work.accept(work_of(order).pk, actor=ACTOR)
    cancel_work.put_back(PutBack.objects.get().pk, actor=ACTOR)


def ship_the_rest(order):
    parcel = work_of(order).parcels.get(status="packing")
    pack.close_parcel(parcel.pk, weight_g=800, actor=ACTOR)
    ship(work_of(order).pk, actor=ACTOR)


def test_the_serial_that_is_packed_is_not_put_back(phone):
    order = confirmed((phone, 2))
    picked(order)
    scan(order, "S1")
    put_back_one(order)
    assert {one.code: one.bin.code for one in Serial.objects.all()} == {"S1": "STAGE", "S2": "A-1", "S3": "A-1"}
    ship_the_rest(order)
    assert Serial.objects.get(code="S1").state == "shipped"


def test_which_of_the_loose_serials_was_put_back_the_bench_says(phone):
    order = confirmed((phone, 3))
    picked(order)
    put_back_one(order)
    for code in ("S1", "S3"):
        scan(order, code)
    assert {one.code: one.bin.code for one in Serial.objects.all()} == {"S1": "STAGE", "S2": "A-1", "S3": "STAGE"}


def test_the_lot_that_is_packed_is_not_put_back(milk):
    stock.adjust(milk, Bin.objects.get(code="A-2").location, -2, reason="lost", bin=Bin.objects.get(code="A-2"))
    order = confirmed((milk, 2))
    picked(order)
    row = scan(order, "MILK")
    put_back_one(order)
    packed = row.lot.code
    assert {lot: n for (code, lot), n in held(milk).items() if code == "STAGE"} == {packed: 1}
    ship_the_rest(order)
    left = {"EARLY", "LATE"} - {packed}
    assert {lot for code, lot in held(milk) if code != "A-3"} == left | {"LATE"}


def test_the_serial_that_is_packed_is_not_unpicked(phone):
    order, shelf = confirmed((phone, 2)), Bin.objects.get(code="A-1")
    other = Bin.objects.create(location=shelf.location, code="B-1")
    stock.move(phone, shelf, other, 2, serials=Serial.objects.exclude(code="S1"))
    pick_list = released(order)
    for task in pick_list.tasks.in_walking_order():
        pick(task.pk, picked=1, actor=ACTOR)
    scan(order, "S1")
    unpick(pick_list.tasks.get(bin=other).pk, actor=ACTOR)
    assert {one.code: one.bin.code for one in Serial.objects.all()} == {"S1": "STAGE", "S2": "B-1", "S3": "B-1"}


def test_the_lot_that_is_packed_is_not_unpicked(milk):
    order = confirmed((milk, 4))
    picked(order)
    lot = scan(order, "MILK").lot
    before = held(milk)
    with pytest.raises(InvalidTransition, match="undo it at the bench"):
        unpick(PickTask.objects.get(lot=lot).pk, actor=ACTOR)
    assert held(milk) == before
    unpick(PickTask.objects.exclude(lot=lot).get().pk, actor=ACTOR)
    assert held(milk) != before


def test_the_serial_that_was_only_assumed_to_be_missing_is_packed(phone):
    """Two are missed of three; the one that lies there is scanned, whichever the book wrote off."""
    first, second = confirmed((phone, 1)), confirmed((phone, 2))
    task, other = (released(order).tasks.get() for order in (first, second))
    short(other.pk, reason="missing", actor=ACTOR)
    pick(task.pk, picked=1, actor=ACTOR)
    scan(first, "S1")
    ship_the_rest(first)
    assert {one.code: one.state for one in Serial.objects.all()} == {
        "S1": "shipped",
        "S2": "scrapped",
        "S3": "scrapped",
    }
