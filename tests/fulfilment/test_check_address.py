"""Carriers are asked about addresses, and what they do not know is held before it is packed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fulfilment.carriers.base import CheckedAddress
from fulfilment.carriers.easypost_api import EasyPost
from fulfilment.models import AddressCheck, Carrier
from fulfilment.services import check_address
from oms import roles
from oms.lib import doctor
from oms.lib.errors import InvalidTransition
from oms.outbox.models import Event
from orders.models import Hold, Order
from orders.services import change, holds
from orders.services.cancel import cancel
from tests.fulfilment.make import ACTOR, confirmed, make_shelf
from tests.fulfilment.pages.conftest import text
from tests.make import make_user

pytestmark = pytest.mark.django_db

HOME = {"name": "Ann Miller", "line1": "417 Montgomery Street", "city": "San Francisco", "region": "CA"}
HOME |= {"postcode": "94104", "country": "US", "phone": "+14155550123"}
THEIRS = {"street1": "417 MONTGOMERY ST", "zip": "94104-1129", "city": "SAN FRANCISCO", "state": "CA"}
NOWHERE = {"success": False, "errors": [{"code": "E.HOUSE_NUMBER.MISSING", "message": "House number is missing"}]}


@pytest.fixture
def carrier(easypost):
    return Carrier.objects.create(
        code="EP", name="EasyPost", plugin="easypost", checks_addresses_in="CA, US", tracking_url=""
    )


@pytest.fixture
def order(carrier):
    _, (cup,) = make_shelf(9)
    return confirmed((cup, 1), ship_to=HOME)


def refuses(easypost):
    easypost.addresses["94104"] = {"verifications": {"delivery": NOWHERE}}


def latest(order):
    order.refresh_from_db()
    return check_address.last_check(order)


def test_a_new_order_is_asked_about_once_and_goes_on(order, easypost):
    check_address.check_due()
    check_address.check_due()
    row = latest(order)
    assert (row.verdict, row.suggestion, order.is_held) == ("found", {}, False)
    assert easypost.calls == ["address"]
    assert Event.objects.filter(name="order.address_checked", subject=order.subject).count() == 1


def test_what_the_carrier_does_not_know_is_held_once_with_its_words(order, easypost):
    refuses(easypost)
    check_address.check_due()
    assert (latest(order).verdict, order.is_held) == ("not_found", True)
    hold = order.holds.active().get()
    assert (hold.kind, hold.reason) == ("address", "EasyPost does not know the address: House number is missing")
    holds.release(order.pk, hold.pk, note="the customer says it is right", actor=ACTOR)
    check_address.check_due()
    assert not Hold.objects.active().exists(), "a person has decided"


@pytest.mark.corrupt(13, 26)
def test_the_doctor_finds_an_unknown_address_that_was_not_held(order, easypost):
    refuses(easypost)
    check_address.check_due()
    assert not found_by_the_doctor()
    Hold.objects.all().delete()
    assert len(found_by_the_doctor()) == 1


def found_by_the_doctor():
    return [violation for finding in doctor.run(only=26, snapshot=False) for violation in finding.violations]


def test_another_address_is_asked_about_anew(order, easypost):
    refuses(easypost)
    check_address.check_due()
    change.change(order.pk, {"ship_to": HOME | {"postcode": "94105"}}, actor=ACTOR)
    assert latest(order) is None, "what was said of the old address says nothing of this one"
    check_address.check_due()
    assert (latest(order).verdict, easypost.calls.count("address")) == ("found", 2)


@pytest.mark.parametrize(
    ("fields", "countries"),
    [
        ({"method": Order.Method.PICKUP}, "US"),
        ({"ordered_at": timezone.now() - timedelta(days=3)}, "US"),
        ({}, "CA"),
        ({}, ""),
    ],
)
def test_nobody_is_asked_about_what_is_not_sent_now_or_not_there(order, carrier, easypost, fields, countries):
    Order.objects.update(**fields)
    Carrier.objects.update(checks_addresses_in=countries)
    check_address.check_due()
    assert easypost.calls == []


def test_nobody_is_asked_about_a_cancelled_order(order, easypost):
    cancel(order.pk, reason="changed my mind", actor=ACTOR)
    check_address.check_due()
    with pytest.raises(InvalidTransition, match="not to be sent"):
        check_address.check(order.pk, Carrier.objects.get(), actor=ACTOR)
    assert easypost.calls == []


@pytest.mark.parametrize("fault", ["error", "hang", "garbled", "busy"])
def test_a_carrier_that_does_not_answer_holds_nothing_and_is_asked_again(order, easypost, fault):
    easypost.fail("address", fault)
    check_address.check_due()
    assert (latest(order), order.is_held) == (None, False)
    check_address.check_due()
    assert latest(order).verdict == "found"


def test_one_answer_that_cannot_be_read_keeps_no_other_order_from_being_asked_about(order, easypost):
    _, (cup,) = make_shelf(9)
    other = confirmed((cup, 1), ship_to=HOME)
    easypost.fail("address", "garbled")
    check_address.check_due()
    assert [latest(order), latest(other).verdict] == [None, "found"]


def test_a_carrier_that_is_down_is_not_asked_of_each_order(order, easypost):
    _, (cup,) = make_shelf(9)
    for _ in range(4):
        confirmed((cup, 1), ship_to=HOME)
    easypost.fail("address", "error", times=9)
    check_address.check_due()
    assert easypost.calls == ["address"] * 3


def test_an_address_that_cannot_be_checked_is_said_and_asked_about_no_more(order, easypost):
    easypost.fail("address", "refuse")
    check_address.check_due()
    check_address.check_due()
    assert (latest(order).verdict, latest(order).said) == ("refused", "EasyPost: Insufficient funds.")
    assert (order.is_held, easypost.calls) == (False, ["address"])


def test_an_answer_about_an_address_that_was_changed_meanwhile_holds_nothing(order, easypost, monkeypatch):
    def slow(self, address, carrier):
        change.change(order.pk, {"ship_to": HOME | {"line1": "1 Market Street"}}, actor=ACTOR)
        return CheckedAddress(is_found=False, said="House number is missing", address={})

    monkeypatch.setattr(EasyPost, "check_address", slow)
    check_address.check(order.pk, Carrier.objects.get(), actor=ACTOR)
    assert (latest(order), order.is_held) == (None, False)


@pytest.mark.parametrize(
    ("theirs", "is_same"),
    [
        ({"line1": "417 MONTGOMERY STREET", "postcode": "94104-1129"}, True),
        ({"line1": "417, Montgomery  Street."}, True),
        ({"line1": "417 Montgomery St"}, False),
        ({"postcode": "94105"}, False),
        ({"line2": "Floor 5"}, False),
    ],
)
def test_case_dots_and_a_longer_postcode_make_no_other_address(theirs, is_same):
    assert check_address.is_same(HOME | theirs, HOME) == is_same


@pytest.fixture
def suggestion(order, easypost):
    easypost.addresses["94104"] = THEIRS
    check_address.check_due()
    return latest(order)


def test_the_carriers_spelling_is_taken_over_with_who_lives_there(order, easypost, suggestion):
    holds.put(order.pk, Hold.Kind.ADDRESS, "looks odd", actor=ACTOR)
    for _ in range(2):
        check_address.use_suggestion(suggestion.pk, actor=ACTOR)
    order.refresh_from_db()
    assert (order.ship_to["line1"], order.ship_to["postcode"]) == ("417 MONTGOMERY ST", "94104-1129")
    assert (order.ship_to["name"], order.ship_to["phone"]) == ("Ann Miller", "+14155550123")
    assert (order.is_held, latest(order).verdict) == (False, "found")
    check_address.check_due()
    assert easypost.calls == ["address"], "its own spelling it is not asked about"


def test_a_suggestion_for_another_address_than_it_has_by_now_is_refused(order, suggestion):
    change.change(order.pk, {"ship_to": HOME | {"line1": "1 Market Street"}}, actor=ACTOR)
    with pytest.raises(InvalidTransition, match="another address"):
        check_address.use_suggestion(suggestion.pk, actor=ACTOR)
    order.refresh_from_db()
    assert order.ship_to["line1"] == "1 Market Street"


def test_customer_service_asks_and_takes_the_suggestion_over(client, order, easypost):
    Carrier.objects.update(checks_addresses_in="")
    easypost.addresses["94104"] = THEIRS
    client.force_login(make_user(roles.CS))
    page = reverse("console:order", args=[order.pk])
    assert "No carrier was asked about it" in text(client.get(page))
    ask = reverse("work:ask_address", args=[order.pk])
    assert "417 Montgomery Street" in text(client.get(ask))
    client.post(ask, {"carrier": Carrier.objects.get().pk})
    shown = text(client.get(page))
    assert "EasyPost writes" in shown
    assert "417 MONTGOMERY ST" in shown
    use = reverse("work:use_address", args=[AddressCheck.objects.get().pk])
    assert "417 Montgomery Street" in text(client.get(use))
    assert client.post(use).status_code == 302
    order.refresh_from_db()
    assert order.ship_to["line1"] == "417 MONTGOMERY ST"


def test_a_silent_carrier_is_said_in_the_dialog(client, order, easypost):
    easypost.fail("address", "error")
    client.force_login(make_user(roles.CS))
    answer = client.post(reverse("work:ask_address", args=[order.pk]), {"carrier": Carrier.objects.get().pk})
    assert answer.status_code == 422
    assert "EasyPost: HTTP 500" in text(answer)


@pytest.mark.parametrize("name", [roles.PICKER, roles.READ_ONLY])
def test_who_may_not_change_orders_asks_nobody(client, order, easypost, suggestion, name):
    client.force_login(make_user(name))
    for url in (
        reverse("work:ask_address", args=[order.pk]),
        reverse("work:use_address", args=[suggestion.pk]),
    ):
        assert client.post(url).status_code == 403
    assert easypost.calls == ["address"]


@pytest.mark.parametrize(
    ("plugin", "typed", "kept"),
    [
        ("easypost", "us ca,US", "CA, US"),
        ("easypost", "", ""),
        ("easypost", "USA", None),
        ("manual", "US", None),
        ("manual", "", ""),
    ],
)
def test_a_carrier_names_countries_only_where_it_can_be_asked(client, carrier, plugin, typed, kept):
    client.force_login(make_user(roles.MANAGER))
    url = reverse("admin:fulfilment_carrier_change", args=[carrier.pk])
    data = {"code": "EP", "name": "EP", "plugin": plugin, "checks_addresses_in": typed, "is_active": "on"}
    answer = client.post(url, data)
    carrier.refresh_from_db()
    assert (answer.status_code, carrier.checks_addresses_in) == (200, "CA, US") if kept is None else (302, kept)
