"""What a buyer should know before he approves a purchase order. It only reads."""

from inventory.models import SupplierSku
from oms.lib.money import show


def advise(order, lines):
    """Return ({line id: [text]}, [text about the whole order]) for `lines` of `order`; two statements."""
    listed = {
        row.sku_id: row
        for row in SupplierSku.objects.with_prices().filter(
            supplier=order.supplier_id, sku__in=[line.sku_id for line in lines]
        )
    }
    of_lines = {line.pk: list(_of_line(line, listed.get(line.sku_id), order)) for line in lines}
    return of_lines, list(_of_order(order, sum(line.amount for line in lines)))


def _of_line(line, listed, order):
    if listed is None:
        yield f"not on the list of {order.supplier}"
        return
    if line.quantity < listed.moq:
        yield f"at least {listed.moq} pieces"
    if line.quantity % listed.pack_size:
        yield f"packs of {listed.pack_size}: order {listed.orderable(line.quantity)}"
    cost = listed.cost_of(line.quantity)
    if cost is not None and cost != line.cost:
        yield f"the list says {show(cost, order.currency)}"
    if step := _next_step(listed, line):
        yield f"{show(step.cost, order.currency)} from {step.min_quantity} pieces on"


def _next_step(listed, line):
    """Return the next price step where it costs no more in all than what is ordered, or None."""
    steps = [step for step in listed.prices.all() if step.min_quantity > line.quantity]
    step = min(steps, key=lambda step: step.min_quantity, default=None)
    return step if step and step.min_quantity * step.cost <= line.amount else None


def _of_order(order, total):
    free_from, limit = order.supplier.free_freight_from, order.supplier.approval_over
    if free_from is not None and total < free_from:
        yield f"{show(free_from - total, order.currency)} more and {order.supplier} pays the freight"
    if limit is not None and total > limit:
        yield f"over {show(limit, order.currency)}: somebody else than its author must approve it"
    if not order.supplier.email and not order.supplier.partner_id:
        yield f"{order.supplier} has no e-mail: it is sent by hand"
