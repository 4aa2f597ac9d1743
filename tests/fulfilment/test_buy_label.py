"""One label and one charge, whatever EasyPost does; the fake of tests/fulfilment/fake_easypost.py is real HTTP."""

import os
import signal
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from fulfilment.carriers import easypost_api
from fulfilment.carriers.base import CarrierError, Shipment
from fulfilment.carriers.easypost_api import EasyPost
from fulfilment.carriers.tree import refuse
from fulfilment.models import Carrier, Label, Parcel, Station
from fulfilment.services import buy_label, label, pack, printing, shop
from fulfilment.services.ship import ship
from oms.lib import doctor
from oms.lib.errors import Invalid, InvalidTransition
from oms.papers.models import Document
from oms.papers.services.read_document import read_document
from tests.fulfilment.fake_carrier import LABELS
from tests.fulfilment.labels import bought, later, pressed, states, wait_for
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.race import processes, race
from tests.replay import replayed

Status = Label.Status


@pytest.fixture
def parcel(db, request):
    made = make_parcel()
    request.getfixturevalue("easypost")  # after it, or what is made would differ by its address
    return made


@replayed
def make_parcel():
    Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    _, (cup,) = make_shelf(9)
    return packed(confirmed((cup, 2)))


def test_the_carriers_label_is_kept_byte_for_byte(parcel, easypost):
    postage = shop.shop(parcel.pk, actor=ACTOR)
    assert (postage.taken["service"], postage.amount) == ("USPS.Priority", Decimal("8.25"))
    shop.take(parcel.pk, 1, actor=ACTOR)
    found = bought(parcel)
    assert (found.tracking_number, found.tracking_url) == ("EZ000000001", "https://track.example.com/EZ000000001")
    row = Label.objects.get()
    assert (row.status, row.amount, row.currency, row.external_id) == (Status.BOUGHT, Decimal("6.10"), "EUR", "shp_2")
    document = Document.objects.latest_of("shipping_label", parcel.pk)
    assert (read_document(document), document.filename[-4:]) == (LABELS["PDF"], ".pdf")
    assert bought(parcel).tracking_number == found.tracking_number
    assert easypost.charges == ["shp_2"]
    told = easypost.shipments["shp_2"]["said"]
    assert (told["parcel"], told["reference"]) == ({"weight": 28.3}, row.reference)


def test_what_cannot_be_read_of_a_label_that_was_paid_is_no_refusal(parcel, easypost, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(easypost_api, "charged", lambda *args: refuse("fees[0].amount", "is no amount"))
        assert "is no amount" in pressed(parcel)
    assert states() == [Status.PENDING]
    later()
    assert (states(), easypost.charges) == ([Status.BOUGHT], ["shp_1"])


def test_it_is_printed_instead_of_ours(parcel, easypost):
    station = Station.objects.create(
        code="B1", location=parcel.fulfilment_order.location, label_printer=Station.LabelPrinter.ZPL
    )
    bought(parcel, form="zpl")
    document = Document.objects.latest_of("shipping_label", parcel.pk)
    job = printing.send(station, document, actor=ACTOR)
    assert printing.content_of(job) == (LABELS["ZPL"], "zpl")
    again = printing.content_of(printing.send_again(station, document, actor=ACTOR))[0]
    assert again.startswith(LABELS["ZPL"].rstrip())
    assert b"REPRINT 1" in again
    Station.objects.update(label_printer=Station.LabelPrinter.PDF)
    station.refresh_from_db()
    assert printing.send(station, document, actor=ACTOR) is None, "a printer that does not speak it"
    with pytest.raises(Invalid):
        printing.send_again(station, document, actor=ACTOR)


FAULTS = ["hang", "lost", "error", "late_error", "garbled", "busy"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("verb", ["create", "buy"])
def test_one_label_and_one_charge(parcel, easypost, verb, fault):
    easypost.fail(verb, fault)
    assert "EasyPost" in pressed(parcel)
    assert states() == ["pending"]
    with pytest.raises(InvalidTransition, match="not here yet"):
        ship(work_of(parcel.order).pk, actor=ACTOR)
    later()
    parcel.refresh_from_db()
    assert (states(), len(easypost.charges), parcel.tracking_number) == (["bought"], 1, "EZ000000001")
    assert read_document(Document.objects.latest_of("shipping_label", parcel.pk)) == LABELS["PDF"]


@pytest.mark.parametrize("fault", ["lost", "late_error", "garbled"])
def test_control_a_naive_second_try_buys_two(easypost, settings, fault):
    """What the tests above would not see if the fake did not charge."""
    plugin = EasyPost(**settings.CARRIERS["easypost"]["OPTIONS"])
    wish = Shipment("17", {}, {}, weight_g=500, carrier="EP")
    easypost.fail("buy", fault)
    for _ in range(2):
        try:
            plugin.buy_label(Shipment(**{**vars(wish), "external_id": plugin.announce(wish)}))
        except CarrierError:
            continue
    assert len(easypost.charges) == 2


def test_an_answer_after_we_gave_up_counts_once(parcel, easypost):
    """The first question is bought while the second is asked: the shipment is one, so the label is one."""
    easypost.fail("buy", "late")
    assert pressed(parcel)
    easypost.go_on.set()
    wait_for(lambda: easypost.sold)
    assert pressed(parcel) == ""
    later()
    assert (states(), len(easypost.charges)) == (["bought"], 1)


def test_a_label_that_comes_after_it_was_voided_is_given_back(parcel, easypost):
    easypost.fail("buy", "late")
    assert pressed(parcel)
    label.void(parcel.pk, actor=ACTOR)
    assert states() == ["voiding"], "a question that was sent may be heard still"
    easypost.go_on.set()
    wait_for(lambda: easypost.sold)
    buy_label.settle_due()
    later(0)
    assert (states(), easypost.charges) == (["voided"], [])
    easypost.go_on.clear()
    assert pressed(parcel) == ""
    assert (states(), len(easypost.charges)) == (["bought", "voided"], 1)


def test_a_label_that_never_came_is_settled(parcel, easypost):
    easypost.fail("buy", "hang")
    assert pressed(parcel)
    label.void(parcel.pk, actor=ACTOR)
    later()
    assert (states(), easypost.sold) == (["voided"], [])


def test_unpacked_while_the_carrier_works(parcel, easypost):
    """Somebody takes a piece out while the label is bought: it is given back, and the next one is for what is in."""
    easypost.fail("buy", "lost")
    assert pressed(parcel)
    pack.undo(parcel.lines.get().pk, actor=ACTOR)
    assert states() == ["voiding"]
    later()
    assert (states(), easypost.charges) == (["voided"], [])
    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_number) == (Parcel.Status.PACKING, "")


def test_a_bought_label_goes_back_with_what_is_taken_out(parcel, easypost):
    bought(parcel)
    pack.undo(parcel.lines.get().pk, pieces=2, actor=ACTOR)
    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_number) == (Parcel.Status.CANCELLED, "")
    later()
    assert (states(), easypost.charges) == (["voided"], [])


