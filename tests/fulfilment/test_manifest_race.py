"""Two leads close manifests over the same parcels at once: each parcel stands on one of them, and is told once."""

import time
from collections import Counter

import pytest

from fulfilment.models import Manifest, Parcel
from fulfilment.services.hand_over import hand_over
from fulfilment.services.load import load
from inventory.models import Location
from oms.lib.errors import DomainError
from oms.outbox.models import Event
from tests.fulfilment import road
from tests.fulfilment.make import make_shelf
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def parcels():
    shelf = make_shelf(9)
    return [road.shipped(shelf=shelf, number=f"JD{n}").pk for n in range(4)]


def place():
    return Location.objects.get()


def close(number):
    """One lead of two ticks all that he sees; returns the parcels that his manifest says it took."""
    pks = list(Parcel.objects.order_by("pk").values_list("pk", flat=True))
    try:
        manifest, _ = hand_over(place(), pks if number % 2 else reversed(pks), actor=f"user:{number}")
    except DomainError:
        return []
    return list(manifest.parcels.values_list("pk", flat=True))


def test_no_parcel_is_on_two_manifests(parcels):
    taken = Counter(pk for said in race(close, 3) for pk in said)
    assert taken == Counter(parcels)
    told = Event.objects.filter(name="order.handed_over").values_list("data__parcels", flat=True)
    assert sorted(pk for said in told for pk in said) == parcels
    assert not Manifest.objects.open().exists()


def carelessly(number):
    """The same without its locks: look, then write. Returns what the manifest was closed over."""
    pks = list(Parcel.objects.filter(status="shipped").values_list("pk", flat=True))
    both_have_looked()
    manifest = Manifest.objects.create(
        location=place(), handed_over_by=f"user:{number}", handed_over_at=Parcel.objects.first().created_at
    )
    Parcel.objects.filter(pk__in=pks).update(status="handed_over", manifest=manifest)
    return pks


def both_have_looked():
    """Wait until as many manifests are about to be written as there are leads."""
    Event.objects.create(name="test.looked", subject="test:1", actor="test", data={})
    while Event.objects.filter(name="test.looked").count() < 2:
        time.sleep(0.01)


@pytest.mark.corrupt
def test_control_without_locks_a_parcel_is_on_two(parcels):
    taken = Counter(pk for said in race(carelessly, 2) for pk in said)
    assert set(taken.values()) == {2}


def load_or_close(number):
    """One closes what is ticked while the other still scans the last parcel."""
    first, *_, last = Parcel.objects.order_by("pk").values_list("pk", flat=True)
    try:
        if number == 0:
            hand_over(place(), [first], actor="user:0")
        else:
            load(place(), f"P{last}")
    except DomainError:
        return None
    return number


def test_no_parcel_is_left_on_a_closed_manifest_that_it_did_not_leave_with(parcels):
    assert sorted(race(load_or_close, 2)) == [0, 1]
    closed = Manifest.objects.closed().get()
    assert list(closed.parcels.values_list("pk", "status")) == [(parcels[0], "handed_over")]
