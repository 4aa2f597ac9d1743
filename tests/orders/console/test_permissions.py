"""Role × page: who may open what of the console. A new page without a row fails."""

import pytest
from django.urls import reverse

from oms.roles import CS, FINANCE, LEAD, MANAGER, PACKER, PICKER, READ_ONLY, STORE
from orders.pages.console.urls import urlpatterns
from tests.make import make_order, make_user

pytestmark = pytest.mark.django_db

ROLES = [CS, PICKER, PACKER, LEAD, STORE, FINANCE, MANAGER, READ_ONLY]
EVERYBODY = set(ROLES)
SELLERS = {CS, MANAGER}

PAGES = {
    "find": EVERYBODY,
    "pasted": EVERYBODY,
    "order": EVERYBODY,
    "document": EVERYBODY,
    "message": EVERYBODY,
    "bulk": SELLERS | {LEAD},  # to hold; each action asks for its own: test_bulk.py
    "waiting": EVERYBODY,
    "making": EVERYBODY,
    "source": {LEAD, MANAGER},
    "source_now": {LEAD, MANAGER},
    "compare_strategies": EVERYBODY - {PICKER, PACKER, STORE},
    "put_strategy_live": {MANAGER},
    "save_view": EVERYBODY,
    "view_counts": EVERYBODY,
    "drop_view": EVERYBODY,
    "address": EVERYBODY,
    "edit": SELLERS,
    "note": SELLERS | {FINANCE},
    "remove_note": SELLERS | {FINANCE},
    "tag": SELLERS,
    "untag": SELLERS,
    "prioritise": SELLERS,
    "phone": SELLERS,
    "phone_draft": SELLERS,
    "quote": SELLERS,
    "skus": SELLERS,
    "customers": SELLERS,
    "cancel": SELLERS,
    "missing": SELLERS,
    "hold": SELLERS | {LEAD},
    "release": SELLERS | {LEAD},
    "release_now": SELLERS | {LEAD},
    "hold_again": SELLERS | {LEAD},
    "payment": {FINANCE, MANAGER},
    "move_payment": {FINANCE, MANAGER},
    "refund": SELLERS | {FINANCE},
    "decide_refund": {FINANCE, MANAGER},  # to reject; each verb asks for its own: test_money.py
    "refund_by_hand": {FINANCE, MANAGER},
    "uploads": {MANAGER},
    "upload": {MANAGER},
    "upload_start": {MANAGER},
    "upload_discard": {MANAGER},
    "sheets": {MANAGER},
    "sheet": {MANAGER},
    "sheet_columns": {MANAGER},
    "sheet_start": {MANAGER},
    "sheet_discard": {MANAGER},
    "sheet_refused": {MANAGER},
    "resend": SELLERS | {LEAD, FINANCE},
    "stop": SELLERS | {LEAD, FINANCE},
}
# Lists that show what only some may see.
LISTS = {
    "/admin/orders/order/": EVERYBODY,
    "/admin/orders/customer/": EVERYBODY - {PICKER, PACKER, STORE},
    "/admin/orders/invoice/": EVERYBODY - {PICKER, PACKER, STORE},
    "/admin/orders/channel/add/": {MANAGER},
    "/admin/orders/price/add/": {MANAGER},
    "/admin/orders/sourcingstrategy/": EVERYBODY - {PICKER, PACKER, STORE},
    "/admin/orders/sourcingstrategy/add/": {MANAGER},
    "/admin/orders/taxrate/add/": {MANAGER, FINANCE},
    "/admin/orders/order/add/": set(),
    "/admin/auth/user/": {MANAGER},
    "/admin/auth/group/": {MANAGER},
    "/admin/axes/accessattempt/": {MANAGER},
    "/admin/outbox/delivery/": {MANAGER},
}


def test_every_page_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == set(PAGES)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_others(client, role):
    order = make_order()
    user = make_user(role)
    client.force_login(user)
    for name, allowed in PAGES.items():
        url = _address(name, order)
        forbidden = client.get(url).status_code == 403
        assert forbidden == (role not in allowed), f"{role} at {url}"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_lists_and_no_others(client, role):
    client.force_login(make_user(role))
    for path, allowed in LISTS.items():
        assert (client.get(path).status_code == 200) == (role in allowed), f"{role} at {path}"


def test_nobody_gets_in_without_logging_in(client):
    order = make_order()
    for name in PAGES:
        response = client.post(_address(name, order))
        assert response.status_code == 302, name
        assert "/admin/login/" in response.url, name


def test_a_customer_account_that_is_no_staff_gets_in_nowhere(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("somebody"))
    assert "/admin/login/" in client.get("/admin/orders/order/").url


def test_a_manager_makes_no_superuser(client, django_user_model):
    manager, root = make_user(MANAGER), django_user_model.objects.create_superuser("root", password="x")
    client.force_login(manager)
    form = client.get(f"/admin/auth/user/{manager.pk}/change/")
    assert b'name="is_superuser"' not in form.content
    assert b'name="groups"' in form.content
    assert client.post(f"/admin/auth/user/{root.pk}/password/", {"password1": "y"}).status_code == 403
    assert client.post(f"/admin/auth/user/{root.pk}/change/", {"username": "mine"}).status_code == 403


def _address(name, order):
    [pattern] = [pattern for pattern in urlpatterns if pattern.name == name]
    given = {"pk": order.pk, "what": "hold", "verb": "reject"}
    return reverse(f"console:{name}", kwargs={key: given.get(key, 1) for key in pattern.pattern.converters})