def test_void_and_buy_again(parcel, easypost):
    first = bought(parcel).tracking_number
    assert label.void(parcel.pk, actor=ACTOR).tracking_number == ""
    assert easypost.charges == []
    second = bought(parcel).tracking_number
    assert first != second
    assert (states(), len(easypost.charges)) == (["bought", "voided"], 1)
    label.void(parcel.pk, actor=ACTOR)
    label.void(parcel.pk, actor=ACTOR)
    assert easypost.charges == []


@pytest.mark.parametrize("fault", ["hang", "error", "busy"])
def test_voiding_frees_the_parcel_though_the_carrier_is_away(parcel, easypost, fault):
    bought(parcel)
    easypost.fail("refund", fault)
    assert label.void(parcel.pk, actor=ACTOR).tracking_number == ""
    assert states() == ["voiding"]
    later()
    assert (states(), easypost.charges) == (["voided"], [])


def test_what_the_carrier_does_not_take_back_is_kept_and_said(parcel, easypost):
    bought(parcel)
    easypost.fail("refund", "refuse")
    label.void(parcel.pk, actor=ACTOR)
    row = Label.objects.get()
    assert (row.status, row.error) == (Status.KEPT, "EasyPost: Insufficient funds.")


def test_a_refusal_buys_nothing_and_the_next_press_asks_anew(parcel, easypost):
    easypost.fail("buy", "refuse")
    assert pressed(parcel) == "EasyPost: Insufficient funds."
    assert (states(), easypost.charges) == (["refused"], [])
    assert pressed(parcel) == ""
    assert (states(), easypost.charges) == (["bought", "refused"], ["shp_2"])


def test_a_refusal_after_a_lost_question_still_looks_for_it(parcel, easypost):
    """The lost question is heard after the refusal: what it bought is given back."""
    easypost.fail("buy", "late")
    easypost.fail("buy", "refuse")
    assert pressed(parcel)
    assert pressed(parcel) == "EasyPost: Insufficient funds."
    assert states() == ["voiding"]
    easypost.go_on.set()
    wait_for(lambda: easypost.sold)
    later(0)
    assert (states(), easypost.charges) == (["voided"], [])


def test_busy_says_how_long_and_is_left_alone_so_long(parcel, easypost):
    easypost.fail("create", "busy")
    assert pressed(parcel) == "EasyPost: Too many requests."
    assert pressed(parcel) == "EasyPost wants to be asked again in 7 seconds."
    assert easypost.calls == ["create"]


