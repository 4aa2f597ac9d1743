"""What can be promised of 1,000 SKUs at 50 locations, in one call of the API, beside the bare statement."""

import http.client
import json

from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import StockLevel
from inventory.services.availability import sellable
from oms.management.bench import server
from oms.management.bench.measure import median_ms
from oms.management.bench.merchant import FIRST_SKU, make_merchant
from oms.partners.models import Partner
from oms.partners.services.keys import create_key

SKUS = 1000
LOCATIONS = 50
RUNS = 15


def run(bench, *, scale=1.0):
    """Add milliseconds over HTTP and in process, statements and bytes; `scale` is that of the SKUs."""
    skus = max(1, round(SKUS * scale))
    partner = Partner.objects.create(code="BENCH", name="Bench")
    make_merchant(skus=skus, locations=LOCATIONS, partner=partner)
    _, key = create_key(partner, name="bench", scopes=["stock:read"])
    codes = [f"BENCH-{FIRST_SKU + n}" for n in range(skus)]
    with CaptureQueriesContext(connection) as queries:
        sellable(codes)
    bench.add(levels=StockLevel.objects.count(), sql_statements=len(queries))
    bench.add(bare_statement_ms=median_ms(_bare, RUNS), in_process_ms=median_ms(lambda: sellable(codes), RUNS))
    with server.serve(workers=1) as (port, pid):
        _http(bench, port, pid, key, codes)


def _bare():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sku_id, location_id, on_hand - reserved - unavailable - safety FROM inventory_stocklevel"
        )
        return cursor.fetchall()


def _http(bench, port, pid, key, codes):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    link, body = http.client.HTTPConnection("127.0.0.1", port), json.dumps({"sku": codes})

    def ask():
        link.request("POST", "/api/v1/availability", body, headers)
        answer = link.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {text[:300]}")
        return text

    numbers = sum(len(row["locations"]) for row in json.loads(ask())["results"])
    before = server.cpu_ms(pid)
    bench.add(http_ms=median_ms(ask, RUNS), http_server_cpu_ms=(server.cpu_ms(pid) - before) / RUNS)
    bench.add(numbers_answered=numbers, response_bytes=len(ask()))
