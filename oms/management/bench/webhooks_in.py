"""Webhooks of a shop: signed, stored raw, answered; beside the same body to an address that does nothing with it."""

import base64
import hashlib
import hmac
import http.client
import json
from statistics import quantiles

from oms.management.bench import load, server
from oms.management.bench.merchant import make_merchant
from orders.models import ChannelDocument, Connection

CONNECTIONS = 8
SECONDS = 6
SECRET = "only-for-the-bench"
HOOK, FLOOR = "/hooks/channels/BENCH/", "/hooks/nothing"


def run(bench, *, scale=1.0):
    """Add webhooks accepted a second by so many connections at once, the answer's median and p99, CPU of the server.

    The same for one connection alone, which is what an answer takes when nobody else is there; for a delivery that
    comes again; and for an empty answer, the floor of the stack. Each has its own TCP connection, as shops' have.
    """
    channel = make_merchant(skus=3)
    connection = Connection(channel=channel, kind="shopify", is_shadow=True)
    connection.secret = SECRET
    connection.save()
    seconds = max(1, round(SECONDS * scale))
    with server.serve(app="oms.management.bench.floor_wsgi") as (port, pid):
        for path in (HOOK, FLOOR) * 10:  # both processes load their code at their first request
            post(port, path, f"warm-{path}")

        def measure(name, path, delivery, clients=CONNECTIONS):
            spent, before = [], server.cpu_ms(pid)
            rate, _ = load.drive(
                lambda client, i: post(port, path, delivery.format(name=name, client=client, i=i)),
                clients=clients,
                seconds=seconds,
                spent=spent,
            )
            cuts = quantiles(spent, n=100)
            bench.add(**{f"{name}_per_s": rate, f"{name}_p50_ms": cuts[49], f"{name}_p99_ms": cuts[98]})
            bench.add(**{f"{name}_cpu_ms": (server.cpu_ms(pid) - before) / len(spent)})
            return len(spent) + clients  # each has made one call before the clock began

        measure("floor", FLOOR, "{name}-{client}-{i}")
        known = ChannelDocument.objects.count()
        accepted = measure("accepted", HOOK, "{name}-{client}-{i}")
        bench.add(accepted=accepted, missing=accepted + known - ChannelDocument.objects.count())
        measure("alone", HOOK, "{name}-{client}-{i}", clients=1)
        measure("again", HOOK, "{name}-{client}")


def post(port, path, delivery):
    """Post an order as Shopify does, under this id of the delivery; raises RuntimeError for a refusal."""
    body = json.dumps(_order(delivery)).encode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    headers = {"Content-Type": "application/json", "X-Shopify-Hmac-Sha256": signature}
    headers |= {"X-Shopify-Topic": "orders/create", "X-Shopify-Webhook-Id": delivery}
    link = http.client.HTTPConnection("127.0.0.1", port)
    link.request("POST", path, body, headers)
    answer = link.getresponse()
    text = answer.read()
    link.close()
    if answer.status >= 300:
        raise RuntimeError(f"{path}: {answer.status}: {text[:300]}")


def _order(delivery):
    lines = [
        {"id": n, "sku": f"BENCH-{n}", "title": f"Article {n}", "quantity": 1, "price": "9.50", "tax_lines": []}
        for n in range(3)
    ]
    address = {"name": "Ann Bell", "address1": "1 High Street", "city": "Leeds", "zip": "LS1 1AA", "country_code": "GB"}
    money = {"currency": "EUR", "total_price": "28.50", "subtotal_price": "28.50", "total_tax": "0.00"}
    return {
        "id": delivery,
        "name": f"#{delivery}",
        "email": "ann@example.com",
        "created_at": "2026-11-02T10:00:00Z",
        "line_items": lines,
        "shipping_address": address,
        "billing_address": address,
        **money,
    }
