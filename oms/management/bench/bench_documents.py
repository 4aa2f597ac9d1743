"""PDFs: invoices a second in one worker, a long pick list, and how much memory many of them take."""

import statistics
import time

from fulfilment.documents import pick_list
from fulfilment.models import FulfilmentOrder
from fulfilment.services.direct import ParcelIn, ship_reported
from fulfilment.services.release import release
from oms.lib import pdf
from oms.management.bench.measure import cpu_ms, median_ms, memory_mb
from oms.management.bench.merchant import make_merchant, order_in
from oms.outbox.relay import run_due
from orders.documents import invoice
from orders.models import Invoice
from orders.services import pay
from orders.services.place import place

INVOICES = 500
COLD = 20
ROWS = 200


def run(bench, *, scale=1.0):
    """Add CPU seconds and rate of invoices, the seconds of a 200-line pick list, and memory over all.

    The baseline is the same page where nothing is kept between documents.
    """
    channel = make_merchant(skus=600, locations=1)
    made = _invoices(channel, 10)
    runs = max(10, round(INVOICES * scale))
    cold, _ = _render(made, min(COLD, runs), before_each=pdf.forget)
    _render(made, 10)
    before = memory_mb()
    warm, seconds = _render(made, runs)
    bench.add(invoices=runs, invoices_per_s=runs / seconds, invoice_cpu_s=warm, invoice_keeping_nothing_cpu_s=cold)
    bench.add(memory_before_mb=before, memory_after_mb=memory_mb())
    row = _pick_list(channel, max(20, round(ROWS * scale)))
    bench.add(pick_list_lines=row.tasks.count(), pick_list_s=median_ms(lambda: pick_list.render(row.pk), 3) / 1000)


def _render(made, runs, *, before_each=lambda: None):
    """Return (median CPU seconds of an invoice, wall seconds of all)."""
    spent, start = [], time.perf_counter()
    for i in range(runs):
        before_each()
        with cpu_ms() as ms:
            invoice.render(made[i % len(made)])
        spent += ms
    return statistics.median(spent) / 1000, time.perf_counter() - start


def _invoices(channel, count):
    """Return the ids of `count` invoices of five lines each."""
    for i in range(count):
        order = place(order_in(channel, f"invoice-{i}", range(i, i + 5)))
        pay.add_payment(order.pk, amount=order.gross, reference=f"invoice-{i}", actor="system")
    while run_due():
        pass
    for row in FulfilmentOrder.objects.prefetch_related("lines"):
        ship_reported(row.pk, [ParcelIn({line.pk: line.wanted for line in row.lines.all()})], actor="system")
    return list(Invoice.objects.values_list("pk", flat=True))


def _pick_list(channel, rows):
    order = place(order_in(channel, "long", range(100, 100 + rows)))
    pay.add_payment(order.pk, amount=order.gross, reference="long", actor="system")
    while run_due():
        pass
    return release([FulfilmentOrder.objects.get(order=order).pk], actor="system").pick_list
