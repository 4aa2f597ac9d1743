"""AdventureWorks: its bins, its purchases received line by line, its orders sourced over six warehouses.

A small folder of our own; the real one where OMS_ADVENTUREWORKS names it, and OMS_POSTAL_CENTROIDS the coordinates.
"""

import json
import os
import time
from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Sum

from inventory.models import Bin, BinStock, PurchaseLine, PurchaseOrder, ReceiptLine, Sku, StockLevel, Supplier
from inventory.services import approve_purchase, draft_purchase, receive_delivery, send_purchase, stock
from oms.lib import doctor
from oms.lib.commands import command
from orders.models import Allocation, Order
from orders.services.intake import LineIn
from orders.services.place import place
from tests.inventory.buying import make_supplier
from tests.make import make_channel, make_order_in, make_seller, make_sku, make_strategy
from tests.race import race
from tests.soak.adventureworks import AdventureWorks
from tests.soak.adventureworks_files import write_adventureworks
from tests.soak.network import CITIES, Network

pytestmark = [pytest.mark.race, pytest.mark.soak, pytest.mark.django_db(transaction=True)]

ACTOR = "user:1"
PROCESSES = 4
HOUR_S = 3600
OVERDUE = 14  # papers and e-mails are not delivered here
# Of each SKU there is a tenth more than is ordered; every other one lies in three warehouses only.
SPARE = Decimal("1.1")


@pytest.fixture
def works(tmp_path):
    if "OMS_ADVENTUREWORKS" in os.environ:
        return AdventureWorks(os.environ["OMS_ADVENTUREWORKS"], os.environ["OMS_POSTAL_CENTROIDS"])
    write_adventureworks(tmp_path)
    return AdventureWorks(tmp_path, tmp_path)


@pytest.mark.corrupt(OVERDUE)
def test_purchases_are_received_and_orders_sourced_for_less_than_by_rules_of_thumb(works, capsys):
    report, skus = {}, make_goods(works)
    network = Network(works)
    channel = make_channel(
        currency="USD", strategy=make_strategy(split_penalty=0), seller=make_seller(country="US", home_currency="USD")
    )
    with timed(report, "bins"):
        in_bins = fill_bins(works, skus, network.plant)
    with timed(report, "purchases"):
        purchases = buy(works, skus, network.plant)
    orders = works.orders()
    shelves = stock_up(orders, network)
    with timed(report, "orders"):
        race(lambda who: place_all(works, channel, list(orders.items())[who::PROCESSES]), PROCESSES)
    report |= network.compare(shelves, works.sold(), {key: orders[key] for key in external_ids()})

    expected = sum(in_bins.values()) + purchases["good"] + purchases["damaged"]
    assert StockLevel.objects.filter(sku__in=skus.values()).aggregate(n=Sum("on_hand"))["n"] == expected
    held = dict(BinStock.objects.filter(bin__kind="shelf").values_list("bin__code").annotate(n=Sum("quantity")))
    assert held == {code: pieces for code, pieces in in_bins.items() if pieces}
    assert (Order.objects.count(), Allocation.objects.exclude(status="reserved").exists()) == (len(orders), False)
    ours = report["ours"]
    assert ours["pieces"] == sum(len(lines) for _, lines in orders.values())
    assert ours["cost"] <= min(report["nearest first"]["cost"], report["single warehouse"]["cost"])
    with timed(report, "doctor"):
        findings = [violation for finding in doctor.run(snapshot=False) for violation in finding.violations]
    assert [violation for violation in findings if violation.check != OVERDUE] == []
    with capsys.disabled():
        print(json.dumps({"bins": len(in_bins), "purchases": purchases, "orders": len(orders)} | report, indent=1))


class timed:
    """Add how many seconds a block took."""

    def __init__(self, report, name):
        self.seconds, self.name = report.setdefault("seconds", {}), name

    def __enter__(self):
        self.start = time.monotonic()

    def __exit__(self, *error):
        self.seconds[self.name] = round(time.monotonic() - self.start)