def test_a_typed_number_waits_until_the_awaited_label_is_voided(parcel, easypost):
    easypost.fail("buy", "hang")
    assert pressed(parcel)
    with pytest.raises(Invalid, match="void that first"):
        bought(parcel, tracking_number="0034")
    label.void(parcel.pk, actor=ACTOR)
    assert bought(parcel, tracking_number="0034").tracking_number == "0034"
    assert shop.shop(parcel.pk, actor=ACTOR) is None


def test_a_parcel_that_waits_is_not_sent_another_way(parcel, easypost):
    shop.shop(parcel.pk, actor=ACTOR)
    easypost.fail("buy", "hang")
    assert pressed(parcel)
    with pytest.raises(InvalidTransition, match="void it first"):
        shop.take(parcel.pk, 1, actor=ACTOR)
    assert shop.shop(parcel.pk, actor=ACTOR).chosen == 0


def test_a_number_typed_when_it_ships_gives_the_bought_label_back(parcel, easypost):
    bought(parcel)
    ship(work_of(parcel.order).pk, tracking={parcel.pk: "0034"}, actor=ACTOR)
    parcel.refresh_from_db()
    assert (parcel.tracking_number, states()) == ("0034", ["voiding"])


@pytest.mark.parametrize(("keys", "words"), [({}, "name it in CARRIER_KEYS"), ({"EP": "wrong"}, "is not accepted")])
def test_keys(parcel, easypost, settings, keys, words):
    settings.CARRIER_KEYS = keys
    said = pressed(parcel)
    assert words in said
    assert "wrong" not in said
    assert states() == ["refused"]
    with pytest.raises(CarrierError, match="CARRIER_KEYS"):
        label.check_account(Carrier.objects.get(code="EP"))


def test_the_connection_can_be_tested(parcel, easypost):
    shop.shop(parcel.pk, actor=ACTOR)
    said = label.check_account(Carrier.objects.get(code="EP"))
    assert said == "EasyPost accepts the key (test mode); all of its carrier accounts are asked."
    with pytest.raises(Invalid):
        label.check_account(Carrier(code="X", plugin="manual"))


def test_a_carrier_that_is_away_stops_nobody_from_shopping(parcel, easypost):
    easypost.fail("create", "hang")
    assert shop.shop(parcel.pk, actor=ACTOR) is None


@pytest.mark.parametrize(
    ("service", "words"), [("UPS.Air", "does not offer UPS.Air for this parcel: USPS.Ground, USPS.Priority")]
)
def test_a_service_that_is_not_offered(parcel, easypost, service, words):
    with pytest.raises(CarrierError, match=words):
        bought(parcel, service=service)
    assert easypost.charges == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_presses_at_once_buy_one(easypost):
    parcel = make_parcel()
    race(lambda n: pressed(parcel), 4)
    later()
    assert (states(), len(easypost.charges)) == (["bought"], 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["create", "buy"])
def test_a_process_that_is_killed_while_it_buys(easypost, verb):
    parcel = make_parcel()
    easypost.fail(verb, "lost")
    child = processes.Process(target=pressed, args=(parcel,))
    easypost.on_call = lambda called: os.kill(child.pid, signal.SIGKILL) if called == verb else None
    child.start()
    child.join(20)
    assert child.exitcode == -signal.SIGKILL
    easypost.on_call = lambda called: None
    assert states() == ["pending"]
    later()
    assert (states(), len(easypost.charges)) == (["bought"], 1)
    assert Parcel.objects.get().tracking_number == "EZ000000001"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("verb", "sold"), [("create", 0), ("buy", 1)])
def test_voided_by_a_colleague_while_the_carrier_works(easypost, verb, sold):
    """Before anything was bought nothing is; what was bought already goes back at once."""
    parcel = make_parcel()

    def colleague(called):
        if called == verb:
            label.void(parcel.pk, actor="user:2")
            connections.close_all()

    easypost.on_call = colleague
    assert pressed(parcel) == ""
    assert (states(), len(easypost.sold), easypost.charges) == (["voided"], sold, [])
    assert Parcel.objects.get().tracking_number == ""


def violations():
    return [violation.message for finding in doctor.run(only=24, snapshot=False) for violation in finding.violations]


@pytest.mark.corrupt(24)
def test_doctor_finds_labels_that_nobody_holds(parcel, easypost):
    bought(parcel)
    assert violations() == []
    Parcel.objects.update(tracking_number="other")
    assert violations() == ["was bought as EZ000000001, its parcel goes as other"]
    Parcel.objects.update(tracking_number="EZ000000001")
    Label.objects.update(status=Status.VOIDED)
    assert violations() == ["goes with a label that was given back"]
    old = timezone.now() - timedelta(days=2)
    Label.objects.update(status=Status.VOIDING, created_at=old, asked_at=old, ask_after=old)
    assert "is being given back since 2 days, and nobody asks" in violations()
