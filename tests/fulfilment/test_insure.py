"""Parcels of a channel that are worth more than its rule says are insured, and their carriers are told."""

from datetime import date
from decimal import Decimal

import pytest

from fulfilment.carriers.base import CarrierError, Rate, Shipment
from fulfilment.carriers.easypost_premium import with_premium
from fulfilment.models import Carrier, Label, Parcel, ShippingRule
from fulfilment.services import label, shop
from orders.models import ExchangeRate
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.fulfilment.rates import publish
from tests.make import make_channel
from tests.replay import replayed

pytestmark = pytest.mark.django_db


@replayed
def make_parcel(insure_above="18.99"):
    """A closed parcel, worth 19 euros, of a channel that insures above so much."""
    _, (cup,) = make_shelf(9)
    channel = make_channel()
    ShippingRule.objects.create(channel=channel, insure_above=insure_above)
    return Parcel.objects.get(pk=packed(confirmed((cup, 2), channel=channel)).pk)


def test_insured_above_the_value_and_charged_as_the_card_says():
    insurance = {"code": "insurance", "amount": "0.50", "per_value": {"over": "5", "step": "10"}}
    service = {"code": "std", "breaks": ["5"], "prices": {"all": ["3.00"]}, "days": 1}
    zones = [{"from": ["*"], "to": ["*"], "zone": "all"}]
    post = Carrier.objects.create(code="POST", name="Post", plugin="rate_table")
    publish(post, {"zones": zones, "services": [service], "surcharges": [insurance]})
    for above, insured, amount in (("18.99", 19, "4.00"), ("19", None, "3.00"), (None, None, "3.00")):
        parcel = make_parcel(above)
        assert parcel.insured == insured
        assert shop.shop(parcel.pk, actor=ACTOR).amount == Decimal(amount)


def test_easypost_insures_in_dollars_at_the_days_rate(easypost):
    Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    with pytest.raises(CarrierError, match="no exchange rate of USD in EUR"):
        label.buy(make_parcel().pk, actor=ACTOR)
    ExchangeRate.objects.create(currency="USD", home_currency="EUR", valid_on=date(2026, 1, 2), rate=Decimal("0.95"))
    label.buy(make_parcel().pk, actor=ACTOR)
    label.buy(make_parcel(None).pk, actor=ACTOR)
    assert [row.get("insurance") for row in easypost.shipments.values()] == [None, "20.00", None]
    # One dollar, which is the least that it asks, is 0.95 euros.
    assert [row.amount for row in Label.objects.filter(status="bought")] == [Decimal("6.10"), Decimal("7.05")]


def test_easypost_is_compared_with_what_its_insurance_costs(easypost):
    Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    assert shop.shop(make_parcel().pk, actor=ACTOR) is None, "without an exchange rate it cannot be asked"
    ExchangeRate.objects.create(currency="USD", home_currency="EUR", valid_on=date(2026, 1, 2), rate=Decimal("0.95"))
    taken = shop.shop(make_parcel().pk, actor=ACTOR).taken
    assert (taken["amount"], taken["terms"]) == ("9.20", [["EasyPost", "8.25"], ["Insurance", "0.95"]])
    assert shop.shop(make_parcel(None).pk, actor=ACTOR).amount == Decimal("8.25")


@pytest.mark.parametrize(
    ("insured", "premium"), [("99.99", "1.00"), ("100", "1.00"), ("100.50", "1.01"), ("2000", "20.00"), (None, None)]
)
def test_its_premium_is_a_hundredth_and_a_dollar_at_least(insured, premium):
    asked = Shipment("1", {}, {}, insured=insured and Decimal(insured), currency="USD")
    rate = with_premium(Rate("USPS.Ground", "USPS Ground", Decimal(6), "USD", terms=(("EasyPost", Decimal(6)),)), asked)
    assert rate.amount == sum(amount for _, amount in rate.terms) == Decimal(6) + Decimal(premium or 0)
    assert len(rate.terms) == (2 if premium else 1)
