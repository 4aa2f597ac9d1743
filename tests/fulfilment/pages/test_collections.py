"""Who comes for the parcels: booked on a form, seen where they are handed over, and sent away again."""

import pytest
import time_machine
from django.urls import reverse

from fulfilment.models import Carrier, CarrierCollection, Manifest
from fulfilment.services import label
from fulfilment.services.ship import ship
from oms.roles import CS, LEAD, MANAGER, PACKER, PICKER, READ_ONLY, STORE
from tests.deliver import deliver
from tests.fulfilment import road
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.fulfilment.pages.conftest import text
from tests.make import make_location, make_user

pytestmark = pytest.mark.django_db

SHOWN, BOOK = reverse("floor:handover"), reverse("floor:book_collection")


@pytest.fixture(autouse=True)
def monday():
    """A Monday's noon, so that what is likely is today."""
    with time_machine.travel(road.MONDAY):
        yield


@pytest.fixture
def carrier(place, easypost):
    """EasyPost, one of whose parcels stands here."""
    made = Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    _, (cup,) = make_shelf(9, location=place)
    parcel = packed(confirmed((cup, 1)))
    label.buy(parcel.pk, actor=ACTOR)
    ship(parcel.fulfilment_order_id, actor=ACTOR)
    return made


@pytest.fixture
def lead(client, db):
    client.force_login(make_user(LEAD))
    return client


def form(**fields):
    """What is likely, as the form has it."""
    said = {"day": "2027-03-01", "start": "15:00", "until": "17:00", "parcels": 4, "weight_kg": "2.5"}
    return said | {"instructions": "", "confirmation": ""} | fields


def test_booked_seen_and_cancelled(lead, carrier, place, easypost):
    page = text(lead.get(SHOWN))
    assert '<b>EasyPost</b><span class="warn">nobody is booked for today</span>' in page
    url = f"{BOOK}?carrier={carrier.pk}"
    page = text(lead.get(url))
    assert "Book a pickup by EasyPost at BER" in page
    for words in ('value="2027-03-01"', 'value="15:00"', 'value="17:00"', 'name="parcels" value="1"'):
        assert words in page
    assert 'name="weight_kg" value="0.8"' in page
    page = text(lead.post(url, form(), follow=True))
    assert "EasyPost: the pickup is asked for." in page
    assert "is asked to come" in page
    deliver()
    row = CarrierCollection.objects.get()
    assert (row.day, row.weight_g, row.created_by[:5]) == (road.MONDAY.date(), 2500, "user:")
    page = text(lead.get(SHOWN))
    assert "nobody is booked" not in page
    for words in (
        "<span>comes 15:00–17:00</span>",
        "pickup 15:00–17:00, booked</a>",
        "4 parcels, 2.5 kg, USPS NextDay, 1.20 USD",
        "confirmation <b>WTC1</b>",
    ):
        assert words in page
    assert len(easypost.drivers) == 1
    page = text(lead.post(reverse("floor:cancel_collection", args=[row.pk]), follow=True))
    assert "EasyPost is told not to come." in page
    assert "is sent away" in page
    deliver()
    assert easypost.drivers == []
    assert "confirmation" not in text(lead.get(SHOWN))


def test_what_the_carrier_refuses_stands_there_until_one_is_booked(lead, carrier, place, easypost):
    url = f"{BOOK}?carrier={carrier.pk}"
    easypost.fail("buy_pickup", "refuse")
    for _ in range(2):
        lead.post(url, form())
        deliver()
    page = text(lead.get(SHOWN))
    assert "confirmation <b>WTC1</b>" in page
    assert "does not come" not in page
    CarrierCollection.objects.filter(status="booked").update(status="cancelled")
    page = text(lead.get(SHOWN))
    assert "does not come" in page
    assert "EasyPost: Insufficient funds." in page
    assert "Book a pickup" in page


def test_what_was_not_answered_is_asked_again(lead, carrier, place, easypost):
    lead.post(f"{BOOK}?carrier={carrier.pk}", form())
    row = CarrierCollection.objects.get()
    assert "Ask again" not in text(lead.get(SHOWN)), "nobody was silent yet"
    CarrierCollection.objects.update(error="EasyPost does not answer.")
    assert "Ask again" in text(lead.get(SHOWN))
    page = text(lead.post(reverse("floor:ask_collection", args=[row.pk]), follow=True))
    assert "EasyPost is asked again." in page
    deliver()
    assert len(easypost.drivers) == 1


def test_a_carrier_without_a_network_is_noted(lead, place):
    dhl = road.shipped(shelf=make_shelf(9, location=place)).carrier
    url = f"{BOOK}?carrier={dhl.pk}"
    assert "DHL is not asked over the network: call, and note it here." in text(lead.get(url))
    page = text(lead.post(url, form(confirmation="K-77"), follow=True))
    assert "DHL: the pickup is noted." in page
    assert "arranged by hand</span><span>confirmation <b>K-77</b>" in page
    page = text(lead.post(reverse("floor:cancel_collection", args=[CarrierCollection.objects.get().pk]), follow=True))
    assert "The pickup is cancelled: tell DHL." in page


def test_what_is_wrong_stands_at_its_field(lead, carrier, place):
    url = f"{BOOK}?carrier={carrier.pk}"
    lead.post(url, form())
    answer = lead.post(url, form())
    assert answer.status_code == 422
    assert "EasyPost is booked for that day already: cancel it first." in str(answer.context["form"].errors["day"])
    late = form(day="2027-03-04", start="16:00", until="15:00")
    assert "It ends before it begins." in str(lead.post(url, late).context["form"].errors["until"])
    assert lead.post(url, form(parcels=0)).status_code == 422
    assert CarrierCollection.objects.count() == 1


def test_from_the_manifest_in_the_console_to_its_place(lead, carrier, place):
    elsewhere = make_location("HAM", name="Hamburg")
    manifest = Manifest.objects.create(location=elsewhere, carrier=carrier)
    url = reverse("admin:fulfilment_manifest_change", args=[manifest.pk])
    assert "nobody is booked" in text(lead.get(url))
    assert "own manifests" not in text(lead.get(url)).lower(), "there are none"
    booked = lead.get(reverse("admin:fulfilment_manifest_book_pickup", args=[manifest.pk]))
    assert "Book a pickup by EasyPost at HAM" in text(lead.get(booked.url))
    lead.post(booked.url, form())
    row = CarrierCollection.objects.get()
    assert row.location == elsewhere
    assert f"{row.window}, asked for" in text(lead.get(url))
    assert row.window in text(lead.get(reverse("admin:fulfilment_carriercollection_changelist")))


@pytest.mark.parametrize("role", [CS, PICKER, PACKER, LEAD, STORE, MANAGER, READ_ONLY])
def test_leads_book_and_packers_see_who_comes(client, place, role):
    carrier = Carrier.objects.create(code="own", name="Own delivery")
    client.force_login(make_user(LEAD))
    client.post(f"{BOOK}?carrier={carrier.pk}", form())
    row = CarrierCollection.objects.get()
    client.force_login(make_user(role))
    may = role in (LEAD, MANAGER)
    assert (client.get(BOOK).status_code == 200) == may
    for name in ("cancel_collection", "ask_collection"):
        assert (client.post(reverse(f"floor:{name}", args=[row.pk])).status_code == 302) == may
    if role == PACKER:
        page = text(client.get(SHOWN))
        assert f"{row.window}</span>" in page
        assert "Book a pickup" not in page
        assert "Cancel" not in page
