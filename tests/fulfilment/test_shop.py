from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from fulfilment.carriers.base import Rate
from fulfilment.models import Carrier, ExcludedService, Postage, RateCard, ShippingRule
from fulfilment.services import label, pack, shop
from fulfilment.services.ship import ship
from oms.lib import doctor
from oms.lib.errors import Invalid, InvalidTransition
from orders.models import Order
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.fulfilment.rates import publish
from tests.replay import replayed

pytestmark = pytest.mark.django_db


def card(**services):
    """A card of services {code: (price up to a kilo, days)} to anywhere."""
    rows = [
        {"code": code, "breaks": ["1", "5"], "prices": {"all": [price, price]}, "days": days}
        for code, (price, days) in services.items()
    ]
    return {"zones": [{"from": ["*"], "to": ["*"], "zone": "all"}], "services": rows}


@replayed
def make_carrier(code, **services):
    carrier = Carrier.objects.create(code=code, name=code.title(), plugin="rate_table")
    publish(carrier, card(**services))
    return carrier


@pytest.fixture
def post():
    return make_carrier("POST", slow=("3.00", 30), normal=("5.00", 3), fast=("9.00", 1))


@pytest.fixture
def parcel(post):
    """A closed parcel whose order is promised for a week from today."""
    _, (cup,) = make_shelf(9)
    found = packed(confirmed((cup, 1)))
    promise(found, days=7)
    return found


def promise(parcel, *, days):
    moment = timezone.now() + timedelta(days=days)
    Order.objects.filter(pk=parcel.order_id).update(promised_current=moment)


def taken(parcel, **fields):
    found = shop.shop(parcel.pk, actor=ACTOR, **fields)
    return found and (found.taken["service"], found.amount)


def test_the_cheapest_in_time_is_kept_with_runner_up_and_reason(parcel):
    postage = shop.shop(parcel.pk, actor=ACTOR)
    assert (postage.taken["service"], postage.amount, postage.currency) == ("normal", Decimal("5.00"), "EUR")
    assert (postage.runner_up["service"], postage.is_late) == ("fast", False)
    assert postage.reason.startswith("Cheapest of 2 that keep ")
    parcel.refresh_from_db()
    assert (parcel.carrier.code, parcel.service) == ("POST", "normal")


def test_what_nobody_brings_in_time_gets_the_fastest_and_says_so(parcel):
    promise(parcel, days=-9)
    postage = shop.shop(parcel.pk, actor=ACTOR)
    assert (postage.taken["service"], postage.is_late) == ("fast", True)
    assert postage.reason.startswith("No service keeps ")


def test_the_cheapest_of_several_carriers(parcel):
    make_carrier("UPS", ground=("4.50", 2))
    assert taken(parcel) == ("ground", Decimal("4.50"))
    assert taken(parcel, carrier="post") == ("normal", Decimal("5.00"))


@pytest.mark.parametrize("prices", [("4.00", "9.00"), ("9.00", "4.00")])
def test_of_two_offers_of_a_service_the_cheaper_counts(parcel, monkeypatch, prices):
    rates = [
        Rate("ground", "Ground", Decimal(price), "EUR", 1, terms=(("x", Decimal(price)),))
        for price in (*prices, "7.00")
    ]
    rates[2] = replace(rates[2], service="air")
    monkeypatch.setattr(shop, "load", lambda *args: SimpleNamespace(rates=lambda shipment: rates))
    assert taken(parcel) == ("ground", Decimal("4.00"))


def test_a_channels_rule_prefers_and_excludes(parcel, post):
    ups = make_carrier("UPS", ground=("6.00", 2), air=("6.50", 1))
    rule = ShippingRule.objects.create(channel=parcel.order.channel)
    rule.preferred.add(ups)
    assert taken(parcel) == ("ground", Decimal("6.00"))
    ExcludedService.objects.create(rule=rule, carrier=ups, service="ground")
    postage = shop.shop(parcel.pk, actor=ACTOR)
    assert (postage.taken["service"], len(postage.options)) == ("air", 4)
    assert postage.reason.endswith("1 excluded by the channel")
    ShippingRule.objects.update(most_extra=Decimal("1.00"))
    assert taken(parcel) == ("normal", Decimal("5.00"))


