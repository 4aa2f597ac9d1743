"""Who gets what at every address there is. An address without a row here fails.

API: the owner, his teammate without the scope, a stranger with a key that may do everything, and nobody.
All other addresses: nobody sees anything of them without logging in, but for those that are PUBLIC.
"""

import re
from collections import defaultdict
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel
from inventory.services.snapshot import take_snapshot
from oms.papers.models import Document
from oms.partners.scopes import SCOPES
from oms.partners.services.replay import send_test
from oms.partners.services.webhooks import add_endpoint
from orders.services import holds
from orders.services.change import preview
from orders.services.note import write_note
from tests.deliver import deliver
from tests.fulfilment.make import confirmed, make_shelf
from tests.inventory.buying import make_sent, make_supplier
from tests.inventory.carrying import make_transfer
from tests.make import make_channel, make_location, make_order, make_sku
from tests.replay import replayed, replaying  # noqa: F401 (fixture)
from tests.returns.make import asked, ship_all

pytestmark = pytest.mark.django_db

OK, GONE, DENIED, HIDDEN = 200, 404, 403, "empty or 404"
# route -> (method, status for the owner, what a stranger gets); POSTs are sent an empty body.
API = {
    "availability": [("GET", 400, 400)],
    "call-errors": [("GET", OK, HIDDEN)],
    "changes": [("GET", OK, HIDDEN)],
    "deliveries": [("GET", OK, HIDDEN)],
    "deliveries/{purchase}": [("GET", OK, GONE)],
    "deliveries/{purchase}/receive": [("POST", 400, GONE)],
    "documents": [("GET", OK, HIDDEN)],
    "documents/{document}": [("GET", OK, GONE)],
    "documents/{document}/pdf": [("GET", OK, GONE)],
    "fulfilment-orders": [("GET", OK, HIDDEN)],
    "fulfilment-orders/acknowledge": [("POST", 400, 400)],
    "fulfilment-orders/ship": [("POST", 400, 400)],
    "fulfilment-orders/{work}": [("GET", OK, GONE)],
    "fulfilment-orders/{work}/acknowledge": [("POST", OK, GONE)],
    "fulfilment-orders/{work}/answer-cancel": [("POST", 400, GONE)],
    "fulfilment-orders/{work}/reject": [("POST", 400, GONE)],
    "fulfilment-orders/{work}/ship": [("POST", 400, GONE)],
    "fulfilment-orders/{work}/short": [("POST", 400, GONE)],
    "holds": [("GET", OK, HIDDEN), ("POST", 400, 400)],
    "holds/{hold}": [("GET", OK, GONE)],
    "holds/{hold}/release": [("POST", OK, GONE)],
    "notes": [("GET", OK, HIDDEN), ("POST", 400, 400)],
    "notes/{note}": [("GET", OK, GONE), ("DELETE", 204, GONE)],
    "order-changes": [("GET", OK, HIDDEN)],
    "order-changes/{change}": [("GET", OK, GONE)],
    "order-changes/{change}/apply": [("POST", OK, GONE)],
    "order-changes/{change}/reject": [("POST", 409, GONE)],
    "orders": [("GET", OK, HIDDEN), ("POST", 400, 400)],
    "orders/bulk": [("POST", 400, 400)],
    "orders/{number}": [("GET", OK, GONE)],
    "orders/{number}/cancel": [("POST", 400, GONE)],
    "orders/{number}/changes": [("POST", 422, GONE)],
    "parcels": [("GET", OK, HIDDEN)],
    "parcels/{parcel}": [("GET", OK, GONE)],
    "purchase-orders": [("GET", OK, HIDDEN)],
    "purchase-orders/{purchase}": [("GET", OK, GONE)],
    "purchase-orders/{purchase}/announce": [("POST", 400, GONE)],
    "purchase-orders/{purchase}/confirm": [("POST", 400, GONE)],
    "quotes": [("POST", 400, 400)],
    "returns": [("GET", OK, HIDDEN), ("POST", 400, 400)],
    "returns/{rma}": [("GET", OK, GONE)],
    "sandbox/orders/{number}/advance": [("POST", GONE, GONE)],
    "skus": [("GET", OK, OK)],
    "skus/{sku}": [("GET", OK, OK)],
    "stock-adjustments": [("POST", 400, 400)],
    "stock-levels": [("GET", OK, HIDDEN)],
    "stock-snapshots": [("GET", OK, HIDDEN), ("POST", 400, 400)],
    "stock-snapshots/{snapshot}": [("GET", OK, GONE)],
    "transfers": [("GET", OK, HIDDEN)],
    "transfers/{transfer}": [("GET", OK, GONE)],
    "transfers/{transfer}/receive": [("POST", 400, GONE)],
    "usage": [("GET", OK, HIDDEN)],
    "webhooks": [("GET", OK, HIDDEN), ("POST", 400, 400)],
    "webhooks/{webhook}": [("GET", OK, GONE), ("PATCH", OK, GONE)],
    "webhooks/{webhook}/deliveries": [("GET", OK, GONE)],
    "webhooks/{webhook}/deliveries/{message}/redeliver": [("POST", 202, GONE)],
    "webhooks/{webhook}/replay": [("POST", 400, GONE)],
    "webhooks/{webhook}/rotate-secret": [("POST", OK, GONE)],
    "webhooks/{webhook}/test": [("POST", 202, GONE)],
}
# first word of a route -> the resource of its scope, where that is called otherwise
SCOPE_OF = {
    "availability": "stock",
    "call-errors": "usage",
    "changes": "orders",
    "deliveries": "transfers",
    "fulfilment-orders": "fulfilment",
    "holds": "orders",
    "notes": "orders",
    "order-changes": "orders",
    "parcels": "fulfilment",
    "purchase-orders": "purchases",
    "quotes": "orders",
    "sandbox": "orders",
    "skus": "stock",
    "stock-adjustments": "stock",
    "stock-levels": "stock",
    "stock-snapshots": "stock",
}
ONLY_READS = {"availability", "quotes"}  # though asked by POST
# Addresses that answer without a login: health, the customer's page (by his token), the API's own document.
PUBLIC = re.compile(r"^(healthz|readyz|o/|hooks/|supply/|print/|api/|docs/errors|admin/login/|static/|i18n/)")


