"""Late and stuck parcels become cases, and cases end: by news, or by a person."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfilment.customer.parcels import told_parcels
from fulfilment.models import ParcelCase, Postage, WatchRule
from fulfilment.services.deliver import deliver as arrive
from fulfilment.services.settle_case import settle, tell_again
from fulfilment.services.watch_parcels import watch_due
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from oms.papers.models import Message
from orders.customer.reader import reader_of
from orders.models import Order
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR
from tests.fulfilment.road import MONDAY, on_road, scanned, shipped
from tests.make import make_channel

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=True)


@pytest.fixture
def heard():
    """A carrier of which we hear: one of its parcels was scanned, and has arrived."""
    parcel = on_road()
    scanned(parcel, MONDAY)
    arrive(parcel.pk, actor=ACTOR)
    return parcel.carrier


def unpromised(parcel, at=None):
    """Nobody promised a day for the order of a parcel, or `at`."""
    Order.objects.filter(pk=parcel.order_id).update(promised_current=at)
    return parcel


def cases(*parcels):
    rows = ParcelCase.objects.filter(parcel__in=parcels).order_by("pk")
    return [(row.kind, row.outcome or "open") for row in rows]


def kinds():
    return list(ParcelCase.objects.open().order_by("pk").values_list("kind", flat=True))


def test_a_parcel_that_the_carrier_never_saw(heard, time_machine):
    unpromised(on_road())
    time_machine.move_to(MONDAY + 2 * DAY)
    watch_due()
    assert kinds() == []  # two working days are over on Wednesday evening
    time_machine.move_to(MONDAY + 2 * DAY + 9 * HOUR)
    for _ in range(2):
        watch_due()
    assert kinds() == ["unseen"]
    assert Event.objects.filter(name="parcel.case_opened").count() == 1
    deliver()
    assert not Message.objects.filter(kind="parcel_trouble").exists(), "nobody knows yet whether anything is wrong"


def test_weekends_and_holidays_are_no_silence(heard, time_machine):
    parcel = unpromised(on_road())
    scanned(parcel, MONDAY + 4 * DAY)  # on Friday
    parcel.fulfilment_order.location.holidays.create(day=(MONDAY + 8 * DAY).date())
    for days, found in ((8, []), (9, []), (10, ["silent"])):
        time_machine.move_to(MONDAY + days * DAY + 9 * HOUR)
        watch_due()
        assert kinds() == found, days


def test_news_close_a_case_at_once(heard, time_machine):
    parcel = unpromised(on_road())
    scanned(parcel, MONDAY + HOUR)
    time_machine.move_to(MONDAY + 4 * DAY)
    watch_due()
    assert kinds() == ["silent"]
    scanned(parcel, MONDAY + 4 * DAY)
    assert cases(parcel) == [("silent", "news")]
    assert ParcelCase.objects.get().closed_by == "carrier:easypost"
    time_machine.move_to(MONDAY + 10 * DAY)
    watch_due()
    assert cases(parcel) == [("silent", "news"), ("silent", "open")]
    arrive(parcel.pk, actor=ACTOR)
    watch_due()
    assert cases(parcel) == [("silent", "news"), ("silent", "news")]


def test_late_after_the_evening_of_the_promise(heard, time_machine):
    parcel = unpromised(on_road(), at=MONDAY + DAY)
    scanned(parcel, MONDAY + 23 * HOUR)
    watch_due()
    assert kinds() == []
    time_machine.move_to(MONDAY + DAY + HOUR)
    watch_due()
    assert kinds() == ["late"]
    assert ParcelCase.objects.get().since == MONDAY + DAY


def test_without_a_promise_the_service_says_when(heard, time_machine):
    parcel = unpromised(on_road())
    option = {"carrier": "dhl", "carrier_name": "DHL", "service": "", "name": "Parcel", "amount": "0", "terms": []}
    options = [option | {"arrives": "2027-03-02"}]
    Postage.objects.create(parcel=parcel, amount=0, currency="EUR", options=options, reason="the only one")
    time_machine.move_to(MONDAY + DAY + 9 * HOUR)
    watch_due()
    assert kinds() == ["late"]


def test_trouble_and_the_way_back_are_cases_when_the_carrier_says_so(time_machine):
    parcel = unpromised(on_road())
    scanned(parcel, MONDAY + 2 * HOUR, "exception")
    assert kinds() == ["exception"]
    scanned(parcel, MONDAY + HOUR)  # told late: it was before
    assert kinds() == ["exception"]
    scanned(parcel, MONDAY + 3 * HOUR, "returned")
    scanned(parcel, MONDAY + 4 * HOUR)
    assert cases(parcel) == [("exception", "news"), ("returning", "open")]
    assert ParcelCase.objects.open().get().since == MONDAY + 3 * HOUR


def test_what_still_stands_here_is_no_case(heard, time_machine):
    parcel = unpromised(shipped(), at=MONDAY)
    time_machine.move_to(MONDAY + 20 * DAY)
    watch_due()
    assert cases(parcel) == []
    scanned(parcel, MONDAY + HOUR)  # the carrier has it, though nobody made a manifest
    assert kinds() == ["late"]


def test_silence_of_a_carrier_that_never_tells_says_nothing(time_machine):
    parcel = unpromised(on_road(carrier="own"), at=MONDAY)
    time_machine.move_to(MONDAY + 5 * DAY)
    watch_due()
    assert kinds() == []
    WatchRule.objects.create(carrier=parcel.carrier, unseen_days=1)
    watch_due()
    assert kinds() == ["unseen"]


def test_the_rule_that_says_most_counts(heard, time_machine):
    parcel = unpromised(on_road())
    WatchRule.objects.create(unseen_days=1)
    WatchRule.objects.create(carrier=parcel.carrier, unseen_days=None)
    time_machine.move_to(MONDAY + DAY + 9 * HOUR)
    watch_due()
    assert kinds() == []
    WatchRule.objects.create(carrier=parcel.carrier, channel=parcel.order.channel, unseen_days=1)
    watch_due()
    assert kinds() == ["unseen"]


def test_what_a_person_settled_is_not_opened_again_for_the_same(heard, time_machine):
    parcel = unpromised(on_road())
    scanned(parcel, MONDAY, "exception")
    case = ParcelCase.objects.get()
    with pytest.raises(Invalid, match="Say what was found"):
        settle(case.pk, note=" ", actor=ACTOR)
    settle(case.pk, note="customer collects it at the depot", actor=ACTOR)
    with pytest.raises(InvalidTransition, match="closed meanwhile"):
        settle(case.pk, note="again", actor=ACTOR)
    watch_due()
    assert cases(parcel) == [("exception", "settled")]
    scanned(parcel, MONDAY + HOUR, "exception")
    assert cases(parcel) == [("exception", "settled"), ("exception", "open")]


def test_a_lost_parcel_is_watched_no_more_and_may_turn_up(heard, time_machine):
    parcel = unpromised(on_road())
    scanned(parcel, MONDAY, "exception")
    settle(ParcelCase.objects.get().pk, note="they cannot find it", is_lost=True, actor=ACTOR)
    time_machine.move_to(MONDAY + 20 * DAY)
    watch_due()
    assert cases(parcel) == [("exception", "lost")]
    assert told(parcel).trouble == "The carrier cannot find it. We write to you about what happens now."
    assert Event.objects.filter(name="parcel.lost").count() == 1
    arrive(parcel.pk, actor=ACTOR)
    assert told(parcel).trouble == ""


def told(parcel):
    return told_parcels(parcel.order.parcels.filter(pk=parcel.pk), reader_of(parcel.order))[0]


def test_the_customer_is_told_before_he_asks_once(heard, time_machine):
    parcel = unpromised(on_road(channel=make_channel(locale="de")), at=MONDAY + DAY)
    scanned(parcel, MONDAY + HOUR)
    time_machine.move_to(MONDAY + 2 * DAY)
    watch_due()
    deliver()
    message = Message.objects.get(kind="parcel_trouble")
    assert (message.status, message.cause, message.language) == ("queued", "case:late", "de")
    time_machine.move_to(MONDAY + 2 * DAY + HOUR)
    deliver()
    assert mail.outbox[-1].subject == f"Ihr Paket braucht länger als gesagt (Bestellung {parcel.order})"
    assert "Dienstag, 2. März 2027" in mail.outbox[-1].body
    assert "longer" not in mail.outbox[-1].body
    assert "It should have been with you on Tuesday, March 2, 2027" in told_in_english(parcel)

    unpromised(parcel, at=MONDAY + 5 * DAY)
    watch_due()
    unpromised(parcel, at=MONDAY + DAY)
    watch_due()
    deliver()
    assert Message.objects.filter(kind="parcel_trouble").count() == 1
    tell_again(ParcelCase.objects.open().get().pk, actor=ACTOR)
    deliver()
    assert len([one for one in mail.outbox if "braucht länger" in one.subject]) == 2


def told_in_english(parcel):
    return told_parcels(parcel.order.parcels.all(), reader_of(parcel.order, language="en"))[0].trouble


def test_a_channel_may_wish_that_its_customers_are_not_told(heard, time_machine):
    parcel = unpromised(on_road(), at=MONDAY + DAY)
    WatchRule.objects.create(channel=parcel.order.channel, tells_customer=False)
    time_machine.move_to(MONDAY + 2 * DAY)
    watch_due()
    deliver()
    assert kinds() == ["late"]
    assert not Message.objects.filter(kind="parcel_trouble").exists()
    tell_again(ParcelCase.objects.get().pk, actor=ACTOR)
    assert Message.objects.filter(kind="parcel_trouble").count() == 1


def test_looking_at_many_asks_no_more_than_at_few(heard, django_assert_max_num_queries):
    unpromised(on_road())
    with CaptureQueriesContext(connection) as few:
        watch_due()
    for _ in range(4):
        unpromised(on_road())
    with django_assert_max_num_queries(len(few)):
        watch_due()
