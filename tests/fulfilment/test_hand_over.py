import pytest
from django.db import transaction

from fulfilment.models import Manifest
from fulfilment.services.hand_over import hand_over
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from oms.lib.errors import InvalidTransition
from oms.outbox.models import Event
from orders.services import holds
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of

pytestmark = pytest.mark.django_db


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
    assert kept == {held: f"{held} stays: its order is on hold"}
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