def routes(patterns=None, prefix=""):
    """Yield every route of the project as one text."""
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def plain(route):
    """Return an API route without its regular expressions: ^orders/(?P<number>…)$ as orders/{}."""
    return re.sub(r"\(\?P<\w+>.*?\)(?=/|$)", "{}", route.replace("^", "").removesuffix("$").removesuffix("\\Z"))


def example(route):
    """Return a path of a route, with 1 for whatever stands in it."""
    path = re.sub(r"\(\?P<\w+>.*?\)|<(?:\w+:)?\w+>", "1", route.replace("^", "").removesuffix("$"))
    return path.replace("\\Z", "").replace("\\", "")


@pytest.fixture
def rows(make_partner):
    return rows_of(make_partner("ACME"))


@replayed
def rows_of(acme):
    """Rows of one partner that is a channel and a 3PL, by the names that the table uses."""
    channel = make_channel(code="ACME", partner=acme)
    order = ship_all(confirmed((make_shelf(9)[1][0], 2), channel=channel))
    place = make_location(kind="3pl", partner=acme)
    confirmed((make_shelf(9, location=place)[1][0], 1), channel=channel)
    deliver()
    hook = add_endpoint(acme, url="https://example.com/hook", events=["order.placed"])
    changeable, actor = make_order(channel=channel), f"partner:{acme.pk}"
    posted, _ = take_snapshot(place, {make_sku(9, place): 8}, counted_at=timezone.now(), actor=actor)
    return {
        "partner": acme,
        "change": preview(changeable.pk, {"gift_message": "Hello"}, actor=actor).pk,
        "hold": holds.put(order.pk, "manual", "Wait", actor=actor).pk,
        "note": write_note(order.pk, "Fragile", actor=actor).pk,
        "snapshot": posted.pk,
        "number": order.number,
        "purchase": make_sent(2, supplier=make_supplier(partner=acme), location=place).number,
        "rma": asked(order).number,
        "transfer": make_transfer(place).number,
        "work": FulfilmentOrder.objects.get(location=place).pk,
        "parcel": Parcel.objects.get().pk,
        "document": Document.objects.filter(subject=order.subject, kind="invoice").get().pk,
        "sku": order.lines.get().sku_code,
        "webhook": hook.pk,
        "message": send_test(hook.pk).pk,
    }


