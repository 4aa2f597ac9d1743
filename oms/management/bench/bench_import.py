"""An import of historic orders, beside the ORM's own way of inserting the same rows."""

import random
import tempfile
import time
from pathlib import Path

from django.db import transaction

from oms.lib import bulk
from oms.management.bench.measure import cpu_ms, peak_mb
from orders.imports.index import Index
from orders.imports.run import Options
from orders.imports.run import run as import_orders
from orders.models import Order, OrderLine

LINES = 100_000
LINES_PER_ORDER = 20
CREDITED = 0.1  # of the orders
SKUS = 4_000
CUSTOMERS = 4_000
COPIED = 10_000


def run(bench, *, scale=1.0):
    """Add lines a second of a file in the shape of the UCI set, of a second run over it, and memory."""
    lines = max(100, round(LINES * scale))
    with tempfile.TemporaryDirectory() as folder:
        path = _write(Path(folder) / "retail.csv", lines)
        with cpu_ms() as cpu:
            first, seconds = _import(path)
        again, again_s = _import(path)
    figures = first.figures()
    bench.add(file_lines=lines, orders=first.orders_created, vouchers=first.vouchers_created)
    bench.add(import_s=seconds, import_lines_per_s=lines / seconds, import_cpu_us_per_line=1000 * cpu[0] / lines)
    bench.add(second_run_s=again_s, second_run_orders=again.orders_created, peak_mb=peak_mb())
    bench.add(orders_differing=figures["orders_differing"], net_difference=_difference(first))
    fast, slow = _rows_per_s(_by_bulk), _rows_per_s(_by_orm)
    bench.add(bulk_insert_rows_per_s=fast, bulk_create_rows_per_s=slow, bulk_insert_ratio=fast / slow)


def _write(path, lines):
    """Write a file of about `lines` rows: orders, and credits of a tenth of them after them."""
    chance = random.Random(1)
    with path.open("w") as file:
        file.write("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n")
        for number in range(lines // (LINES_PER_ORDER + round(LINES_PER_ORDER * CREDITED))):
            customer = chance.randrange(CUSTOMERS)
            codes = [chance.randrange(SKUS) for _ in range(LINES_PER_ORDER)]
            rest = f"2010-12-01 08:26:00,{chance.randrange(1, 2000) / 100},{customer},United Kingdom\n"
            file.writelines(f"{number},SKU{code},Heart {code},6,{rest}" for code in codes)
            if chance.random() < CREDITED:
                back = rest.replace("2010-12-01", "2011-01-05")
                file.writelines(f"C{number},SKU{code},Heart {code},-2,{back}" for code in codes)
    return path


def _import(path):
    start = time.perf_counter()
    with Index() as index:
        report = import_orders(index, Options(path=path, channel="bench", format="uci"))
    return report, time.perf_counter() - start


def _difference(report):
    return float(sum(kind.difference for kind in report.kinds.values()))


def _rows_per_s(insert):
    """Return how many order lines a second `insert(rows)` writes; they are taken back."""
    sample = list(OrderLine.objects.select_related("order__channel")[:COPIED])
    with transaction.atomic():
        channel = sample[0].order.channel
        order = Order.objects.create(channel=channel, external_id="copy", currency="GBP", prices_include_tax=False)
        for position, row in enumerate(sample, start=1):
            row.pk, row.order, row.position, row._state.adding = None, order, position, True
        start = time.perf_counter()
        insert(sample)
        seconds = time.perf_counter() - start
        transaction.set_rollback(True)
    return len(sample) / seconds


def _by_bulk(rows):
    bulk.insert(rows)


def _by_orm(rows):
    OrderLine.objects.bulk_create(rows)
