import pytest
from django.db import transaction

from fulfilment.documents.shipping_label import parcel_of_sscc, sscc
from fulfilment.models import Carrier, Manifest, Parcel
from fulfilment.services import hand_over as hand_over_service
from fulfilment.services import load as load_service
from fulfilment.services.hand_over import hand_over
from fulfilment.services.load import load
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from oms.lib import doctor
from oms.lib.errors import DomainError, Invalid, InvalidTransition, NotFound
from oms.outbox.models import Event
from oms.papers.models import Document
from orders.models import Order
from orders.services import holds
from tests.fulfilment import road
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.replay import replayed

pytestmark = pytest.mark.django_db


@replayed
def shipped(cup):
    order = confirmed((cup, 1))
    parcel = packed(order)
    ship(work_of(order).pk, actor=ACTOR)
    return parcel


def test_handed_over_parcels_stay_shipped():
    location, (cup,) = make_shelf(5)
    one, two = shipped(cup), shipped(cup)
    manifest, kept = hand_over(location, [one.pk, two.pk], actor=ACTOR)
    assert (kept, manifest.parcels.count()) == ({}, 2)
    one.refresh_from_db()
    assert one.status == "handed_over"
    assert sorted(Event.objects.filter(name="order.handed_over").values_list("data__parcels", flat=True)) == [
        [one.pk],
        [two.pk],
    ]
    with pytest.raises(InvalidTransition, match="was handed over"):
        unship(one.fulfilment_order_id, actor=ACTOR)


def test_second_manifest_is_not_made():
    location, (cup,) = make_shelf(5)
    parcel = shipped(cup)
    hand_over(location, [parcel.pk], actor=ACTOR)
    with pytest.raises(InvalidTransition, match="is handed over"), transaction.atomic():
        hand_over(location, [parcel.pk], actor=ACTOR)
    assert Manifest.objects.count() == 1


def test_held_order_is_left_out():
    location, (cup,) = make_shelf(5)
    free, held = shipped(cup), shipped(cup)
    holds.put(held.order_id, "fraud", "look again")
    manifest, kept = hand_over(location, [free.pk, held.pk], actor=ACTOR)
    assert list(manifest.parcels.all()) == [free]
    assert kept == {held: f"STOP: {held} stays, its order {held.order} is on hold"}
    held.refresh_from_db()
    assert held.status == "shipped"


def test_parcels_of_another_building_are_not_taken():
    _, (cup,) = make_shelf(5)
    parcel = shipped(cup)
    elsewhere, _ = make_shelf()
    with pytest.raises(InvalidTransition, match="Nothing to hand over"):
        hand_over(elsewhere, [parcel.pk], actor=ACTOR)
    parcel.refresh_from_db()
    assert parcel.status == "shipped"


def test_an_order_that_is_being_cancelled_is_left_out():
    location, (cup,) = make_shelf(5)
    free, asked = shipped(cup), shipped(cup)
    Order.objects.filter(pk=asked.order_id).update(cancel_requested_at=free.created_at)
    _, kept = hand_over(location, [free.pk, asked.pk], actor=ACTOR)
    assert kept == {asked: f"STOP: {asked} stays, its order {asked.order} is being cancelled"}


@pytest.fixture
@replayed
def dock():
    """Two parcels of DHL and one of UPS that stand at a location: (location, dhl, other, ups)."""
    shelf = make_shelf(9)
    dhl, other = road.shipped(shelf=shelf, number="JD1"), road.shipped(shelf=shelf, number="JD2")
    return shelf[0], dhl, other, road.shipped(shelf=shelf, carrier="ups", number="1Z1")


def test_parcels_are_scanned_into_their_carriers_manifest_and_it_closes_over_them(dock):
    location, dhl, other, ups = dock
    one = load(location, "JD1")
    assert load(location, f" {dhl} ").manifest == one.manifest, "its number is read as well, and again is the same"
    assert load(location, "1Z1").manifest != one.manifest
    assert Manifest.objects.open().count() == 2

    manifest, kept = hand_over(location, [dhl.pk], carrier=dhl.carrier, actor=ACTOR)
    assert (manifest, kept) == (one.manifest, {})
    load(location, "JD2")
    assert Parcel.objects.get(pk=other.pk).manifest not in (manifest, None)


def test_what_must_not_be_loaded_is_refused_and_stays_off(dock):
    location, dhl, other, ups = dock
    holds.put(other.order_id, "fraud", "look again")
    hand_over(location, [ups.pk], actor=ACTOR)
    standing = packed(confirmed((dhl.lines.get().sku, 1)))
    elsewhere, _ = make_shelf()
    for code, carrier, error, words in (
        ("JD1", ups.carrier, Invalid, f"{dhl} goes with DHL, not UPS. Take it off."),
        ("JD2", None, InvalidTransition, f"STOP: {other} stays, its order {other.order} is on hold. Take it off."),
        ("1Z1", None, InvalidTransition, f"{ups} is handed over on M"),
        (str(standing), None, InvalidTransition, f"{standing} is packed"),
        ("XX", None, NotFound, "XX is the label of no parcel here"),
        ("", None, NotFound, "Nothing is the label of no parcel here"),
    ):
        with pytest.raises(error) as refused, transaction.atomic():
            load(location, code, carrier=carrier)
        assert words in refused.value.message
    with pytest.raises(NotFound), transaction.atomic():
        load(elsewhere, "JD1")
    assert not Manifest.objects.open().exists()