def call(client, method, route, rows):
    return client.generic(method, "/api/v1/" + route.format_map(rows), "{}", content_type="application/json")


def test_every_address_of_the_api_has_a_row():
    known = {re.sub(r"{\w+}", "{}", route) for route in API}
    found = {plain(route.removeprefix("api/v1/")) for route in routes() if route.startswith("api/v1/")}
    assert found == known


def test_the_owner_sees_his_rows(rows, call_as):
    client = call_as(rows["partner"])
    for route, calls in API.items():
        for method, status, _ in calls:
            answer = call(client, method, route, rows)
            assert answer.status_code == status, (method, route, answer.content[:200])


def test_a_stranger_sees_nothing_of_them(rows, call_as, make_partner):
    client = call_as(make_partner("OTHER"))
    for route, calls in API.items():
        for method, _, status in calls:
            answer = call(client, method, route, rows)
            if status == HIDDEN:
                assert answer.json()["results"] == [], (method, route)
            else:
                assert answer.status_code == status, (method, route, answer.content[:200])
            assert "Ann Miller" not in answer.content.decode(), (method, route)


def test_a_teammate_without_scopes_is_denied(rows, call_as):
    client = call_as(rows["partner"], ["webhooks:read"])
    for route, calls in API.items():
        for method, _, _ in calls:
            if not (route.startswith("webhooks") and method == "GET"):
                assert call(client, method, route, rows).status_code == DENIED, (method, route)


@pytest.mark.parametrize("scope", SCOPES)
def test_each_operation_is_opened_by_its_scope_alone(scope, call_as, make_partner):
    client = call_as(make_partner("OTHER"), [scope])
    rows = defaultdict(lambda: "99", rma="R99", transfer="T99", purchase="P99")  # none is there
    for route, calls in API.items():
        first = route.split("/")[0]
        for method, _, _ in calls:
            verb = "read" if method == "GET" or first in ONLY_READS else "write"
            is_open = call(client, method, route, rows).status_code != DENIED
            assert is_open == (scope == f"{SCOPE_OF.get(first, first)}:{verb}"), (method, route)


def test_nobody_is_asked_for_a_key(rows):
    for route, calls in API.items():
        for method, _, _ in calls:
            assert call(Client(), method, route, rows).status_code == HTTPStatus.UNAUTHORIZED, (method, route)


def test_nobody_sees_a_page_without_logging_in():
    client = Client()
    seen = 0
    for route in routes():
        path = example(route)
        if PUBLIC.match(path) or "(" in path:
            continue
        seen += 1
        answer = client.get("/" + path)
        assert answer.status_code in (301, 302, 403, 404, 405), path
        assert answer.status_code != 302 or "login" in answer["Location"] or "admin" in answer["Location"], path
    assert seen > 50


def test_logging_in_never_ends_at_an_empty_page(admin_client):
    """What was pressed after the session had ended leads to the log-in, and from there to an address of its own."""
    ends = {"admin": "/admin/", "floor": "/floor/", "stock": "/stock/"}
    led = defaultdict(int)
    admin_client.raise_request_exception = False
    for route in routes():
        path = example(route)
        start = path.split("/")[0]
        if start not in ends or "(" in path or "logout" in path:
            continue
        answer = admin_client.get("/" + path)
        assert answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED, path
        led[start] += answer.status_code == HTTPStatus.FOUND and answer.url == ends[start]
    assert min(led[start] for start in ends) > 1, led
