"""PDFs: invoices a second in one worker, a long pick list, and how much memory many of them take."""

import statistics
import time

from fulfilment.documents import pick_list
from fulfilment.models import FulfilmentOrder
from fulfilment.services.release import release
from oms.management.bench.measure import cpu_ms, peak_mb
from oms.management.bench.merchant import make_merchant, order_in
from oms.outbox.relay import run_due
from orders.documents import invoice
from orders.models import Invoice, Order
from orders.services import invoicing
from orders.services.place import place

INVOICES = 500
ROWS = 200


def run(bench, *, scale=1.0):
    """Add CPU seconds and rate of invoices, the seconds of a 200-line pick list, and memory over all."""
    channel = make_merchant(skus=600, locations=1)
    made = _invoices(channel, 10)
    for pk in made:
        invoice.render(pk)  # fonts and style sheets are read once a worker
    before, spent, runs = peak_mb(), [], max(10, round(INVOICES * scale))
    start = time.perf_counter()
    for i in range(runs):
        with cpu_ms() as ms:
            invoice.render(made[i % len(made)])
        spent += ms
    seconds = time.perf_counter() - start
    bench.add(invoices=runs, invoices_per_s=runs / seconds, invoice_cpu_s=statistics.median(spent) / 1000)
    bench.add(memory_before_mb=before, memory_after_mb=peak_mb())
    row = _pick_list(channel)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        pick_list.render(row.pk)
        times.append(time.perf_counter() - start)
    bench.add(pick_list_lines=row.tasks.count(), pick_list_s=statistics.median(times))


def _invoices(channel, count):
    """Return the ids of `count` invoices of five lines each."""
    for i in range(count):
        order = place(order_in(channel, f"invoice-{i}", range(i, i + 5)))
        order = Order.objects.get(pk=order.pk)
        pieces = {line.pk: line.quantity for line in order.lines.all()}
        invoicing.invoice_shipped(order, pieces, supply_on=order.ordered_at.date(), actor="system")
    return list(Invoice.objects.values_list("pk", flat=True))


def _pick_list(channel):
    place(order_in(channel, "long", range(100, 100 + ROWS)))
    while run_due():
        pass
    newest = FulfilmentOrder.objects.order_by("-pk").first()
    return release([newest.pk], actor="system").pick_list
