import time
from datetime import timedelta

import pytest
from django.utils import timezone

from fulfilment.models import PrintJob, Station
from fulfilment.services import label, print_sheet, printing
from fulfilment.services.print_sheet import waiting
from oms.lib.errors import Invalid, InvalidTransition, NotFound
from oms.papers.models import Document
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.fulfilment.paper import text_of
from tests.make import make_location
from tests.race import race
from tests.replay import replayed

pytestmark = pytest.mark.django_db


@replayed
def make_station(location=None, code="PACK-1", **fields):
    fields = {"label_printer": "pdf", "has_paper_printer": True} | fields
    return Station.objects.create(location=location or make_location(), code=code, **fields)


@replayed
def make_label():
    """The Document of the label of a packed parcel."""
    location, (cup,) = make_shelf(9)
    parcel = label.buy(packed(confirmed((cup, 1))).pk, actor=ACTOR)
    return location, Document.objects.latest_of("shipping_label", parcel.pk)


@pytest.fixture
def label_document():
    return make_label()[1]


def words_of(job):
    class Paper:
        content = printing.content_of(job)[0]

    return "".join(text_of(Paper))


def test_a_document_is_handed_over_once_and_settled(label_document):
    station = make_station()
    job = printing.send(station, label_document, actor=ACTOR)
    assert printing.send(station, label_document, actor=ACTOR) == job
    assert [row.pk for row in printing.take(station)] == [job.pk]
    assert printing.take(station) == []
    assert "REPRINT" not in words_of(job)
    printing.settle(station, job.pk, "printed")
    printing.settle(station, job.pk, "failed", "said late")
    job.refresh_from_db()
    assert (job.status, job.copy, job.error) == ("printed", 0, "")


def test_a_station_without_the_printer_prints_nothing(label_document):
    assert printing.send(make_station(label_printer=""), label_document, actor=ACTOR) is None
    assert printing.send(None, label_document, actor=ACTOR) is None
    with pytest.raises(Invalid, match="no printer"):
        printing.send_again(Station.objects.get(), label_document, actor=ACTOR)
    assert not PrintJob.objects.exists()


@pytest.mark.papers
def test_what_did_not_come_out_goes_again_as_a_marked_copy(label_document):
    station = make_station()
    first = printing.send(station, label_document, actor=ACTOR)
    printing.take(station)
    assert not station.jobs.troubled().exists()
    PrintJob.objects.update(sent_at=timezone.now() - timedelta(minutes=1))  # the agent died with it
    assert list(station.jobs.troubled()) == [first]

    second = printing.came_out(first.pk, yes=False, actor=ACTOR)
    first.refresh_from_db()
    assert (first.status, second.copy, second.status) == ("lost", 1, "queued")
    assert "REPRINT 1" in words_of(second)
    with pytest.raises(InvalidTransition):
        printing.came_out(first.pk, yes=False, actor=ACTOR)
    assert PrintJob.objects.count() == 2


def test_what_came_out_is_settled_by_the_person_who_saw_it(label_document):
    station = make_station()
    job = printing.send(station, label_document, actor=ACTOR)
    printing.take(station)
    printing.settle(station, job.pk, "unsure", "broken pipe")
    assert list(station.jobs.troubled()) == [job]
    assert printing.came_out(job.pk, yes=True, actor=ACTOR).status == "printed"
    assert not station.jobs.troubled().exists()


def test_what_surely_was_not_printed_is_sent_as_it_is(label_document):
    station = make_station()
    job = printing.send(station, label_document, actor=ACTOR)
    printing.take(station)
    printing.settle(station, job.pk, "failed", "no paper")
    again = printing.came_out(job.pk, yes=False, actor=ACTOR)
    assert (again.pk, again.copy, again.status) == (job.pk, 0, "queued")


def test_an_agent_sees_its_own_jobs_only(label_document):
    here, there = make_station(), make_station(Station.objects.get().location, "PACK-2")
    job = printing.send(here, label_document, actor=ACTOR)
    assert printing.take(there) == []
    printing.take(here)
    with pytest.raises(NotFound):
        printing.settle(there, job.pk, "printed")
    with pytest.raises(Invalid, match="printed, failed"):
        printing.settle(here, job.pk, "eaten")
    assert PrintJob.objects.get().status == "sent"


def test_a_new_key_ends_the_old():
    station = make_station()
    old = station.key
    assert Station.objects.by_key(old) == station
    new = printing.new_key(station.pk)
    assert Station.objects.by_key(old) is None
    assert Station.objects.by_key(new) == station
    assert Station.objects.by_key("x" + new) is None
    Station.objects.update(is_active=False)
    assert Station.objects.by_key(new) is None


def test_a_weight_is_fresh_for_a_while():
    station = make_station(has_scale=True)
    printing.note_weight(station, 850)
    station.refresh_from_db()
    assert station.fresh_weight_g == 850
    station.weighed_at -= timedelta(seconds=11)
    assert station.fresh_weight_g is None
    with pytest.raises(Invalid, match="tonne"):
        printing.note_weight(station, 2_000_000)


@pytest.fixture
def twelve_waiting(transactional_db):
    location, document = make_label()
    station = make_station(location)
    for _ in range(12):
        printing.send_again(station, document, actor=ACTOR)
    return station


def handed_over(station, take):
    """Return the ids of the jobs that four agents with one key got, sorted."""
    return sorted(pk for pks in race(lambda _: [pk for _ in range(4) for pk in take(station)], 4) for pk in pks)


@pytest.mark.race
def test_two_agents_with_one_key_never_print_the_same_job(twelve_waiting):
    got = handed_over(twelve_waiting, lambda station: [job.pk for job in printing.take(station)])
    assert got == sorted(PrintJob.objects.values_list("pk", flat=True))


@pytest.mark.race
def test_control_agents_that_look_first_print_twice(twelve_waiting):
    def look_first(station):
        found = list(station.jobs.waiting().values_list("pk", flat=True))
        time.sleep(0.2)
        PrintJob.objects.filter(pk__in=found).update(status="sent", sent_at=timezone.now())
        return found

    got = handed_over(twelve_waiting, look_first)
    assert len(got) > PrintJob.objects.count()


@pytest.fixture
def four_labels(transactional_db):
    shelf = make_shelf(9)
    for _ in range(4):
        label.buy(packed(confirmed((shelf[1][0], 1))).pk, actor=ACTOR)
    return shelf[0]


def on_sheets(place, take):
    """Return the ids of the labels that four packers got at once, each of all of them, sorted."""
    wanted = list(waiting(place).values_list("pk", flat=True))
    return sorted(pk for pks in race(lambda _: take(place, wanted), 4) for pk in pks), wanted


@pytest.mark.race
def test_packers_who_print_sheets_at_once_print_each_label_once(four_labels, monkeypatch):
    monkeypatch.setattr(print_sheet, "read_document", lambda document: document.pk)
    monkeypatch.setattr(print_sheet, "for_printer", lambda pk, *forms: pk)
    monkeypatch.setattr(print_sheet, "four_a_sheet", lambda papers, start: papers)

    def take(place, wanted):
        try:
            return print_sheet.print_sheets(place, wanted, start=1, actor=ACTOR)
        except Invalid:
            return []

    got, wanted = on_sheets(four_labels, take)
    assert got == wanted
    assert len(got) == 4


@pytest.mark.race
def test_control_packers_who_look_first_print_labels_twice(four_labels):
    def look_first(place, wanted):
        found = [row.pk for row in waiting(place)]
        time.sleep(0.2)
        return found

    got, wanted = on_sheets(four_labels, look_first)
    assert len(got) > len(wanted)
