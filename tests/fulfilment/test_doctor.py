"""Each check names the one corruption that is seeded for it; the sound floor before it offends none."""

from datetime import timedelta

import pytest
from django.db.models import F

from fulfilment.models import FulfilmentLine, FulfilmentOrder, Parcel, ParcelLine, PickList, Wave, WaveOrder
from fulfilment.services import printing
from fulfilment.services.deliver import deliver
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from inventory.models import StockEntry
from oms.lib import doctor
from oms.outbox.models import Event
from oms.papers.models import Document
from orders.models import Allocation
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, released, work_of
from tests.fulfilment.test_printing import make_station
from tests.fulfilment.waves import make_aisles, make_preset, released_wave
from tests.make import make_location
from tests.replay import replayed

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def violations(number):
    return [violation for finding in doctor.run(only=number, snapshot=False) for violation in finding.violations]


@pytest.fixture
@replayed
def shipped():
    """An order that was shipped, taken back and shipped again."""
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 2))
    packed(order)
    ship(work_of(order).pk, actor=ACTOR)
    unship(work_of(order).pk, actor=ACTOR)
    ship(work_of(order).pk, actor=ACTOR)
    assert violations(7) == violations(13) == []
    return order


LEDGER = StockEntry.objects.filter(reason="ship", bucket="on_hand")


@pytest.mark.parametrize(
    ("corrupt", "said"),
    [
        (lambda: LEDGER.filter(key__endswith=":2").delete(), "left unbooked"),
        (lambda: LEDGER.filter(key__endswith=":2").update(delta=-1), "left unbooked"),
        (lambda: ParcelLine.objects.update(quantity=3), "left unbooked"),
        (lambda: StockEntry.objects.filter(reason="unship").update(key=None), "books a shipment of no parcel"),
        (lambda: LEDGER.filter(key__endswith=":1").update(key=None), "books a shipment of no parcel"),
        (lambda: Parcel.objects.update(status="packed"), "books a shipment of no parcel"),
    ],
)
def test_parcels_and_ledger_must_agree(shipped, corrupt, said):
    corrupt()
    [violation] = violations(7)
    assert said in violation.message


@pytest.mark.parametrize(
    ("corrupt", "said"),
    [
        (lambda: FulfilmentOrder.objects.update(status="closed"), "is closed, its timeline says shipped"),
        (lambda: Event.objects.filter(name="fulfilment.picking").delete(), "went from released to packed"),
        (lambda: FulfilmentLine.objects.update(shipped=1), "1 shipped of 2"),
        (lambda: Event.objects.filter(name="fulfilment.open").delete(), "went from open to released"),
        (lambda: FulfilmentOrder.objects.update(set_aside="lid"), "is shipped, and set aside: lid"),
    ],
)
def test_work_must_have_come_by_legal_steps(shipped, corrupt, said):
    corrupt()
    found = violations(13)
    assert any(said in violation.message for violation in found), found
    assert all(f"F{work_of(shipped).pk}" in violation.row for violation in found)


def test_the_floor_works_on_what_is_allocated():
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 2))
    released(order)
    assert violations(13) == []

    FulfilmentLine.objects.update(cancelled=F("quantity"))
    assert any("nobody works on it" in violation.message for violation in violations(13))
    FulfilmentLine.objects.update(cancelled=0)
    Allocation.objects.update(status="reserved")
    assert any("wants 2, allocation" in violation.message for violation in violations(13))


def test_copies_are_counted(shipped):
    document = Document.objects.filter(kind="packing_slip").first()
    station = make_station(shipped.fulfilment_orders.get().location)
    printing.send(station, document, actor=ACTOR)
    printing.send_again(station, document, actor=ACTOR)
    assert violations(20) == []
    Document.objects.update(reprints=0)
    assert [violation.message for violation in violations(20)] == ["is copy 1 of 0 counted ones"]


def test_a_parcel_that_arrived_before_it_is_said_to_is_named(shipped):
    parcel = shipped.parcels.get(status="shipped")
    deliver(parcel.pk, actor=ACTOR)
    assert violations(13) == []
    Parcel.objects.filter(pk=parcel.pk).update(delivered_at=F("delivered_at") + timedelta(days=1))
    [violation] = violations(13)
    assert violation.row == f"parcel {parcel} of order {shipped}"


@pytest.mark.parametrize(
    ("corrupt", "said"),
    [
        (lambda: WaveOrder.objects.update(state="back"), "does not know F"),
        (lambda: FulfilmentOrder.objects.update(pick_list=None), "which is released"),
        (lambda: FulfilmentOrder.objects.update(status="open"), "which is open"),
        (lambda: PickList.objects.update(wave=None), "on list L"),
        (lambda: PickList.objects.update(location=make_location()), "on list L"),
        (lambda: Wave.objects.update(figures={"orders": 3}), "planned 3 orders, has 1"),
        (lambda: Wave.objects.update(status="cancelled"), "is cancelled"),
        (lambda: WaveOrder.objects.update(state="planned", wave=_done_wave()), "some still to be released"),
    ],
)
def test_waves_and_lists_must_agree(corrupt, said):
    location, goods = make_aisles(1, 1)
    confirmed((goods["A-1"], 1))
    released_wave(make_preset(location))
    assert violations(22) == []
    corrupt()
    found = violations(22)
    assert any(said in violation.message for violation in found), found


def _done_wave():
    wave = Wave.objects.get()
    return Wave.objects.create(location=wave.location, status="done", figures={"orders": 1})
