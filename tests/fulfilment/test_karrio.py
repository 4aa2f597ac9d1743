"""Labels by a Karrio server: it has no lock, so that one label and one charge is ours to see to."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connections

from fulfilment.carriers.base import CarrierError, Shipment
from fulfilment.carriers.karrio_api import Karrio
from fulfilment.models import Carrier, Label
from fulfilment.services import label, shop
from oms.lib.plugins import load
from oms.papers.models import Document
from oms.papers.services.read_document import read_document
from orders.models import Order
from tests.fulfilment.fake_carrier import LABELS
from tests.fulfilment.labels import bought, later, pressed, states, wait_for
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.make import ADDRESS
from tests.race import race
from tests.replay import replayed

NOT_YET = "Karrio was asked for this label and has not bought it yet: look again, or void it and buy another."


@pytest.fixture
def parcel(db, request):
    made = make_parcel()
    request.getfixturevalue("karrio")  # after it, or what is made would differ by its address
    return made


@replayed
def make_parcel(**fields):
    Carrier.objects.create(code="KA", name="Karrio", plugin="karrio")
    _, (cup,) = make_shelf(9)
    return packed(confirmed((cup, 2), **fields))


def file_of(parcel):
    return read_document(Document.objects.latest_of("shipping_label", parcel.pk))


def test_the_carriers_label_is_kept_byte_for_byte(parcel, karrio):
    postage = shop.shop(parcel.pk, actor=ACTOR)
    assert (postage.taken["service"], postage.amount) == ("dhl_express.worldwide", Decimal("8.25"))
    shop.take(parcel.pk, 1, actor=ACTOR)
    found = bought(parcel)
    assert (found.tracking_number, found.tracking_url) == ("1Z000000001", "https://track.example.com/1Z000000001")
    row = Label.objects.get()
    assert (row.status, row.service, row.amount, row.currency) == ("bought", "ups.standard", Decimal("6.10"), "EUR")
    assert file_of(parcel) == LABELS["PDF"]
    assert bought(parcel).tracking_number == found.tracking_number
    assert karrio.charges == [row.external_id] == ["shp_1"]
    told = karrio.shipments["shp_1"]["said"]
    assert told["parcels"] == [{"weight": 0.8, "weight_unit": "KG"}]
    assert (told["reference"], told["options"], told["carrier_ids"]) == (row.reference, {"currency": "EUR"}, [])
    assert told["recipient"] == {
        "person_name": "Ann Miller",
        "address_line1": "Unter den Linden 1",
        "city": "Berlin",
        "postal_code": "10117",
        "country_code": "DE",
        "residential": True,
    }


def test_zpl_is_asked_for_and_an_older_server_gives_labels_by_their_address(parcel, karrio):
    karrio.is_old, karrio.bought = True, "purchased"
    bought(parcel)
    assert file_of(parcel) == LABELS["PDF"]
    label.void(parcel.pk, actor=ACTOR)
    karrio.is_old = False
    bought(parcel, form="zpl")
    assert file_of(parcel) == LABELS["ZPL"]
    assert (states(), karrio.charges) == (["bought", "voided"], ["shp_2"])


@pytest.mark.parametrize("accounts", [[], ["dhl_berlin"]])
def test_the_accounts_of_the_key_are_asked(parcel, karrio, settings, accounts):
    settings.CARRIER_KEYS = {"KA": {"key": settings.CARRIER_KEYS["ka"], "accounts": accounts}}
    bought(parcel)
    assert karrio.shipments["shp_1"]["selected_rate"]["carrier_id"] == (accounts or ["ups_main"])[0]
    said = label.check_account(Carrier.objects.get(code="KA"))
    assert said == f"Karrio accepts the key (test mode); {', '.join(accounts) or 'all'} of its carriers are asked."


@pytest.mark.parametrize("fault", ["hang", "lost", "error", "late_error", "garbled", "busy"])
@pytest.mark.parametrize("verb", ["create", "purchase"])
def test_one_label_and_one_charge(parcel, karrio, verb, fault):
    karrio.fail(verb, fault)
    assert "Karrio" in pressed(parcel)
    assert states() == ["pending"]
    later()
    parcel.refresh_from_db()
    assert (states(), len(karrio.charges), parcel.tracking_number) == (["bought"], 1, "1Z000000001")
    assert len(karrio.shipments) == 1, "found by our reference"
    assert file_of(parcel) == LABELS["PDF"]


@pytest.mark.parametrize("fault", ["hang", "refuse", "error"])
def test_a_label_that_is_bought_and_not_given_is_no_refusal(parcel, karrio, fault):
    karrio.fail("documents", fault)
    assert "Karrio" in pressed(parcel)
    assert (states(), karrio.sold) == (["pending"], ["shp_1"])
    assert pressed(parcel) == ""
    assert (states(), karrio.sold) == (["bought"], ["shp_1"])


def test_ours_is_found_by_its_whole_reference_and_the_one_that_was_bought(karrio, settings):
    plugin = load(settings.CARRIERS, "karrio")
    wish = Shipment("oms-1", {}, {}, weight_g=500, carrier="KA", is_again=True)
    karrio.create({"recipient": {}, "reference": "oms-12", "label_type": "PDF"})
    karrio.create({"recipient": {}, "reference": "oms-1", "label_type": "PDF"})
    karrio.cancel("shp_2")
    assert plugin.announce(wish) == "shp_3", "neither another's nor one that was cancelled"
    karrio.purchase("shp_3", {"selected_rate_id": "shp_3_ups_standard"}, True)
    karrio.create({"recipient": {}, "reference": "oms-1", "label_type": "PDF"})
    assert plugin.announce(wish) == "shp_3"
    assert plugin.announce(replace(wish, is_again=False)) == "shp_5"


def test_who_cannot_know_whether_it_is_bought_looks_and_does_not_buy(parcel, karrio):
    karrio.fail("purchase", "late")
    assert "does not answer" in pressed(parcel)
    asked_at = Label.objects.get().asked_at
    assert (pressed(parcel), pressed(parcel)) == (NOT_YET, NOT_YET)
    assert Label.objects.get().asked_at == asked_at, "who only looks begins no new wait"
    karrio.go_on.set()
    wait_for(lambda: karrio.sold)
    assert pressed(parcel) == ""
    assert (states(), karrio.sold) == (["bought"], ["shp_1"])


def test_control_a_second_question_buys_a_second_label(parcel, karrio, monkeypatch):
    """What the test above would not see if the fake had a lock."""
    monkeypatch.setattr(Karrio, "sells_once", True)
    karrio.fail("purchase", "late")
    assert pressed(parcel)
    assert pressed(parcel) == ""
    karrio.go_on.set()
    wait_for(lambda: len(karrio.sold) == 2)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_presses_at_once_buy_one(karrio):
    parcel = make_parcel()
    race(lambda n: pressed(parcel), 4)
    later(0)
    assert (states(), len(karrio.sold)) == (["bought"], 1)


def test_after_it_was_surely_over_it_is_bought_again(parcel, karrio):
    karrio.fail("purchase", "hang")
    assert pressed(parcel)
    later(14)
    assert (states(), Label.objects.get().error, karrio.sold) == (["pending"], NOT_YET, [])
    later(16)
    assert (states(), len(karrio.charges)) == (["bought"], 1)


def test_a_label_that_comes_after_it_was_voided_is_given_back(parcel, karrio):
    karrio.fail("purchase", "late")
    assert pressed(parcel)
    label.void(parcel.pk, actor=ACTOR)
    assert states() == ["voiding"], "a question that was sent may be heard still"
    assert pressed(parcel) == "", "another is bought meanwhile"
    karrio.go_on.set()
    wait_for(lambda: len(karrio.sold) == 2)
    later(0)
    assert (states(), karrio.charges) == (["bought", "voided"], ["shp_2"])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("verb", "sold"), [("create", 0), ("purchase", 1)])
def test_voided_by_a_colleague_while_karrio_works(karrio, verb, sold):
    parcel = make_parcel()

    def colleague(called):
        if called == verb:
            label.void(parcel.pk, actor="user:2")
            connections.close_all()

    karrio.on_call = colleague
    assert pressed(parcel) == ""
    assert (states(), len(karrio.sold), karrio.charges) == (["voided"], sold, [])


@pytest.mark.parametrize("fault", ["hang", "lost", "error", "silent_carrier"])
def test_voiding_frees_the_parcel_though_karrio_is_away(parcel, karrio, fault):
    bought(parcel)
    karrio.fail("cancel", fault)
    assert label.void(parcel.pk, actor=ACTOR).tracking_number == ""
    assert states() == ["voiding"]
    later()
    assert (states(), karrio.charges) == (["voided"], [])


def test_what_the_carrier_does_not_take_back_is_kept_and_said(parcel, karrio):
    bought(parcel)
    karrio.fail("cancel", "refuse")
    label.void(parcel.pk, actor=ACTOR)
    row = Label.objects.get()
    assert (row.status, row.error) == ("kept", "Karrio: ups_main: Missing or invalid shipper number.")
    later()
    karrio.shipments["shp_1"]["status"] = "in_transit"
    Label.objects.update(status="voiding", attempts=0)
    later()
    row.refresh_from_db()
    assert (row.status, row.error[:43]) == ("kept", "Karrio: The shipment is 'in_transit' and ca")


def test_one_that_was_cancelled_in_karrio_is_no_label_and_needs_no_voiding(parcel, karrio):
    karrio.on_call = lambda verb: karrio.cancel("shp_1") if verb == "purchase" else None
    assert pressed(parcel) == "Karrio: the shipment was cancelled there."
    karrio.on_call = lambda verb: None
    assert pressed(parcel) == ""
    karrio.on_call = lambda verb: karrio.shipments["shp_2"].update(status="cancelled") if verb == "cancel" else None
    label.void(parcel.pk, actor=ACTOR)
    assert (states(), karrio.refunded) == (["refused", "voided"], [])


def test_refusals_are_told_in_their_words_and_the_next_press_asks_anew(parcel, karrio):
    karrio.fail("purchase", "refuse")
    assert pressed(parcel) == "Karrio: ups_main: Missing or invalid shipper number."
    Order.objects.update(ship_to=ADDRESS | {"phone": "by night"})
    assert pressed(parcel) == "Karrio: recipient.phone_number Invalid phone number format."
    assert (states(), karrio.sold) == (["refused", "refused"], [])
    Order.objects.update(ship_to=ADDRESS)
    assert pressed(parcel) == ""


def test_a_carrier_that_karrio_did_not_hear_may_have_sold_it(parcel, karrio):
    karrio.fail("purchase", "silent_carrier")
    assert pressed(parcel) == "Karrio: ups_main: The read operation timed out."
    assert states() == ["pending"]


@pytest.mark.parametrize(
    ("service", "words"),
    [
        ("ups.air", "does not offer ups.air for this parcel: dhl_express.worldwide, ups.standard"),
        ("", "does not offer anything for this parcel: gls: No such postcode"),
    ],
)
def test_a_service_that_is_not_offered(parcel, karrio, service, words):
    if not service:
        silent = {"rates": [], "messages": [{"carrier_id": "gls", "message": "No such postcode", "code": "7"}]}
        karrio.on_call = lambda verb: [row.update(silent) for row in karrio.shipments.values()]
    with pytest.raises(CarrierError, match=words):
        bought(parcel, service=service)
    assert karrio.charges == []


@pytest.mark.parametrize(
    ("keys", "url", "words"),
    [
        ({}, True, "There is no key for KA: name it in CARRIER_KEYS."),
        ({"KA": "wrong"}, True, "the key of CARRIER_KEYS is not accepted (Given token not valid for any token type)"),
        ({"KA": "any"}, False, "Nobody said where Karrio is: set KARRIO_URL."),
    ],
)
def test_what_is_to_be_set_up(parcel, karrio, settings, keys, url, words):
    settings.CARRIER_KEYS = keys
    if not url:
        settings.CARRIERS = settings.CARRIERS | {"karrio": {"BACKEND": "fulfilment.carriers.karrio_api.Karrio"}}
    assert words in pressed(parcel)
    assert states() == ["refused"]
    assert shop.shop(parcel.pk, actor=ACTOR) is None
    with pytest.raises(CarrierError, match="CARRIER_KEYS|KARRIO_URL"):
        label.check_account(Carrier.objects.get(code="KA"))