def test_a_parcel_is_closed_into_no_other_carriers_manifest(dock):
    location, dhl, _, ups = dock
    manifest, kept = hand_over(location, [dhl.pk, ups.pk], carrier=dhl.carrier, actor=ACTOR)
    assert kept == {ups: f"{ups} goes with UPS, not DHL"}
    assert list(manifest.parcels.all()) == [dhl]


def test_what_was_scanned_and_is_not_ticked_comes_off(dock):
    location, dhl, other, _ = dock
    for code in ("JD1", "JD2"):
        load(location, code)
    hand_over(location, [dhl.pk], carrier=dhl.carrier, actor=ACTOR)
    other.refresh_from_db()
    assert (other.manifest, other.status) == (None, "shipped")


def test_a_manifest_is_not_closed_over_what_its_closer_has_not_seen(dock):
    location, dhl, other, _ = dock
    manifest = load(location, "JD1").manifest
    load(location, "JD2")
    with pytest.raises(InvalidTransition, match=f"Scanned into {manifest} since you opened the page: {other}"):
        hand_over(location, [dhl.pk], carrier=dhl.carrier, seen=[dhl.pk], actor=ACTOR)


def test_what_is_beyond_one_manifest_is_named_and_waits_for_the_next(dock, monkeypatch):
    location, dhl, other, _ = dock
    for module in (hand_over_service, load_service):
        monkeypatch.setattr(module, "MOST_PARCELS", 1)
    first = load(location, "JD1").manifest
    with pytest.raises(InvalidTransition, match=f"{first} is full"), transaction.atomic():
        load(location, "JD2")
    assert load(location, "JD1").manifest == first
    manifest, kept = hand_over(location, [dhl.pk, other.pk], carrier=dhl.carrier, actor=ACTOR)
    assert (manifest, kept) == (first, {other: f"{other} is beyond the 1 of one manifest: scan it into the next"})
    assert load(location, "JD2").manifest != first


def test_a_shipment_that_is_taken_back_comes_off(dock):
    location, dhl, *_ = dock
    load(location, "JD1")
    unship(dhl.fulfilment_order_id, actor=ACTOR)
    dhl.refresh_from_db()
    assert (dhl.manifest, dhl.status) == (None, "packed")


def test_the_sscc_on_a_label_finds_its_parcel(dock, settings):
    location, dhl, *_ = dock
    settings.GS1_PREFIX = "4012345"
    code = sscc(dhl.pk)
    for read in (f"00{code}", f"]C100{code}", f"(00){code}"):
        assert load(location, read) == dhl
    assert parcel_of_sscc(f"00{code[:-1]}{(int(code[-1]) + 1) % 10}") is None, "the check digit is wrong"
    assert parcel_of_sscc("00" + "9" * 18) is None


def test_the_manifests_paper_is_asked_for_once(dock):
    location, dhl, *_ = dock
    manifest, _ = hand_over(location, [dhl.pk], actor=ACTOR)
    with pytest.raises(DomainError), transaction.atomic():
        hand_over(location, [dhl.pk], actor=ACTOR)
    [document] = Document.objects.filter(kind="manifest")
    assert (document.object_id, document.title) == (manifest.pk, f"Manifest {manifest}")


@pytest.mark.corrupt
@pytest.mark.parametrize(
    ("corrupt", "said"),
    [
        (lambda parcels: parcels.update(manifest=None), ["handed over on no manifest", "stands on MNone"]),
        (lambda parcels: parcels.update(carrier=Carrier.objects.get(code="ups")), ["which is not its own"]),
        (lambda parcels: parcels.update(manifest=again(parcels)), ["and stands on M"]),
        (lambda parcels: parcels.update(status="packed", manifest=lie_open(parcels)), ["is open", "and stands on M"]),
    ],
)
def test_the_doctor_names_a_parcel_on_no_or_two_manifests(dock, corrupt, said):
    location, dhl, *_ = dock
    hand_over(location, [dhl.pk], actor=ACTOR)
    assert violations() == []
    corrupt(Parcel.objects.filter(pk=dhl.pk))
    found = violations()
    assert len(found) == len(said), found
    for words in said:
        assert any(words in message for message in found), found


def violations():
    return [violation.message for found in doctor.run(only=23, snapshot=False) for violation in found.violations]


def lie_open(parcels):
    first = parcels.get().manifest
    return Manifest.objects.create(location=first.location, carrier=first.carrier)


def again(parcels):
    first = parcels.get().manifest
    return Manifest.objects.create(
        location=first.location, carrier=first.carrier, handed_over_at=first.handed_over_at, handed_over_by=ACTOR
    )
