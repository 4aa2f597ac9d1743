from copy import deepcopy
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fulfilment.carriers.base import CarrierError, Shipment
from fulfilment.carriers.rate_table import RateTable
from fulfilment.models import Carrier, RateCard
from fulfilment.services.publish_rates import WrongCard, publish_rates
from oms.lib.errors import Invalid
from tests.fulfilment.rates import publish, uploaded
from tests.fulfilment.rating.cards import EXPRESS

pytestmark = pytest.mark.django_db


@pytest.fixture
def carrier():
    return Carrier.objects.create(code="POST", name="Post", plugin="rate_table")


def shipment(**fields):
    place = {"country": "DE", "postcode": "10115"}
    return Shipment(**{"reference": "1", "sender": place, "recipient": place, "carrier": "post"} | fields)


def rates(day="2026-03-02", **fields):
    asked = shipment(**{"weight_g": 501, "day": date.fromisoformat(day)} | fields)
    return [(rate.service, rate.amount, rate.currency) for rate in RateTable().rates(asked)]


def test_a_published_card_prices_from_its_day_on(carrier):
    publish(carrier, EXPRESS, valid_from=date(2026, 3, 2), valid_to=date(2026, 3, 31))
    assert rates() == [("express", Decimal("13.79"), "EUR")]
    assert rates("2026-03-01") == rates("2026-04-01") == []


def test_the_terms_add_up_and_days_are_told(carrier):
    publish(carrier, EXPRESS | {"cut_off": "16:00"})
    [rate] = RateTable().rates(shipment(weight_g=501, day=date(2026, 3, 2)))
    assert (rate.terms[0], sum(amount for _, amount in rate.terms)) == (("Freight", Decimal("12.00")), rate.amount)
    assert (rate.days, rate.cutoff) == (None, "16:00")


def test_volume_counts_when_all_sides_are_known(carrier):
    publish(carrier, EXPRESS)
    assert rates(size_mm=(500, 400, 250))[0][1] == Decimal("41.69")
    assert rates(size_mm=(500, 400, None))[0][1] == Decimal("13.79")
    assert rates(weight_g=None) == []


def test_a_carton_of_whole_inches_is_billed_as_such_though_we_measure_millimetres(carrier):
    service = {"code": "ground", "breaks": ["10", "11", "99"], "prices": {"1": ["9.00", "10.00", "12.00"]}}
    units = {"weight_unit": "lb", "length_unit": "in", "dimensional": {"divisor": 144}}
    zones = [{"from": ["DE"], "to": ["DE"], "zone": "1"}]
    publish(carrier, units | {"zones": zones, "services": [service]})
    assert [rates(weight_g=grams)[0][1] for grams in (4_536, 4_537)] == [Decimal("9.00"), Decimal("10.00")]  # 10 lb
    foot = (305, 305, 254)  # 12 x 12 x 10 in are 10 lb, 13 x 12 x 10 are 11
    assert rates(size_mm=foot)[0][1] == Decimal("9.00")
    assert rates(size_mm=(306, *foot[1:]))[0][1] == Decimal("10.00")


def test_a_home_is_where_no_company_is(carrier):
    surcharge = {"code": "home", "amount": "2.00", "when": {"options": ["residential"]}}
    publish(carrier, EXPRESS | {"surcharges": [surcharge]})
    company = {"country": "AT", "postcode": "1010", "company": "Shop"}
    assert (rates()[0][1], rates(recipient=company)[0][1]) == (Decimal("14.00"), Decimal("12.00"))


def test_the_next_card_follows_the_one_before(carrier):
    publish(carrier, EXPRESS, valid_from=date(2026, 1, 1))
    publish(carrier, EXPRESS | {"surcharges": []}, valid_from=date(2026, 7, 1))
    assert [row.valid_to for row in RateCard.objects.order_by("valid_from")] == [date(2026, 6, 30), None]
    assert [rates(day)[0][1] for day in ("2026-06-30", "2026-07-01")] == [Decimal("13.79"), Decimal("12.00")]


def test_the_same_day_again_replaces_the_card(carrier):
    for surcharges in (EXPRESS["surcharges"], []):
        publish(carrier, EXPRESS | {"surcharges": surcharges})
    assert RateCard.objects.count() == 1
    assert rates()[0][1] == Decimal("12.00")


def test_a_table_renews_the_prices(carrier):
    publish(carrier, EXPRESS, valid_from=date(2026, 1, 1))
    table = SimpleUploadedFile("new.csv", b"Service;up_to;World\nexpress;0.5;11.00\nexpress;1;13.00\nslow;5;9\n")
    publish_rates(table, carrier=carrier, name="Parcels", currency="EUR", valid_from=date(2026, 3, 1))
    found = dict(row[:2] for row in rates())
    assert found == {"express": Decimal("14.83"), "slow": Decimal("10.69")}  # (13 + 1 + 0.35) × 1.03333
    assert rates("2026-02-28")[0][1] == Decimal("13.79")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("new.csv", b"service,up_to,world\n", "A CSV has prices alone"),
        ("card.json", b"{", "no sound JSON"),
        ("card.json", b'{"a": 1, "a": 2}', "twice"),
        ("card.json", b'{"a": NaN}', "NaN"),
        ("card.json", b"\xff\xfe", "no sound JSON"),
        ("card.json", b"[" * 100_000, "no sound JSON"),
    ],
)
def test_what_cannot_be_read_is_refused(carrier, name, content, why):
    with pytest.raises(Invalid, match=why):
        publish(carrier, file=SimpleUploadedFile(name, content))
    assert not RateCard.objects.exists()


@pytest.mark.parametrize("row", [b"express,1", b"express,x,1", b"express,0.7,1", b"\x00,1,1"])
def test_a_wrong_table_changes_nothing(carrier, row):
    before = publish(carrier, EXPRESS, valid_from=date(2026, 1, 1))
    with pytest.raises(Invalid):
        publish(carrier, file=SimpleUploadedFile("new.csv", b"service,up_to,world\n" + row))
    assert list(RateCard.objects.all()) == [before]
    assert RateCard.objects.get().valid_to is None


def test_every_wrong_field_is_named(carrier):
    wrong = deepcopy(EXPRESS)
    wrong["weight_unit"], wrong["services"][0]["prices"]["world"][1] = "stone", "dear"
    with pytest.raises(WrongCard) as refused:
        publish(carrier, wrong)
    assert [text.split(":")[0] for text in refused.value.problems] == ["weight_unit", "services[1].prices.world"]


@pytest.mark.parametrize(
    ("field", "value"), [("currency", "XXX1"), ("valid_to", date(2025, 1, 1)), ("name", "x" * 61), ("name", "a\x00")]
)
def test_a_card_has_sound_facts(carrier, field, value):
    with pytest.raises(Invalid) as refused:
        publish(carrier, EXPRESS, **{field: value})
    assert refused.value.field == field


def test_a_card_that_was_spoilt_is_an_error_of_its_carrier(carrier):
    card = publish(carrier, EXPRESS)
    RateCard.objects.filter(pk=card.pk).update(document={}, digest="other")
    with pytest.raises(CarrierError, match="Parcels"):
        rates()


def test_a_file_is_not_read_without_end(carrier):
    file = uploaded(EXPRESS)
    file.size, file.file = 3 * 2**20, BytesIO()
    with pytest.raises(Invalid, match="over 2 MB"):
        publish(carrier, file=file)
