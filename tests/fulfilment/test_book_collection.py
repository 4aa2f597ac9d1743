"""A carrier's driver is booked once, whatever EasyPost does, and sent away again."""

import os
import signal
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from fulfilment.carriers.base import CarrierError
from fulfilment.models import Carrier, CarrierCollection
from fulfilment.services import label
from fulfilment.services.book_collection import ask, ask_again, book, waiting, window
from fulfilment.services.cancel_collection import cancel, send_away
from fulfilment.services.ship import ship
from inventory.models import LocationHoliday
from oms.lib import doctor
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Delivery, Event
from tests.deliver import deliver
from tests.fulfilment.fake_carrier import DONE
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.make import make_location
from tests.race import processes, race

Status = CarrierCollection.Status
BOOKS, SENDS_AWAY = "fulfilment.tasks.book_carrier", "fulfilment.tasks.send_carrier_away"
FAULTS = ["hang", "lost", "error", "late_error", "garbled", "busy"]


@pytest.fixture
def carrier(db, easypost):
    return Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")


@pytest.fixture
def place(carrier):
    """A location where one parcel stands whose label EasyPost sold."""
    address = {"name": "Berlin", "line1": "Kai 2", "city": "Berlin", "country": "DE"}
    location, (cup,) = make_shelf(9, location=make_location(address=address))
    parcel = packed(confirmed((cup, 1)))
    label.buy(parcel.pk, actor=ACTOR)
    ship(parcel.fulfilment_order_id, actor=ACTOR)
    return location


def wanted(place, carrier, hours=2, **fields):
    """Ask for a driver, some hours from now."""
    starts = timezone.now() + timedelta(hours=hours)
    fields = {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "parcels": 3, "weight_g": 2500} | fields
    return book(place, carrier, actor=ACTOR, **fields)


def settled(row):
    """Run the tasks of a row as they are retried; returns its status."""
    for _ in range(3):
        row.refresh_from_db()
        run = {Status.ASKED: ask, Status.CANCELLING: send_away}.get(row.status)
        if run:
            with suppress(CarrierError):
                run(row.pk, actor=ACTOR)
    row.refresh_from_db()
    return row.status


def hours_later():
    """Nothing that was asked for can be heard any more."""
    CarrierCollection.objects.filter(asked_at__isnull=False).update(asked_at=timezone.now() - timedelta(hours=1))