def test_other_money_is_not_compared(parcel):
    RateCard.objects.update(currency="USD")
    assert taken(parcel) is None
    make_carrier("UPS", ground=("6.00", 2))
    assert shop.shop(parcel.pk, actor=ACTOR).reason.endswith("3 not in EUR")


def test_a_carrier_that_cannot_be_asked_stops_nobody(parcel):
    broken = make_carrier("BAD", x=("1.00", 1))
    RateCard.objects.filter(carrier=broken).update(document={}, digest="spoilt")
    postage = shop.shop(parcel.pk, actor=ACTOR)
    assert postage.taken["service"] == "normal"
    assert postage.reason.endswith("Bad cannot be asked")


def test_without_rates_nothing_changes(parcel):
    Carrier.objects.update(plugin="manual")
    assert taken(parcel) is None
    assert label.buy(parcel.pk, actor=ACTOR).carrier.code == "POST"
    assert not Postage.objects.exists()


def test_the_label_is_that_of_the_choice(parcel):
    make_carrier("ABC", other=("7.00", 1))
    shop.shop(parcel.pk, actor=ACTOR)
    bought = label.buy(parcel.pk, actor=ACTOR)
    assert (bought.carrier.code, bought.service) == ("POST", "normal")
    assert taken(parcel) == ("normal", Decimal("5.00")), "a parcel with its label is not shopped again"
    ship(work_of(parcel.order).pk, actor=ACTOR)
    parcel.refresh_from_db()
    assert (parcel.carrier.code, parcel.service) == ("POST", "normal")


def test_another_carrier_that_is_named_forgets_the_choice(parcel):
    Carrier.objects.create(code="VAN", name="Van")
    shop.shop(parcel.pk, actor=ACTOR)
    assert label.buy(parcel.pk, carrier="van", actor=ACTOR).carrier.code == "VAN"
    assert not Postage.objects.exists()


def test_the_packer_takes_another(parcel):
    shop.shop(parcel.pk, actor=ACTOR)
    postage = shop.take(parcel.pk, 1, actor=ACTOR)
    assert (postage.taken["service"], postage.amount, postage.is_by_hand) == ("fast", Decimal("9.00"), True)
    parcel.refresh_from_db()
    assert parcel.service == "fast"
    for wrong in (3, -1):
        with pytest.raises(Invalid):
            shop.take(parcel.pk, wrong, actor=ACTOR)
    label.buy(parcel.pk, actor=ACTOR)
    with pytest.raises(InvalidTransition, match="void it first"):
        shop.take(parcel.pk, 0, actor=ACTOR)
    assert Postage.objects.get().chosen == 1


def test_a_parcel_that_is_opened_again_is_shopped_again(parcel):
    shop.shop(parcel.pk, actor=ACTOR)
    line = parcel.lines.get()
    pack.undo(line.pk, actor=ACTOR)
    assert shop.shop(parcel.pk, actor=ACTOR) is not None, "what was chosen stays until it is closed"
    assert Postage.objects.count() == 1


@pytest.mark.corrupt(9)
@pytest.mark.parametrize("wrong", [{"amount": Decimal("1.00")}, {"chosen": 7}, {"chosen": 1}])
def test_doctor_adds_postage_up(parcel, wrong):
    shop.shop(parcel.pk, actor=ACTOR)
    assert not any(finding.violations for finding in doctor.run(only=9, snapshot=False))
    Postage.objects.update(**wrong)
    assert any(finding.violations for finding in doctor.run(only=9, snapshot=False))
