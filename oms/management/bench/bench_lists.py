"""What people look at all day, with as many orders as a large merchant keeps: pages, searches, API lists."""

from dataclasses import replace

from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from oms.management.bench.measure import median_ms
from oms.management.bench.merchant import make_merchant, order_in
from oms.management.bench.multiply import multiply
from oms.outbox.relay import run_due
from oms.partners.models import Partner
from oms.partners.services.keys import create_key
from oms.roles import sync_roles
from orders.models import Order, SearchKey
from orders.models.order import FIRST_NUMBER
from orders.services import holds, pay, search
from orders.services.cancel import cancel
from orders.services.place import place

ORDERS = 200_000
SEEDS = 200
RUNS = 7


def run(bench, *, scale=1.0):
    """Add the median milliseconds and the statements of each page, and of search by each kind of key."""
    partner = Partner.objects.create(code="BENCH", name="Bench")
    channel = make_merchant(partner=partner)
    orders = max(20, round(ORDERS * scale))
    seeds = min(SEEDS, orders // 2)
    _make_orders(channel, seeds)
    multiply(round(orders / seeds) - 1, first_number=FIRST_NUMBER)
    bench.add(orders=Order.objects.count())
    root = Client(headers={"host": "localhost"})
    runs = max(1, round(RUNS * scale))
    root.force_login(User.objects.create_superuser("root"))
    for name, path in _console_pages():
        _page(bench, root, name, path, runs=runs)
    sync_roles()
    for group in Group.objects.order_by("name"):
        _page(bench, _member(group), f"home of {group.name}", "/admin/", runs=runs)
    _, key = create_key(partner, name="bench", scopes=["orders:read"])
    for name, path in _api_pages(key):
        client = Client(headers={"host": "localhost", "authorization": f"Bearer {key}"})
        _page(bench, client, name, path, runs=runs)
    bench.add(slowest_ms=max(row["ms"] for row in bench.instances))


def _make_orders(channel, count):
    """Place orders in several states through the services."""
    for i in range(count):
        sent = order_in(channel, f"seed-{i}", [i % 900, (i * 7) % 900])
        order = place(replace(sent, phone=f"+4930{1234500 + i}"), actor="partner:1")
        search.add_key(order.pk, SearchKey.Kind.TRACKING, f"TRACK{i}")
        search.add_key(order.pk, SearchKey.Kind.INVOICE, f"INV{i}")
        if i % 3 == 0:
            pay.add_payment(order.pk, amount=order.gross, reference=f"pay-{i}", actor="system")
        if i % 10 == 1:
            holds.put(order.pk, "manual", "bench", actor="system")
        if i % 10 == 2:
            cancel(order.pk, reason="bench")
    while run_due():
        pass


def _console_pages():
    newest = Order.objects.order_by("-pk").first()
    orders = "/admin/orders/order/"
    yield "order list", orders
    yield "order list, held", f"{orders}?hold=any"
    yield "order list, confirmed", f"{orders}?status=confirmed"
    yield "order list, page 50", f"{orders}?p=50"
    for kind, value in newest.search_keys.order_by("kind").values_list("kind", "value").distinct():
        yield f"search by {kind}", f"{orders}?q={value}"
    yield "search by the start of a name", f"{orders}?q=ann"
    yield "order page", f"{orders}{newest.pk}/change/"


def _api_pages(key):
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {key}"})
    yield "API list", "/api/v1/orders"
    deep = "/api/v1/orders?page_size=500"
    for _ in range(20):
        deep = client.get(deep).json()["next"] or deep
    yield "API list, deep page", deep.replace("page_size=500", "page_size=50")
    yield "API list, confirmed", "/api/v1/orders?status=confirmed"


def _member(group):
    user = User.objects.create_user(f"member of {group.name}"[:150], is_staff=True)
    user.groups.add(group)
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def _page(bench, client, name, path, *, runs):
    answer = client.get(path, follow=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{name}: {path} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(path, follow=True)
    bench.instance(name, len(queries), ms=median_ms(lambda: client.get(path, follow=True), runs))
