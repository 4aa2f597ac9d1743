"""One form for each account, whatever EasyPost does, and none of it holds a parcel back."""

import os
import signal
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from fulfilment.carriers.base import CarrierError, Load
from fulfilment.carriers.easypost_api import EasyPost
from fulfilment.models import Carrier, CarrierManifest, Label, Manifest, Parcel
from fulfilment.services import label
from fulfilment.services.ask_manifest import ask_again, ask_all
from fulfilment.services.hand_over import hand_over
from fulfilment.services.ship import ship
from oms.lib import doctor
from oms.lib.errors import InvalidTransition
from oms.outbox.models import Delivery, Event
from oms.papers.models import Document
from oms.papers.services.read_document import read_document
from tests.deliver import deliver
from tests.fulfilment.fake_carrier import DONE
from tests.fulfilment.fake_easypost import FORM
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.race import processes, race

TASK = "fulfilment.tasks.ask_carrier_manifest"
Status = CarrierManifest.Status


@pytest.fixture
def shelf(db, easypost):
    Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    return make_shelf(9)


@pytest.fixture
def handed(shelf):
    """A closed manifest of two parcels with labels bought, of which the carrier was not told yet."""
    return handed_over(shelf, "", "")


def handed_over(shelf, *services):
    location, (cup,) = shelf
    parcels = [packed(confirmed((cup, 1))) for _ in services]
    for parcel, service in zip(parcels, services, strict=True):
        label.buy(parcel.pk, service=service, actor=ACTOR)
        ship(parcel.fulfilment_order_id, actor=ACTOR)
    return hand_over(location, [parcel.pk for parcel in parcels], actor=ACTOR)[0]


def asked(manifest):
    """Ask as the task does, and say what went wrong, or ""."""
    with suppress(CarrierError):  # the task is run again
        ask_all(manifest.pk, actor=ACTOR)
    return " ".join(CarrierManifest.objects.values_list("error", flat=True)).strip()


def states():
    return list(CarrierManifest.objects.values_list("status", flat=True))


def papers():
    return [read_document(document) for document in Document.objects.filter(kind="carrier_manifest")]


def test_the_carriers_form_is_kept_byte_for_byte(handed, easypost):
    assert (states(), easypost.forms) == ([Status.ASKED], {}), "nobody is asked while the manifest closes"
    deliver(TASK)
    row = CarrierManifest.objects.get()
    assert (row.status, row.external_id, row.name, row.account) == (Status.MADE, "sf_1", "USPS", "ca_1")
    document = Document.objects.latest_of("carrier_manifest", row.pk)
    assert (read_document(document), document.subject) == (FORM, f"manifest:{handed.pk}")
    assert easypost.forms["sf_1"]["tracking_codes"] == list(Parcel.objects.values_list("tracking_number", flat=True))
    names = Event.objects.filter(subject=f"manifest:{handed.pk}").values_list("name", flat=True)
    assert {"manifest.closed", "carrier_manifest.made"} <= set(names)


def test_asked_twice_it_is_made_once(handed, easypost):
    deliver(TASK)
    assert (asked(handed), easypost.calls.count("form"), len(papers())) == ("", 1, 1)
    with pytest.raises(InvalidTransition, match="nothing to ask for"):
        ask_again(handed.pk, actor=ACTOR)


@pytest.mark.parametrize("fault", ["hang", "lost", "error", "late_error", "garbled", "busy"])
def test_one_form_whatever_happens_to_the_answer(handed, easypost, fault):
    easypost.fail("form", fault)
    assert "EasyPost" in asked(handed)
    row = CarrierManifest.objects.get()
    assert row.status == Status.ASKED
    assert "EasyPost" in row.error
    assert asked(handed) == ""
    assert (states(), list(easypost.forms), papers()) == ([Status.MADE], ["sf_1"], [FORM])
    assert easypost.calls.count("form") == (1 if fault in DONE else 2), "what is there is looked for first"


@pytest.mark.parametrize("fault", ["lost", "late_error"])
def test_control_a_naive_second_try_is_refused(handed, easypost, settings, fault):
    """What the test above would not see if the fake gave a shipment a second form."""
    names = Label.objects.values_list("external_id", flat=True)
    plugin = EasyPost(**settings.CARRIERS["easypost"]["OPTIONS"])
    easypost.fail("form", fault)
    with pytest.raises(CarrierError):
        plugin.manifest(Load("EP", tuple((name, "") for name in names)))
    assert easypost.scan_form(list(names), "")[0] == 422


def test_an_answer_after_we_gave_up_is_found(handed, easypost):
    """The first question is heard while the second is asked: that is refused, and reads the first one's form."""
    easypost.fail("form", "hang")
    assert asked(handed)
    names = list(Label.objects.values_list("external_id", flat=True))
    easypost.on_call = lambda verb: verb == "form" and not easypost.forms and easypost.scan_form(names, easypost.url)
    assert (asked(handed), states(), list(easypost.forms)) == ("", [Status.MADE], ["sf_1"])


def test_each_account_has_a_form_and_a_refusal_of_one_stops_neither(shelf, easypost):
    easypost.accounts = {"Priority": "ca_2"}
    manifest = handed_over(shelf, "USPS.Priority", "USPS.Ground", "USPS.Priority")
    easypost.fail("form", "refuse")
    deliver(TASK)
    assert not Delivery.objects.dead().exists()
    first, second = CarrierManifest.objects.all()
    assert (first.account, first.status, first.error) == ("ca_2", Status.REFUSED, "EasyPost: Insufficient funds.")
    assert (second.account, second.status, second.labels.count()) == ("ca_1", Status.MADE, 1)
    assert set(Parcel.objects.values_list("status", flat=True)) == {"handed_over"}
    ask_again(manifest.pk, actor=ACTOR)
    deliver(TASK)
    assert states() == [Status.MADE, Status.MADE]
    assert [len(form["tracking_codes"]) for form in easypost.forms.values()] == [1, 2]


