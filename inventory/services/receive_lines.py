"""A delivery of a purchase order is booked in by whoever runs the location it comes to, all lines or none."""

from dataclasses import dataclass, field

from inventory.models import PurchaseOrder
from inventory.services.identify import Identity
from inventory.services.receive_delivery import receive
from oms.lib.commands import command
from oms.lib.errors import Invalid, fields_as


@dataclass(frozen=True)
class Arrived:
    """What came of a purchase line (its id): fit pieces, unfit ones beside, and which they are."""

    line: int
    good: int
    damaged: int = 0
    identity: Identity = field(default_factory=Identity)


@command
def receive_lines(order_id, arrived, *, note="", actor):
    """Book `arrived` ([Arrived]) of a purchase order in, of the delivery `note`; returns the order.

    Raises Invalid, naming the line, for one that is not the order's or
    named twice, and as `receive` does.
    """
    order = PurchaseOrder.objects.lock(order_id)
    lines = {line.pk: line for line in order.lines.select_related("sku")}
    seen = set()
    for i, one in enumerate(arrived):
        if one.line not in lines or one.line in seen:
            raise Invalid("Name each line of this order once.", field=f"lines.{i}.line")
        seen.add(one.line)
    common = {"order": order, "note": note, "actor": actor}
    for i, one in sorted(enumerate(arrived), key=lambda row: lines[row[1].line].sku_id):
        with fields_as({"quantity": "received"}, under=f"lines.{i}"):
            sku, identity = lines[one.line].sku, one.identity
            receive(sku, order.location, one.good, damaged=one.damaged, identity=identity, **common)
    return order
