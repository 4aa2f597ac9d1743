"""What would break work later is refused where it is typed, at its field; and by the database what it can tell."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from inventory.models import Location, Sku, Supplier
from oms import roles
from orders.models import Channel, ExchangeRate, Lane, Seller, TaxRate
from tests.inventory.buying import make_supplier
from tests.make import make_channel, make_location, make_seller, make_sku, make_user
from tests.oms.filled import errors_of, sent

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)
MAKE = {
    Seller: make_seller,
    Location: make_location,
    Channel: lambda: make_channel(refund_limit=5),
    Supplier: lambda: make_supplier(approval_over=5),
    Sku: make_sku,
    Lane: lambda: make_location().lanes.get(),
    TaxRate: lambda: TaxRate.objects.create(country="DE", rate="0.19", valid_from=DAY),
    ExchangeRate: lambda: ExchangeRate.objects.create(currency="USD", home_currency="EUR", valid_on=DAY, rate=1),
}
REFUSED = [
    *((model, "tz", zone) for model in (Seller, Location) for zone in ("Europe/Berln", "NaN", "CET-1x", "")),
    *((model, "currency", code) for model in (Channel, Supplier, ExchangeRate) for code in ("NaN", "-1", "eur")),
    *((model, "home_currency", "-1") for model in (Seller, ExchangeRate)),
    *((model, "country", code) for model in (Seller, TaxRate) for code in ("-1", "de", "ZZ")),
    (Sku, "origin", "-1"),
    (Channel, "gateway", "nope"),
    (Channel, "locale", "zz"),
    (Lane, "method", "NaN"),
    (TaxRate, "valid_to", "2025-12-31"),
]
NEGATIVE = [
    (Channel, "refund_limit"),
    (Supplier, "approval_over"),
    (Supplier, "free_freight_from"),
    (Sku, "unit_cost"),
    (Location, "handling_cost"),
    (Location, "approve_count_over"),
]


def page_of(row):
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


@pytest.fixture
def manager(client):
    client.force_login(make_user(roles.MANAGER))
    return client


@pytest.mark.parametrize("model", MAKE)
def test_what_is_sound_is_saved_as_it_is_shown(manager, model):
    row = MAKE[model]()
    row.full_clean()
    answer = sent(manager, page_of(row))
    assert answer.status_code == 302, answer.context["errors"]


@pytest.mark.parametrize(("model", "name", "value"), [*REFUSED, *((*what, "-5") for what in NEGATIVE)])
def test_what_is_none_is_refused_at_its_field(manager, model, name, value):
    row = MAKE[model]()
    assert list(errors_of(sent(manager, page_of(row), **{name: value}))) == [name]
    before = getattr(row, name)
    row.refresh_from_db()
    assert getattr(row, name) == before


@pytest.mark.parametrize(("model", "name"), NEGATIVE)
def test_the_database_refuses_less_than_nothing(model, name):
    row = MAKE[model]()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{name: -5})


def test_the_database_refuses_a_rate_that_ends_before_it_begins():
    row = MAKE[TaxRate]()
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxRate.objects.filter(pk=row.pk).update(valid_to="2025-12-31")


def test_a_country_in_an_address_is_one(manager):
    row = make_location(address={"line1": "Torstr. 1", "country": "DE"})
    assert "address" in errors_of(sent(manager, page_of(row), address_country="-1"))


def test_a_language_may_name_its_country():
    make_channel(locale="de-AT").full_clean()
    with pytest.raises(ValidationError):
        make_channel(locale="fr").full_clean()


@pytest.mark.parametrize("text", ["", "  ", "null"])
def test_json_that_is_empty_is_empty(manager, text):
    row = make_sku(attributes={"size": "L"})
    answer = sent(manager, page_of(row), attributes=text)
    if text == "null":
        assert "attributes" in errors_of(answer)
        return
    row.refresh_from_db()
    assert (answer.status_code, row.attributes) == (302, {})


@pytest.mark.parametrize(
    "text", ['{"a": NaN}', "NaN", '{"a": 1e999}', "[1]", "5", '{"a": ', "[" * 100_000, '{"a": "\\u0000"}']
)
def test_json_that_is_none_is_refused_in_words(manager, text):
    row = make_sku(attributes={"size": "L"})
    [error] = errors_of(sent(manager, page_of(row), attributes=text))["attributes"]
    assert "JSON" in error or "Write an object" in error
    row.refresh_from_db()
    assert row.attributes == {"size": "L"}


def test_json_is_kept_as_it_was_typed(manager):
    row = make_sku()
    assert sent(manager, page_of(row), attributes='{"size": "L", "n": 1.5}').status_code == 302
    row.refresh_from_db()
    assert row.attributes == {"size": "L", "n": 1.5}


@pytest.mark.parametrize("role", [roles.MANAGER, roles.READ_ONLY, roles.BUYER, roles.PICKER])
def test_a_picture_is_seen_by_those_who_see_the_sku(client, role):
    sku = make_sku()
    sku.image.save("mug.png", ContentFile(b"\x89PNG"))
    client.force_login(make_user(role))
    page = client.get(page_of(sku)).content.decode()
    assert f'"{sku.image.url}"' in page
    assert "/skus/mug" not in page
    assert client.get(sku.image.url).status_code == 200