def test_a_form_that_somebody_made_elsewhere_is_named(handed, easypost):
    first, second = Label.objects.order_by("pk")
    easypost.scan_form([first.external_id], easypost.url)
    assert f"another form, sf_1, without {second.tracking_number}" in asked(handed)
    assert states() == [Status.REFUSED]


def test_a_form_that_failed_is_said_and_asked_for_anew(handed, easypost):
    names = list(Label.objects.values_list("external_id", flat=True))
    easypost.scan_form(names, easypost.url)
    easypost.forms["sf_1"] |= {"status": "failed", "message": "The labels are of yesterday."}
    CarrierManifest.objects.update(attempts=1)
    assert (asked(handed), states()) == ("EasyPost: A shipment is on another scan form.", [Status.REFUSED])
    for name in names:
        easypost.shipments[name]["scan_form"] = None
    ask_again(handed.pk, actor=ACTOR)
    assert (asked(handed), states(), list(easypost.forms)) == ("", [Status.MADE], ["sf_1", "sf_2"])


def test_a_form_that_is_still_being_made_is_waited_for(handed, easypost):
    easypost.on_call = lambda verb: easypost.forms and easypost.forms["sf_1"].update(form_url=None, status="creating")
    names = list(Label.objects.values_list("external_id", flat=True))
    easypost.scan_form(names, easypost.url)
    CarrierManifest.objects.update(attempts=1)
    assert asked(handed) == "EasyPost has not made the form yet."
    easypost.on_call = lambda verb: easypost.forms["sf_1"].update(form_url=f"{easypost.url}/form", status="created")
    assert (asked(handed), states(), papers()) == ("", [Status.MADE], [FORM])


def test_only_carriers_that_have_one_are_asked(db, easypost):
    location, (cup,) = make_shelf(9)
    parcel = packed(confirmed((cup, 1)))
    ship(parcel.fulfilment_order_id, actor=ACTOR)
    hand_over(location, [parcel.pk], actor=ACTOR)
    deliver(TASK)
    assert (states(), easypost.calls) == ([], [])


def test_a_plug_in_that_is_gone_holds_no_parcel_back(shelf, easypost, settings):
    settings.CARRIERS = settings.CARRIERS | {"former": settings.CARRIERS["easypost"]}
    Carrier.objects.update(plugin="former")
    location, (cup,) = shelf
    parcel = packed(confirmed((cup, 1)))
    label.buy(parcel.pk, actor=ACTOR)
    ship(parcel.fulfilment_order_id, actor=ACTOR)
    del settings.CARRIERS["former"]
    hand_over(location, [parcel.pk], actor=ACTOR)
    assert states() == []


def test_a_typed_number_is_on_none(shelf, easypost):
    location, (cup,) = shelf
    parcel = packed(confirmed((cup, 1)))
    ship(parcel.fulfilment_order_id, tracking={parcel.pk: "0034"}, carrier="EP", actor=ACTOR)
    hand_over(location, [parcel.pk], actor=ACTOR)
    deliver(TASK)
    assert (states(), easypost.calls) == ([], [])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_tasks_at_once_make_one(shelf, easypost):
    manifest = handed_over(shelf, "", "")
    race(lambda n: asked(manifest), 3)
    if states() != [Status.MADE]:
        ask_again(manifest.pk, actor=ACTOR)
        assert asked(manifest) == ""
    assert (states(), list(easypost.forms), papers()) == ([Status.MADE], ["sf_1"], [FORM])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_form_counts_though_a_second_question_was_refused_meanwhile(shelf, easypost):
    manifest = handed_over(shelf, "")

    def refused(verb):
        CarrierManifest.objects.update(status=Status.REFUSED)
        connections.close_all()

    easypost.on_call = refused
    assert (asked(manifest), states(), papers()) == ("", [Status.MADE], [FORM])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_while_it_asks(shelf, easypost):
    manifest = handed_over(shelf, "")
    easypost.fail("form", "lost")
    child = processes.Process(target=asked, args=(manifest,))
    easypost.on_call = lambda verb: os.kill(child.pid, signal.SIGKILL) if verb == "form" else None
    child.start()
    child.join(20)
    assert child.exitcode == -signal.SIGKILL
    easypost.on_call = lambda verb: None
    assert states() == [Status.ASKED]
    assert (asked(manifest), states(), list(easypost.forms)) == ("", [Status.MADE], ["sf_1"])


def violations():
    return [violation.message for finding in doctor.run(only=23, snapshot=False) for violation in finding.violations]


@pytest.mark.corrupt(23)
def test_doctor_finds_what_nobody_asks_for(handed, easypost):
    deliver(TASK)
    assert violations() == []
    Document.objects.filter(kind="carrier_manifest").delete()
    assert violations() == ["was made, and its file is not here"]
    CarrierManifest.objects.update(status=Status.ASKED, asked_at=timezone.now() - timedelta(days=2))
    assert violations() == ["is asked for since 2 days, and nobody asks"]
    CarrierManifest.objects.update(asked_at=timezone.now())
    Manifest.objects.update(handed_over_at=None)
    assert "is there, yet our own is open" in violations()
