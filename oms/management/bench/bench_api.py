"""The partner API through HTTP: orders one by one and 500 at once, availability, lists, beside an empty answer."""

import http.client
import json
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from oms.management.bench import load, server
from oms.management.bench.measure import in_turn, median_ms
from oms.management.bench.merchant import ADDRESS, FIRST_SKU, make_merchant, order_in
from oms.partners.models import Partner
from oms.partners.services.keys import create_key
from orders.models import Order
from orders.services.place_many import place_many

SKUS = 1000
CONNECTIONS = 8
SECONDS = 4
ROUNDS = 3
BULK = 500
RUNS = 15
LISTED = 5000
WARM_UP = 20


class Api:
    """Calls of one key; a connection a call, as kept ones may all end up at the same of the server's processes."""

    def __init__(self, port, key):
        self.port = port
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(self, method, path, body=None):
        """Return the answer's JSON; raises RuntimeError for one that is an error."""
        link = http.client.HTTPConnection("127.0.0.1", self.port)
        link.request(method, path, body and json.dumps(body), self.headers)
        answer = link.getresponse()
        text = answer.read()
        link.close()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status}: {text[:300]}")
        return json.loads(text)


def run(bench, *, scale=1.0):
    """Add rates and CPU milliseconds of the server a call; `scale` is that of sizes and times.

    What is compared is the median of a few rounds, in which they take turns.
    """
    partner = Partner.objects.create(code="BENCH", name="Bench")
    channel = make_merchant(skus=SKUS, partner=partner)
    _, key = create_key(partner, name="bench", scopes=["orders:read", "orders:write", "stock:read"])
    listed = max(20, round(LISTED * scale))
    for i in range(0, listed, BULK):
        place_many([order_in(channel, f"old-{n}", _three()) for n in range(i, min(i + BULK, listed))])
    seconds, bulk = max(1, round(SECONDS * scale)), max(10, round(BULK * scale))
    with server.serve(app="oms.management.bench.floor_wsgi") as (port, pid):
        api = Api(port, key)
        for i in range(WARM_UP):  # both processes load their code at their first request
            api.call("POST", "/api/v1/orders", _order(f"warm-{i}"))
        found = in_turn(
            ROUNDS,
            floor=lambda number: _rate(api, "/api/v1/nothing", pid, number, seconds),
            order=lambda number: _rate(api, "/api/v1/orders", pid, number, seconds),
            bulk_order=lambda number: _bulk(api, pid, number, bulk),
        )
        for name, rows in found.items():
            rate, cpu = map(float, np.median(rows, axis=0))
            bench.add(**{f"{name}_per_s": rate, f"{name}_cpu_ms": cpu})
        ratios = found["bulk_order"][:, 0] / found["order"][:, 0]
        bench.add(bulk_size=bulk, bulk_to_single_ratio=float(np.median(ratios)), rounds=ROUNDS)
        codes = [f"BENCH-{FIRST_SKU + n}" for n in range(SKUS)]
        _calls(
            bench, f"availability_{SKUS}_skus", pid, lambda: api.call("POST", "/api/v1/availability", {"sku": codes})
        )
        _calls(bench, "list", pid, lambda: api.call("GET", "/api/v1/orders"))
        deep = _deep(api)
        _calls(bench, "list_deep", pid, lambda: api.call("GET", deep))
    bench.add(orders=Order.objects.count())


def _rate(api, path, pid, number, seconds):
    """Return (calls a second, CPU ms of the server each) of single orders on all connections."""

    def call(client, i):
        api.call("POST", path, _order(f"s{number}-{client}-{i}"))

    before = server.cpu_ms(pid)
    rate, _ = load.drive(call, clients=CONNECTIONS, seconds=seconds)
    return rate, (server.cpu_ms(pid) - before) / (rate * seconds)


def _bulk(api, pid, number, size):
    """Return (orders a second, CPU ms of the server each) of a call of `size` orders on each connection at once.

    A call is long, so it is their wall time together that counts.
    """
    bodies = [{"orders": [_order(f"b{number}-{n}-{i}") for i in range(size)]} for n in range(CONNECTIONS)]

    def call(body):
        created = api.call("POST", "/api/v1/orders/bulk", body)["created"]
        if created != size:
            raise RuntimeError(f"Only {created} of {size} orders were taken.")

    before = server.cpu_ms(pid)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        spent = median_ms(lambda: list(pool.map(call, bodies)), 1)
    orders = CONNECTIONS * size
    return orders / spent * 1000, (server.cpu_ms(pid) - before) / orders


def _calls(bench, name, pid, call):
    call()
    before = server.cpu_ms(pid)
    bench.add(**{f"{name}_ms": median_ms(call, RUNS), f"{name}_cpu_ms": (server.cpu_ms(pid) - before) / RUNS})


def _deep(api):
    """Return the address of the last page of 50 that 20 pages of 500 lead to."""
    path = "/api/v1/orders?page_size=500"
    for _ in range(20):
        following = api.call("GET", path)["next"]
        if following is None:
            break
        path = following[following.index("/api/") :]
    return path.replace("page_size=500", "page_size=50")


def _order(external_id):
    lines = [{"sku": f"BENCH-{FIRST_SKU + n}", "quantity": 1, "unit_price": "9.50"} for n in _three()]
    email = f"ann{hash(external_id) % 1000}@example.com"
    return {"channel": "BENCH", "external_id": external_id, "email": email, "ship_to": ADDRESS, "lines": lines}


def _three():
    third = SKUS // 3
    return [i * third + random.randrange(third) for i in range(3)]