def test_the_cheapest_is_booked_by_a_task(place, carrier, easypost):
    row = wanted(place, carrier, instructions="Ring at gate 2")
    assert (row.status, easypost.pickups) == (Status.ASKED, {})
    deliver(BOOKS)
    row.refresh_from_db()
    assert (row.status, row.confirmation, row.service) == (Status.BOOKED, "WTC1", "USPS NextDay")
    assert (row.amount, row.currency, row.created_by) == (Decimal("1.20"), "USD", ACTOR)
    found = easypost.pickups[row.external_id]
    assert found["chosen"] == "NextDay"
    said = found["said"]
    assert (said["reference"], said["instructions"]) == (row.reference, "3 parcels, 2.5 kg. Ring at gate 2")
    assert datetime.fromisoformat(said["min_datetime"]) == row.starts_at
    assert said["address"] == {"name": "Berlin", "street1": "Kai 2", "city": "Berlin", "country": "DE"}
    names = Event.objects.filter(subject=f"collection:{row.pk}").order_by("pk").values_list("name", flat=True)
    assert list(names) == ["carrier_collection.asked", "carrier_collection.booked"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("verb", ["pickup", "buy_pickup"])
def test_one_driver_whatever_happens_to_the_answer(place, carrier, easypost, verb, fault):
    row = wanted(place, carrier)
    easypost.fail(verb, fault)
    with pytest.raises(CarrierError):
        ask(row.pk, actor=ACTOR)
    row.refresh_from_db()
    assert row.status == Status.ASKED
    assert "EasyPost" in row.error
    assert (settled(row), len(easypost.booked), row.confirmation, row.error) == (Status.BOOKED, 1, "WTC1", "")
    is_there = verb == "pickup" or fault in DONE
    assert easypost.calls.count("buy_pickup") == (1 if is_there else 2), "what is booked is looked for first"


def test_a_booking_that_is_heard_late_is_found(place, carrier, easypost):
    """The first question books while the second is asked: that is refused, and reads what is booked."""
    row = wanted(place, carrier)
    easypost.fail("buy_pickup", "hang")
    with pytest.raises(CarrierError):
        ask(row.pk, actor=ACTOR)
    row.refresh_from_db()
    late = {"carrier": "USPS", "service": "NextDay"}
    easypost.on_call = lambda verb: verb == "buy_pickup" and easypost.book(row.external_id, late)
    assert (settled(row), easypost.booked, row.confirmation) == (Status.BOOKED, [row.external_id], "WTC1")


def test_a_refusal_is_said_and_books_nothing(place, carrier, easypost):
    row = wanted(place, carrier)
    easypost.fail("buy_pickup", "refuse")
    deliver(BOOKS)
    row.refresh_from_db()
    assert (row.status, row.error, easypost.booked) == (Status.REFUSED, "EasyPost: Insufficient funds.", [])
    assert not Delivery.objects.dead().exists()
    assert settled(wanted(place, carrier)) == Status.BOOKED


def test_a_refusal_after_a_lost_question_still_looks_for_it(place, carrier, easypost):
    row = wanted(place, carrier)
    easypost.fail("buy_pickup", "hang")
    easypost.fail("buy_pickup", "refuse")
    with pytest.raises(CarrierError):
        ask(row.pk, actor=ACTOR)
    ask(row.pk, actor=ACTOR)
    row.refresh_from_db()
    assert row.status == Status.CANCELLING
    easypost.book(row.external_id, {"service": "NextDay"})  # the lost question is heard now
    assert (settled(row), easypost.drivers) == (Status.CANCELLED, [])


def test_without_a_label_of_theirs_nothing_is_booked(carrier, easypost):
    row = wanted(make_location(), carrier)
    deliver(BOOKS)
    row.refresh_from_db()
    assert (row.status, easypost.calls) == (Status.REFUSED, [])
    assert "buy one of a parcel here first" in row.error


def test_the_carriers_own_words_when_it_has_no_rate(place, carrier, easypost):
    easypost.shipments["shp_1"].pop("postage_label")
    row = wanted(place, carrier)
    deliver(BOOKS)
    row.refresh_from_db()
    assert (row.status, row.error) == (Status.REFUSED, "EasyPost books no pickup: There is no label.")


def test_cancelled_by_a_task(place, carrier, easypost):
    row = wanted(place, carrier)
    deliver(BOOKS)
    assert cancel(row.pk, actor=ACTOR).status == Status.CANCELLING
    deliver(SENDS_AWAY)
    row.refresh_from_db()
    assert (row.status, easypost.drivers) == (Status.CANCELLED, [])
    with pytest.raises(InvalidTransition, match="is cancelled"):
        cancel(row.pk, actor=ACTOR)
    assert settled(wanted(place, carrier)) == Status.BOOKED, "the day is free again"


@pytest.mark.parametrize("fault", FAULTS)
def test_sent_away_whatever_happens_to_the_answer(place, carrier, easypost, fault):
    row = wanted(place, carrier)
    deliver(BOOKS)
    cancel(row.pk, actor=ACTOR)
    easypost.fail("cancel_pickup", fault)
    with pytest.raises(CarrierError):
        send_away(row.pk, actor=ACTOR)
    assert (settled(row), easypost.drivers, row.error) == (Status.CANCELLED, [], "")


def test_a_driver_who_is_not_sent_away_comes(place, carrier, easypost):
    row = wanted(place, carrier)
    deliver(BOOKS)
    cancel(row.pk, actor=ACTOR)
    easypost.fail("cancel_pickup", "refuse")
    deliver(SENDS_AWAY)
    row.refresh_from_db()
    assert (row.status, row.error) == (Status.BOOKED, "EasyPost: Insufficient funds.")
    assert not Delivery.objects.dead().exists()


def test_cancelled_before_anybody_was_asked(place, carrier, easypost):
    row = wanted(place, carrier)
    assert cancel(row.pk, actor=ACTOR).status == Status.CANCELLED
    deliver(BOOKS)
    assert easypost.calls.count("pickup") == 0


def test_cancelled_while_nobody_knows(place, carrier, easypost):
    """A question that was sent may be heard for a while: until then nobody says that no driver comes."""
    row = wanted(place, carrier)
    easypost.fail("buy_pickup", "hang")
    with pytest.raises(CarrierError):
        ask(row.pk, actor=ACTOR)
    cancel(row.pk, actor=ACTOR)
    assert settled(row) == Status.CANCELLING
    with pytest.raises(Invalid, match="cancel it first"):
        wanted(place, carrier)
    hours_later()
    assert (settled(row), easypost.drivers) == (Status.CANCELLED, [])


def test_asked_again_by_hand_until_it_is_settled(place, carrier, easypost):
    row = wanted(place, carrier)
    Delivery.objects.all().delete()  # given up
    ask_again(row.pk, actor=ACTOR)
    deliver(BOOKS)
    row.refresh_from_db()
    assert row.status == Status.BOOKED
    with pytest.raises(InvalidTransition, match="nothing to ask"):
        ask_again(row.pk, actor=ACTOR)


def test_what_was_not_answered_in_time_is_not_booked_later(place, carrier, easypost):
    row = wanted(place, carrier)
    past = timezone.now() - timedelta(hours=3)
    CarrierCollection.objects.update(starts_at=past, ends_at=past + timedelta(hours=2))
    ask(row.pk, actor=ACTOR)
    row.refresh_from_db()
    assert (row.status, row.error, easypost.pickups) == (
        Status.REFUSED,
        "EasyPost had not answered when the time was over.",
        {},
    )


def test_one_a_day_for_a_carrier_and_a_location(place, carrier, easypost):
    row = wanted(place, carrier)
    with pytest.raises(Invalid, match="cancel it first") as caught:
        wanted(place, carrier)
    assert caught.value.field == "day"
    wanted(make_location(), carrier)
    wanted(place, carrier, hours=26)
    with pytest.raises(IntegrityError), transaction.atomic():
        CarrierCollection.objects.create(
            location=place, carrier=carrier, day=row.day, starts_at=row.starts_at, ends_at=row.ends_at, created_by="x"
        )


def test_by_phone_it_is_noted(place, carrier, easypost):
    own = Carrier.objects.create(code="own", name="Own delivery")
    row = wanted(place, own)
    assert (row.status, row.is_noted, row.confirmation) == (Status.BOOKED, True, "")
    called = wanted(place, carrier, confirmation="K-77")
    assert (called.status, called.is_noted, called.confirmation) == (Status.BOOKED, True, "K-77")
    deliver(BOOKS)
    assert cancel(called.pk, actor=ACTOR).status == Status.CANCELLED
    deliver()
    assert easypost.pickups == {}


@pytest.mark.parametrize(
    ("starts", "ends", "field"), [(2, 2, "until"), (2, 27, "until"), (-4, -1, "until"), (24 * 31, 24 * 31 + 2, "day")]
)
def test_times_that_make_no_sense(place, carrier, starts, ends, field):
    now = timezone.now()
    with pytest.raises(Invalid) as caught:
        wanted(place, carrier, starts_at=now + timedelta(hours=starts), ends_at=now + timedelta(hours=ends))
    assert caught.value.field == field
    assert not CarrierCollection.objects.exists()


@pytest.mark.parametrize(
    ("now", "starts", "ends"),
    [
        (datetime(2027, 3, 5, 8, 0, tzinfo=UTC), "2027-03-05 16:00", "18:00"),  # a Friday
        (datetime(2027, 3, 5, 15, 40, tzinfo=UTC), "2027-03-05 17:00", "19:00"),  # by now it is 16:40 in Berlin
        (datetime(2027, 3, 5, 17, 0, tzinfo=UTC), "2027-03-09 16:00", "18:00"),  # Monday is a holiday
    ],
)
def test_the_next_time_is_from_the_cut_off_on(db, now, starts, ends):
    location = make_location(tz="Europe/Berlin", cutoff=time(16, 0))
    LocationHoliday.objects.create(location=location, day="2027-03-08")
    found = window(location, now)
    assert (f"{found[0]:%Y-%m-%d %H:%M}", f"{found[1]:%H:%M}") == (starts, ends)


def test_a_late_cut_off_ends_with_the_day(db):
    location = make_location(cutoff=time(23, 0))
    assert f"{window(location, datetime(2027, 3, 5, 8, tzinfo=UTC))[1]:%d %H:%M}" == "05 23:59"


def test_what_stands_there_is_counted(place, carrier):
    assert waiting(place, carrier) == (1, 800)
    assert waiting(make_location(), carrier) == (0, 0)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_people_and_tasks_at_once_book_one(place, carrier, easypost):
    def pressed(n):
        try:
            return wanted(place, carrier).pk
        except Invalid:
            return None

    [pk] = [found for found in race(pressed, 3) if found]
    race(lambda n: settled(CarrierCollection.objects.get(pk=pk)), 3)
    assert (CarrierCollection.objects.get().status, len(easypost.booked)) == (Status.BOOKED, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["pickup", "buy_pickup"])
def test_a_process_that_is_killed_while_it_books(place, carrier, easypost, verb):
    row = wanted(place, carrier)
    easypost.fail(verb, "lost")
    child = processes.Process(target=settled, args=(row,))
    easypost.on_call = lambda called: os.kill(child.pid, signal.SIGKILL) if called == verb else None
    child.start()
    child.join(20)
    assert child.exitcode == -signal.SIGKILL
    easypost.on_call = lambda called: None
    row.refresh_from_db()
    assert row.status == Status.ASKED
    assert (settled(row), len(easypost.booked), row.confirmation) == (Status.BOOKED, 1, "WTC1")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("verb", "booked"), [("pickup", 0), ("buy_pickup", 1)])
def test_cancelled_by_a_colleague_while_the_carrier_works(place, carrier, easypost, verb, booked):
    row = wanted(place, carrier)

    def colleague(called):
        if called == verb:
            cancel(row.pk, actor="user:2")
            connections.close_all()

    easypost.on_call = colleague
    assert (settled(row), len(easypost.booked), easypost.drivers) == (Status.CANCELLED, booked, [])


def violations():
    return [violation.message for finding in doctor.run(only=23, snapshot=False) for violation in finding.violations]


@pytest.mark.corrupt(23)
def test_doctor_finds_what_was_never_settled(place, carrier):
    row = wanted(place, carrier)
    assert violations() == []
    past = timezone.now() - timedelta(days=2)
    CarrierCollection.objects.update(day=past.date(), starts_at=past, ends_at=past + timedelta(hours=2))
    assert violations() == [f"is asked for, though its time was over on {past.date()}"]
    assert row.is_live
