"""What nobody types, but a link or a tampered form may hold, is never an error of ours."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters

from inventory.models import Bin, PickFace, ReorderPolicy, Supplier, SupplierSku
from oms.lib.admin import ConsoleAdmin
from orders.models import Channel, Connection, SkuAlias, Substitute
from tests.make import make_location, make_sku
from tests.oms.filled import errors_of, sent

pytestmark = pytest.mark.django_db

ODD = ["9999-12-31", "0001-01-01", "zzz", "-1", "99999999999999999999", "9" * 400]
DAYS = ["/admin/inventory/value/", "/admin/fulfilment/people/"]
CONSOLES = {
    model._meta.label: console for model, console in admin.site._registry.items() if isinstance(console, ConsoleAdmin)
}
FORMS = [
    (Bin, "location"),
    (PickFace, "bin"),
    (PickFace, "sku"),
    (ReorderPolicy, "sku"),
    (Supplier, "location"),
    (SupplierSku, "supplier"),
    (Connection, "channel"),
    (Connection, "also_for"),
    (Channel, "locations"),
    (Channel, "seller"),
    (SkuAlias, "sku"),
    (Substitute, "substitute"),
]


@pytest.mark.parametrize("label", CONSOLES)
def test_a_list_is_narrowed_by_anything(rf, admin_user, label):
    console, request = CONSOLES[label], rf.get("/")
    request.user, request.session = admin_user, {}
    specs = console.get_changelist_instance(request).get_filters(request)[0]
    for name in {name for spec in specs for name in spec.expected_parameters()}:
        for value in ODD:
            request = rf.get(f"/?{urlencode({name: value})}")
            request.user, request.session = admin_user, {}
            try:
                list(console.get_changelist_instance(request).get_queryset(request)[:1])
            except IncorrectLookupParameters:
                continue  # the list opens unfiltered


@pytest.mark.parametrize("value", ODD)
def test_a_page_of_days_opens_for_any_day(admin_client, value):
    make_location()
    make_sku(3)
    for address, names in ((DAYS[0], ["day"]), (DAYS[1], ["first", "last"])):
        for name in names:
            assert admin_client.get(address, {name: value}).status_code == 200, (address, name)


@pytest.mark.parametrize("name", ["ordered", "shipped", "tag", "customer"])
@pytest.mark.parametrize("value", ODD)
def test_the_orders_open_for_any_word(admin_client, name, value):
    assert admin_client.get("/admin/orders/order/", {name: value}, follow=True).status_code == 200


@pytest.mark.parametrize(("model", "name"), FORMS)
@pytest.mark.parametrize("value", ["zzz", "-1", "99999999999999999999999"])
def test_a_tampered_choice_is_an_error_at_its_field(admin_client, model, name, value):
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"
    assert name in errors_of(sent(admin_client, address, **{name: value}))


@pytest.mark.parametrize("value", ["zzz", "99999999999999999999999"])
def test_a_tampered_choice_among_lines_is_one_too(admin_client, value):
    kit = make_sku(kind="kit")
    lines = {"components-TOTAL_FORMS": 1, "components-0-kit": kit.pk, "components-0-component": value}
    address = f"/admin/inventory/sku/{kit.pk}/change/"
    answer = sent(admin_client, address, **lines, **{"components-0-quantity": 1})
    assert answer.status_code == 200
    assert answer.context["errors"]
