"""Orders of three lines: in process and over HTTP, beside pgbench running the same statements."""

import http.client
import json
import random
from functools import partial

import numpy as np
from django.db import connection

from oms.management.bench import load, pgbench, server
from oms.management.bench.measure import in_turn
from oms.management.bench.merchant import ADDRESS, FIRST_SKU, make_merchant, order_in
from oms.partners.models import Partner
from oms.partners.services.keys import create_key
from orders.services.place import place

SKUS = 999
CLIENTS = 4
SECONDS = 4
ROUNDS = 3
WARM_UP = 40
EMAIL = "captured@example.com"  # nobody knows it: a new customer is the order with the most statements


def run(bench, *, scale=1.0):
    """Add orders a second, CPU and statements an order; on PostgreSQL pgbench's rate and the ratios to it.

    Each is the median of a few rounds, in which they take turns.
    """
    seconds = max(1, round(SECONDS * scale))
    partner = Partner.objects.create(code="BENCH", name="Bench")
    channel = make_merchant(skus=SKUS, partner=partner)
    _, key = create_key(partner, name="bench", scopes=["orders:write"])
    for i in range(20):
        place(order_in(channel, f"warm-{i}", _three()))
    measures = _pgbench(bench, channel, seconds) if connection.vendor == "postgresql" else {}
    with server.serve() as (port, pid):
        post = partial(_post, port, key)
        for i in range(WARM_UP):  # both processes load their code at their first request
            post("warm", "", i)
        measures |= {
            "in_process": lambda number: load.drive(
                lambda client, i: place(order_in(channel, f"p{number}-{client}-{i}", _three())),
                clients=CLIENTS,
                seconds=seconds,
            ),
            "http": lambda number: _http(partial(post, number), pid, seconds),
        }
        found = in_turn(ROUNDS, **measures)
    rates = {name: rows[:, 0] for name, rows in found.items()}
    cpu = {name: float(np.median(rows[:, 1])) for name, rows in found.items()}
    bench.add(clients=CLIENTS, rounds=ROUNDS)
    bench.add(**{f"{name}_orders_per_s": float(np.median(each)) for name, each in rates.items()})
    bench.add(in_process_cpu_ms=cpu["in_process"], http_server_cpu_ms=cpu["http"])
    bench.add(http_to_in_process_ratio=float(np.median(rates["http"] / rates["in_process"])))
    if "pgbench" in rates:
        bench.add(in_process_to_pgbench_ratio=float(np.median(rates["in_process"] / rates["pgbench"])))


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
    return {"pgbench": lambda number: (pgbench.run(text, clients=CLIENTS, seconds=seconds), 0)}


def _http(post, pid, seconds):
    before = server.cpu_ms(pid)
    rate, _ = load.drive(post, clients=CLIENTS, seconds=seconds)
    return rate, (server.cpu_ms(pid) - before) / (rate * seconds)


def _post(port, key, number, client, i):
    # A connection an order: kept ones may all end up at the same of the server's processes.
    link = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    lines = [{"sku": f"BENCH-{FIRST_SKU + n}", "quantity": 1, "unit_price": "9.50"} for n in _three()]
    body = {"channel": "BENCH", "external_id": f"h{number}-{client}-{i}", "email": f"ann{i % 1000}@example.com"}
    link.request("POST", "/api/v1/orders", json.dumps(body | {"ship_to": ADDRESS, "lines": lines}), headers)
    answer = link.getresponse()
    text = answer.read()
    link.close()
    if answer.status != 201:
        raise RuntimeError(f"{answer.status}: {text[:300]}")


def _three():
    """Return three SKU numbers, one of each third, as pgbench chooses them."""
    third = SKUS // 3
    return [i * third + random.randrange(third) for i in range(3)]
