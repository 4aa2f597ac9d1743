from datetime import timedelta

import pytest
from django.utils import timezone

from fulfilment.models import TrackingEvent
from fulfilment.services.deliver import deliver, track
from fulfilment.services.settle_case import settle
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from fulfilment.services.watch_parcels import watch_due
from oms.lib.errors import InvalidTransition
from oms.outbox.models import Event
from orders.services.close import close_due
from tests.deliver import deliver as run_events
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.replay import replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
@replayed
def parcel():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    parcel = packed(order)
    ship(work_of(order).pk, actor=ACTOR)
    parcel.refresh_from_db()
    return parcel


def test_the_last_delivered_parcel_closes_the_work(parcel):
    at = timezone.now() - timedelta(hours=2)
    for _ in range(2):
        deliver(parcel.pk, at=at, place="Berlin", actor=ACTOR)
    parcel.refresh_from_db()
    assert (parcel.status, parcel.delivered_at) == ("delivered", at)
    assert work_of(parcel.order).status == "closed"
    parcel.order.refresh_from_db()
    assert parcel.order.fulfilment_state == "delivered"
    assert Event.objects.filter(name="order.delivered").count() == 1
    with pytest.raises(InvalidTransition):
        unship(parcel.fulfilment_order_id, actor=ACTOR)


def test_what_has_not_left_does_not_arrive():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 2))
    parcel = packed(order)
    with pytest.raises(InvalidTransition, match="has not left"):
        deliver(parcel.pk, actor=ACTOR)
    assert not TrackingEvent.objects.exists()


def test_news_on_the_way_is_kept_once(parcel):
    at = timezone.now()
    for _ in range(2):
        track(parcel.pk, "in_transit", at=at, text="Sorted", place="Leipzig", actor=ACTOR)
    assert parcel.tracking_events.get().place == "Leipzig"
    assert Event.objects.filter(name="parcel.tracked").count() == 1
    for _ in range(2):
        track(parcel.pk, "delivered", actor=ACTOR)
    parcel.refresh_from_db()
    assert parcel.status == "delivered"
    assert parcel.tracking_events.filter(code="delivered").count() == 1


def test_work_closes_with_its_order_when_nobody_tells(parcel, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=15))
    close_due()
    run_events()
    parcel.order.refresh_from_db()
    assert (parcel.order.status, work_of(parcel.order).status) == ("closed", "closed")


def test_what_arrives_after_it_turned_back_is_with_us_again(parcel):
    turned = timezone.now()
    track(parcel.pk, "returned", at=turned, actor=ACTOR)
    for _ in range(2):
        track(parcel.pk, "delivered", at=turned + timedelta(days=2), text="Delivered to sender", actor=ACTOR)
    parcel.refresh_from_db()
    assert parcel.status == "shipped"
    assert list(parcel.tracking_events.values_list("code", flat=True)) == ["returned", "returned"]
    assert not Event.objects.filter(name="order.delivered").exists()


def test_that_it_had_turned_back_may_come_late_and_wants_a_person(parcel, time_machine):
    turned = timezone.now()
    track(parcel.pk, "delivered", at=turned + timedelta(hours=1), text="Delivered to sender", actor=ACTOR)
    track(parcel.pk, "returned", at=turned, actor=ACTOR)
    time_machine.move_to(turned + timedelta(days=1))
    watch_due()
    case = parcel.cases.get()
    assert (case.kind, case.closed_at) == ("returning", None)
    settle(case.pk, note="It is back", actor=ACTOR)
    watch_due()
    assert not parcel.cases.open().exists()


def test_news_from_before_it_turned_back_may_come_late(parcel):
    turned = timezone.now()
    track(parcel.pk, "returned", at=turned, actor=ACTOR)
    track(parcel.pk, "delivered", at=turned - timedelta(days=2), actor=ACTOR)
    parcel.refresh_from_db()
    assert parcel.status == "delivered"
