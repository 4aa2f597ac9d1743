from datetime import timedelta

import pytest
from django.utils import timezone

from fulfilment.models import Carrier, Parcel
from fulfilment.services import label, poll_tracking
from fulfilment.services.ship import ship
from tests.fulfilment.easypost import detail, tracker
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of


@pytest.fixture
def parcel(db, easypost):
    """A parcel of EasyPost that left a day ago, and nobody told of since."""
    Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    _, (cup,) = make_shelf(9)
    found = label.buy(packed(confirmed((cup, 1))).pk, actor=ACTOR)
    ship(work_of(found.order).pk, actor=ACTOR)
    Parcel.objects.update(shipped_at=timezone.now() - timedelta(days=1))
    return Parcel.objects.get()


def ago(**fields):
    return (timezone.now() - timedelta(**fields)).isoformat()


def told(easypost, *details, **fields):
    easypost.trackers = [tracker(*details, tracking_code="EZ000000001", **fields)]
    poll_tracking.poll_due()
    return list(Parcel.objects.get().tracking_events.order_by("at").values_list("code", flat=True))


def silence(hours=13):
    """Let the last question, and the last news, be so long ago."""
    Parcel.objects.update(asked_at=timezone.now() - timedelta(hours=hours))


def test_a_silent_parcel_is_asked_about_and_what_is_said_is_noted_once(parcel, easypost):
    scans = [detail("in_transit", ago(hours=20)), detail("out_for_delivery", ago(hours=14))]
    assert told(easypost, *scans) == ["in_transit", "out_for_delivery"]
    silence()
    assert told(easypost, *reversed(scans)) == ["in_transit", "out_for_delivery"]
    silence()
    assert told(easypost, *scans, detail("delivered", ago(hours=1)))[-1] == "delivered"
    assert Parcel.objects.get().status == Parcel.Status.DELIVERED
    assert easypost.calls.count("track") == 3
    silence()
    told(easypost)
    assert easypost.calls.count("track") == 3, "what arrived is asked about no more"


def test_nobody_is_asked_twice_in_a_row_or_of_what_was_told_just_now(parcel, easypost):
    assert told(easypost, detail("in_transit", ago(hours=1))) == ["in_transit"]
    told(easypost)
    silence()
    told(easypost)
    assert easypost.calls.count("track") == 1


@pytest.mark.parametrize("change", [{"tracking_number": ""}, {"shipped_at": timezone.now() - timedelta(days=61)}])
def test_who_is_not_asked_about(parcel, easypost, change):
    Parcel.objects.update(**change)
    told(easypost)
    Parcel.objects.update(tracking_number="EZ000000001", shipped_at=timezone.now() - timedelta(days=1))
    Carrier.objects.update(plugin="manual")
    told(easypost)
    assert "track" not in easypost.calls


@pytest.mark.parametrize("fault", ["hang", "error", "busy", "garbled"])
def test_a_carrier_that_is_away_is_asked_again_later(parcel, easypost, fault):
    easypost.fail("track", fault)
    assert told(easypost, detail("in_transit", ago(hours=20))) == []
    assert told(easypost, detail("in_transit", ago(hours=20))) == []
    silence()
    assert told(easypost, detail("in_transit", ago(hours=20))) == ["in_transit"]


def test_a_tracker_that_cannot_be_read_stops_nobody(parcel, easypost):
    assert told(easypost, status="lost in space") == []
    assert Parcel.objects.get().asked_at is not None
