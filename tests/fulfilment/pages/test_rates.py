from datetime import date

import pytest
from django.urls import reverse

from fulfilment.models import Carrier, RateCard
from oms import roles
from tests.fulfilment.pages.conftest import text
from tests.fulfilment.rates import publish, uploaded
from tests.fulfilment.rating.cards import EXPRESS, PARCEL
from tests.make import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def carrier():
    return Carrier.objects.create(code="POST", name="Post", plugin="rate_table")


@pytest.fixture
def lead(client):
    client.force_login(make_user(roles.LEAD))
    return client


def put_in(client, carrier, document, **fields):
    fields = {"carrier": carrier.pk, "name": "Parcels", "currency": "USD", "valid_from": "2025-01-01"} | fields
    return client.post(reverse("rates:cards"), {"file": uploaded(document)} | fields, follow=True)


def test_a_card_is_put_in_and_read_as_a_table(lead, carrier):
    page = text(put_in(lead, carrier, PARCEL))
    assert "Parcels from 2025-01-01 of Post is kept." in page
    for said in (
        '<td>5 lb</td><td class="oms-number">13.00</td>',
        "20 % discount · at least 8.00 · 2: 1, 3: 2, 5: 3, 8: 5 working days",
        "length + girth above 130 in · the first of “handling” alone",
        "100.00, billed as 90 lb at least + fuel",
        "1.35, for each 100 of value above 100, at least 4.05",
        "from 2025-10-01 · until 2026-01-17",
        "139 in³ to the lb",
        "nearest, up from 2025-08-18",
        "21.25 % from 2025-09-01 (air)",
    ):
        assert said in page


def test_every_wrong_field_is_told_and_nothing_is_kept(lead, carrier):
    answer = put_in(lead, carrier, PARCEL | {"weight_unit": "stone", "fuel": [{}]})
    assert answer.status_code == 422
    page = text(answer)
    assert "weight_unit: Choose of lb, kg, g." in page
    assert "fuel[1].percent: Give a percentage." in page
    assert not RateCard.objects.exists()


def test_cards_are_listed_with_when_they_hold(lead, carrier):
    publish(carrier, EXPRESS, valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))
    publish(carrier, EXPRESS, valid_from=date(2021, 1, 1))
    publish(carrier, EXPRESS, valid_from=date(2999, 1, 1))
    page = text(lead.get(reverse("rates:cards")))
    assert all(f">{state}<" in page.replace("> ", ">").replace(" <", "<") for state in ("over", "valid", "to come"))


def test_a_card_is_removed(lead, carrier):
    card = publish(carrier, EXPRESS)
    page = lead.post(reverse("rates:remove", args=[card.pk]), follow=True)
    assert "is gone" in text(page)
    assert not RateCard.objects.exists()


def test_a_packer_looks_and_changes_nothing(client, carrier):
    card = publish(carrier, EXPRESS)
    client.force_login(make_user(roles.PACKER))
    assert "A new card" not in text(client.get(reverse("rates:cards")))
    assert client.get(reverse("rates:card", args=[card.pk])).status_code == 200
    assert put_in(client, carrier, PARCEL).status_code == 403
    assert client.post(reverse("rates:remove", args=[card.pk])).status_code == 403
    assert list(RateCard.objects.all()) == [card]