def make_goods(works):
    """Write what it stocks and what it sells; returns {product id: Sku} of the former."""
    for key, (_, grams) in works.sold().items():
        make_sku(code=f"AW-{key}", weight_g=grams)
    return {
        id_: make_sku(code=code, name=name, unit_cost=Decimal(cost or 0), weight_g=grams)
        for id_, (code, name, cost, _, grams) in works.products.items()
    }


def fill_bins(works, skus, plant):
    """Receive what lies in each of its bins; returns {bin code: pieces}."""
    held = Counter()
    for product, code, pieces in works.bins():
        shelf, _ = Bin.objects.get_or_create(location=plant, code=code, defaults={"zone": code.partition("-")[0]})
        held[code] += pieces
        if pieces:
            stock.receive(skus[product], plant, pieces, bin=shelf, actor=ACTOR)
    return held


def buy(works, skus, plant):
    """Order, send and receive every purchase, by several buyers at once; returns the counts."""
    purchases = list(works.purchases().values())
    for vendor in sorted({vendor for vendor, _ in purchases}):
        make_supplier(f"V{vendor}", currency="USD")
    suppliers = {supplier.code: supplier for supplier in Supplier.objects.all()}

    def work(who):
        for vendor, lines in purchases[who::PROCESSES]:
            receive(purchase(suppliers[f"V{vendor}"], plant, skus, lines), skus, lines)

    race(work, PROCESSES)
    came = ReceiptLine.objects.aggregate(good=Sum("good"), damaged=Sum("damaged"))
    assert ReceiptLine.objects.count() == sum(len(lines) for _, lines in purchases)
    assert PurchaseLine.objects.aggregate(n=Sum("received"))["n"] == came["good"] + came["damaged"]
    states = dict(PurchaseOrder.objects.order_by().values_list("status").annotate(n=Sum(1)))
    return {"orders": len(purchases), "lines received": ReceiptLine.objects.count(), "states": states} | came


@command
def purchase(supplier, plant, skus, lines):
    """Send a purchase order of `lines`; a product that stands there twice is one line of both."""
    wanted, costs = Counter(), {}
    for _, product, ordered, cost, _, _ in lines:
        wanted[product] += ordered
        costs[product] = Decimal(cost)
    order = draft_purchase.draft(supplier, plant, actor=ACTOR)
    rows = [(skus[product], ordered, costs[product]) for product, ordered in wanted.items()]
    draft_purchase.rewrite(order.pk, rows, actor=ACTOR)
    approve_purchase.approve(order.pk, actor="user:2")
    return send_purchase.send(order.pk, by_hand=True, actor=ACTOR)


def receive(order, skus, lines):
    """Book in what came of each line: what was stocked, what was rejected."""
    for id_, product, _, _, stocked, rejected in lines:
        sku = skus[product]
        receive_delivery.receive(
            sku, order.location, stocked, damaged=rejected, order=order, key=f"aw-{id_}", actor=ACTOR
        )


def stock_up(orders, network):
    """Receive what will be ordered, and a tenth more; returns {(product key, city): pieces}."""
    demand = Counter(key for _, lines in orders.values() for key, _ in lines)
    shelves = {}
    for number, key in enumerate(sorted(demand, key=int)):
        cities = CITIES if number % 2 else [CITIES[(number // 2 + step) % 6] for step in (0, 2, 4)]
        sku, each = Sku.objects.get(code=f"AW-{key}"), int(demand[key] * SPARE / len(cities)) + 1
        for city in cities:
            stock.receive(sku, network.places[city], each, actor=ACTOR)
            shelves[key, city] = each
    return shelves


def place_all(works, channel, orders):
    for number, (customer, lines) in orders:
        name, address = works.customers[customer]
        rows = [LineIn(f"AW-{key}", 1, Decimal(amount)) for key, amount in lines]
        where = {"ship_to": address.as_dict(name), "email": f"{customer}@example.com"}
        place(make_order_in(*rows, channel=channel, external_id=number, **where), actor=ACTOR)


def external_ids():
    """Return the orders' numbers as they were placed."""
    return Order.objects.order_by("pk").values_list("external_id", flat=True)
