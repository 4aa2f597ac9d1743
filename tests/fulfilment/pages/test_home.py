import pytest
from django.urls import reverse

from fulfilment.services import label
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, picked, work_of
from tests.fulfilment.pages.conftest import LEAD, PACKER, PICKER, STORE, text
from tests.make import make_location

HOME = reverse("floor:home")


def test_people_choose_where_they_work_once(enter):
    make_location("BER")
    there = make_location("HAM")
    make_location("3PL", kind="3pl")
    client = enter(PICKER)
    lists = reverse("floor:picking")
    page = text(client.get(lists))
    assert "Where do you work?" in page
    assert "3PL" not in page
    assert client.post(reverse("floor:place"), {"place": there.pk, "next": lists}).url == lists
    assert "Working at HAM" in text(client.get(HOME))
    assert "Scan a pick list" in text(client.get(lists))
    client.post(reverse("floor:place"), {"place": "nonsense"})
    assert "Working at HAM" in text(client.get(HOME))


def test_the_only_place_is_taken(enter, place):
    assert "Working at Berlin" in text(enter(PICKER).get(HOME))


def test_everyone_sees_his_own_tabs(enter, place):
    page = text(enter(PICKER).get(HOME))
    assert reverse("floor:picking") in page
    assert reverse("floor:board") not in page
    assert reverse("floor:packing") not in page


@pytest.mark.parametrize("what", ["list", "tote", "order"])
def test_a_scan_opens_what_was_scanned(enter, place, what):
    _, (cup,) = make_shelf(5, location=place)
    order = confirmed((cup, 1))
    walk = picked(order)
    code = {"list": str(walk), "tote": work_of(order).tote_code, "order": order.number}[what]
    answer = enter(STORE).post(reverse("floor:scan"), {"scan": code.lower()})
    bench = reverse("floor:bench", args=[work_of(order).pk])
    assert answer.url == (reverse("floor:pick", args=[walk.pk]) if what == "list" else bench)


def test_a_parcel_is_found_by_its_own_and_its_tracking_number(enter, place):
    _, (cup,) = make_shelf(5, location=place)
    order = confirmed((cup, 1))
    parcel = packed(order)
    label.buy(parcel.pk, tracking_number="1Z-999", actor=ACTOR)
    client, bench = enter(STORE), reverse("floor:bench", args=[work_of(order).pk])
    for code in (str(parcel), "1Z-999"):
        assert client.post(reverse("floor:scan"), {"scan": code}).url == bench


@pytest.mark.parametrize("code", ["", "nonsense", "L999", "L1-1", "P7", "999999", "9" * 15, "<b>"])
def test_what_is_nothing_is_said_to_be_nothing(enter, place, code):
    answer = enter(STORE).post(reverse("floor:scan"), {"scan": code}, follow=True)
    assert "is no pick list, tote, parcel or order" in text(answer)
    assert "<b> is" not in text(answer)


PAGES = [
    ("floor:board", LEAD, "release_fulfilmentorder"),
    ("floor:picking", PICKER, "change_picktask"),
    ("floor:packing", PACKER, "pack_parcel"),
    ("floor:shipped", PACKER, "ship_parcel"),
    ("floor:handover", LEAD, "add_manifest"),
    ("floor:book_collection", [*LEAD, "add_carriercollection"], "add_carriercollection"),
    ("floor:put_backs", PICKER, "change_picktask"),
    ("floor:pickups", STORE, "collect_fulfilmentorder"),
    ("floor:labels", PICKER, "view_picklist"),
    ("floor:sheets", PACKER, "pack_parcel"),
]


@pytest.mark.parametrize(("name", "role", "needed"), PAGES)
def test_a_page_opens_for_those_who_may_and_nobody_else(client, staff, place, name, role, needed):
    assert "/admin/login/" in client.get(reverse(name)).url

    client.force_login(staff(*(set(STORE + LEAD) - {needed}), username="other"))
    assert client.get(reverse(name)).status_code == 403

    client.force_login(staff(*role))
    assert client.get(reverse(name)).status_code == 200
