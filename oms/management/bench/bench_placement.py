"""Orders of three lines: in process and over HTTP, beside pgbench running the same statements."""

import http.client
import json
import random

from django.db import connection

from oms.management.bench import load, pgbench, server
from oms.management.bench.merchant import ADDRESS, FIRST_SKU, make_merchant, order_in
from oms.partners.models import Partner
from oms.partners.services.keys import create_key
from orders.services.place import place

SKUS = 999
CLIENTS = 4
SECONDS = 8
WARM_UP = 40
EMAIL = "captured@example.com"  # nobody knows it: a new customer is the order with the most statements


def run(bench, *, scale=1.0):
    """Add orders a second, CPU and statements an order; on PostgreSQL pgbench's rate and the ratios to it."""
    seconds = max(1, round(SECONDS * scale))
    partner = Partner.objects.create(code="BENCH", name="Bench")
    channel = make_merchant(skus=SKUS, partner=partner)
    _, key = create_key(partner, name="bench", scopes=["orders:write"])
    for i in range(20):
        place(order_in(channel, f"warm-{i}", _three()))
    rates = {}
    if connection.vendor == "postgresql":
        rates["pgbench"] = _pgbench(bench, channel, seconds)
    rates["process"], cpu = load.drive(
        lambda client, i: place(order_in(channel, f"p{client}-{i}", _three())), clients=CLIENTS, seconds=seconds
    )
    bench.add(clients=CLIENTS, in_process_orders_per_s=rates["process"], in_process_cpu_ms=cpu)
    with server.serve() as (port, pid):
        rates["http"], cpu = _http(port, pid, key, seconds)
    bench.add(http_orders_per_s=rates["http"], http_server_cpu_ms=cpu)
    bench.add(http_to_in_process_ratio=rates["http"] / rates["process"])
    if "pgbench" in rates:
        bench.add(in_process_to_pgbench_ratio=rates["process"] / rates["pgbench"])


def _pgbench(bench, channel, seconds):
    numbers, external_id = [0, SKUS // 3, 2 * SKUS // 3], "captured-order"

    def place_captured(name):
        order = order_in(channel, name, numbers)
        order.email = EMAIL
        place(order)

    statements = pgbench.capture(place_captured, external_id)
    bench.add(sql_statements_per_order=len(statements))
    text = pgbench.script(
        statements, external_id=external_id, email=EMAIL, numbers=numbers, first_sku=FIRST_SKU, skus=SKUS
    )
    rate = pgbench.run(text, clients=CLIENTS, seconds=seconds)
    bench.add(pgbench_orders_per_s=rate)
    return rate


def _http(port, pid, key, seconds):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def post(client, i):
        # A connection an order: kept ones may all end up at the same of the server's processes.
        link = http.client.HTTPConnection("127.0.0.1", port)
        lines = [{"sku": f"BENCH-{FIRST_SKU + n}", "quantity": 1, "unit_price": "9.50"} for n in _three()]
        body = {"channel": "BENCH", "external_id": f"h{client}-{i}", "email": f"ann{i % 1000}@example.com"}
        link.request("POST", "/api/v1/orders", json.dumps(body | {"ship_to": ADDRESS, "lines": lines}), headers)
        answer = link.getresponse()
        text = answer.read()
        link.close()
        if answer.status != 201:
            raise RuntimeError(f"{answer.status}: {text[:300]}")

    for i in range(WARM_UP):  # both processes load their code at their first request
        post("warm", i)
    before = server.cpu_ms(pid)
    rate, _ = load.drive(post, clients=CLIENTS, seconds=seconds)
    return rate, (server.cpu_ms(pid) - before) / (rate * seconds)


def _three():
    """Return three SKU numbers, one of each third, as pgbench chooses them."""
    third = SKUS // 3
    return [i * third + random.randrange(third) for i in range(3)]
