import pytest
from django.urls import reverse

from fulfilment.documents.badge_card import render_badge
from fulfilment.models import Badge
from fulfilment.services import badges
from oms.lib.errors import Invalid
from tests.fulfilment.make import ACTOR
from tests.fulfilment.pages.conftest import PACKER, PICKER, text
from tests.fulfilment.pages.test_stations import at
from tests.fulfilment.paper import barcodes_of, words_outside
from tests.fulfilment.test_printing import make_station


@pytest.fixture
def device(client, staff, place):
    """A client that stands at a station; whoever set it up has logged out."""
    client.force_login(staff(*PACKER, username="lead"))
    at(client, make_station(place))
    del client.cookies["sessionid"]
    return client


def scan(client, secret):
    return client.post(reverse("floor:badge"), {"scan": f"badge {secret}"}, follow=True)


def test_a_badge_lets_its_owner_onto_the_floor_and_nowhere_else(device, staff):
    ben = staff(*PICKER, username="ben")
    asked = device.get(reverse("floor:picking"), follow=True)
    assert "Scan your badge" in text(asked)
    page = scan(device, badges.issue(ben, actor=ACTOR))
    assert page.wsgi_request.user == ben
    assert "Working at Berlin" in text(page)

    console = device.get(reverse("admin:index"), follow=True)
    assert not console.wsgi_request.user.is_authenticated
    assert 'name="password"' in text(console)


def test_the_next_badge_takes_the_device_over(device, staff):
    ben, clara = staff(*PICKER, username="ben"), staff(*PACKER, username="clara")
    scan(device, badges.issue(ben, actor=ACTOR))
    assert scan(device, badges.issue(clara, actor=ACTOR)).wsgi_request.user == clara


def test_a_badge_opens_nothing_elsewhere(client, staff, place):
    secret = badges.issue(staff(*PICKER), actor=ACTOR)
    page = scan(client, secret)
    assert not page.wsgi_request.user.is_authenticated
    assert 'name="password"' in text(page)


def test_old_withdrawn_and_foreign_badges_are_refused(device, staff):
    ben = staff(*PICKER, username="ben")
    old, new = badges.issue(ben, actor=ACTOR), badges.issue(ben, actor=ACTOR)
    assert "This badge is not known" in text(scan(device, old))
    badges.withdraw(ben.pk)
    assert scan(device, new).status_code == 403
    secret = badges.issue(ben, actor=ACTOR)
    ben.is_active = False
    ben.save()
    assert scan(device, secret).status_code == 403


def test_secrets_cannot_be_guessed(device, staff):
    secret = badges.issue(staff(*PICKER, username="ben"), actor=ACTOR)
    for _ in range(20):
        assert scan(device, "WRONG").status_code == 403
    assert scan(device, secret).status_code == 403


@pytest.mark.parametrize("who", ["nobody's work", "everything"])
def test_who_has_no_work_on_the_floor_gets_none(staff, who):
    user = staff("view_picklist", username="cs")
    user.is_superuser = who == "everything"
    with pytest.raises(Invalid, match="no work on the floor"):
        badges.issue(user, actor=ACTOR)
    assert not Badge.objects.exists()


def test_a_lead_prints_and_withdraws_badges(client, staff, place):
    ben = staff(*PICKER, username="ben")
    client.force_login(staff("add_badge", username="david"))
    url = reverse("floor:badges")
    assert "no badge" in text(client.get(url))
    assert client.post(url, {"do": "issue", "user": ben.pk})["Content-Type"] == "application/pdf"
    client.post(url, {"do": "withdraw", "user": ben.pk})
    assert not Badge.objects.exists()


@pytest.mark.papers
def test_a_printed_badge_is_read_by_a_scanner(staff):
    user = staff(*PICKER, username="ben")
    user.first_name, user.last_name = "Benedetta Maria", "von und zu Hohenlohe-Langenburg"
    card = render_badge(user, "ABCDEFGH2345")
    assert barcodes_of(card) == [("]C0", "BADGE ABCDEFGH2345")]
    assert words_outside(card) == 0
