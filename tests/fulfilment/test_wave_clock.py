"""Automatic waves: at their times of working days, or with enough orders, each once."""

from datetime import UTC, datetime, timedelta

import pytest

from fulfilment.models import Wave
from fulfilment.services.wave_clock import release_due
from inventory.models import LocationHoliday
from oms.outbox.models import Event
from tests.deliver import deliver
from tests.fulfilment.make import confirmed
from tests.fulfilment.waves import make_aisles, make_preset

pytestmark = pytest.mark.django_db

# A Monday; Berlin is an hour ahead of UTC until 29 March, two from then on.
EIGHT = datetime(2027, 3, 22, 7, 0, tzinfo=UTC)


@pytest.fixture
def shop():
    location, goods = make_aisles(1, 2, tz="Europe/Berlin")
    return location, goods["A-1"]


def timed(location, **fields):
    return make_preset(location, **{"is_automatic": True, "times": "08:00 11:30"} | fields)


def test_each_time_of_the_day_is_used_once(shop):
    location, sku = shop
    preset = timed(location)
    confirmed((sku, 1))
    assert release_due(EIGHT - timedelta(minutes=1)) == 0
    assert release_due(EIGHT) == 1
    confirmed((sku, 1))
    assert release_due(EIGHT + timedelta(minutes=1)) == 0
    assert release_due(EIGHT + timedelta(hours=3, minutes=31)) == 1
    deliver()
    assert list(Wave.objects.order_by("pk").values_list("preset", "slot", "created_by")) == [
        (preset.pk, "2027-03-22T08:00", "system"),
        (preset.pk, "2027-03-22T11:30", "system"),
    ]
    assert Event.objects.filter(name="wave.released").count() == 2


def test_a_time_at_which_nothing_was_ready_is_over(shop):
    location, sku = shop
    timed(location)
    assert release_due(EIGHT) == 0
    confirmed((sku, 1))
    assert release_due(EIGHT + timedelta(minutes=5)) == 0
    assert not Wave.objects.exists()


def test_a_time_long_past_is_not_made_up_for(shop):
    location, sku = shop
    timed(location, times="08:00")
    confirmed((sku, 1))
    assert release_due(EIGHT + timedelta(minutes=61)) == 0


def test_the_clock_is_the_locations_own_in_summer_too(shop):
    location, sku = shop
    timed(location)
    confirmed((sku, 1))
    assert release_due(EIGHT + timedelta(days=7)) == 0  # eight o'clock was an hour ago
    assert release_due(EIGHT + timedelta(days=7, minutes=-60)) == 1
    deliver()


@pytest.mark.parametrize("days", [5, 1])
def test_nobody_works_on_weekends_and_holidays(shop, days):
    location, sku = shop
    LocationHoliday.objects.create(location=location, day=(EIGHT + timedelta(days=1)).date())
    timed(location, when_ready=1)
    confirmed((sku, 1))
    assert release_due(EIGHT + timedelta(days=days)) == 0


def test_enough_ready_orders_go_at_once(shop):
    location, sku = shop
    timed(location, times="", when_ready=2)
    confirmed((sku, 1))
    assert release_due(EIGHT) == 0
    confirmed((sku, 1))
    assert release_due(EIGHT) == 1
    assert release_due(EIGHT) == 0  # both are in the wave, though the workers have not come to them
    deliver()
    assert Wave.objects.get().slot == ""


def test_only_what_is_on_goes_by_itself(shop):
    location, sku = shop
    confirmed((sku, 1))
    timed(location, is_active=False)
    timed(location, is_automatic=False)
    assert release_due(EIGHT) == 0
