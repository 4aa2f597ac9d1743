"""Booking a delivery in: against a purchase order or blind, what is good and what is damaged."""

from django.utils import timezone

from inventory.models import Bin, PurchaseOrder, Receipt, ReceiptLine, SupplierSku
from inventory.services import average_cost, stock
from inventory.services.bins import check_bin, system_bin
from inventory.services.draft_purchase import rate
from inventory.services.identify import Identity, identify
from inventory.services.once import find_booked
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.money import UNIT
from oms.lib.plugins import named
from oms.lib.text import check_text
from oms.outbox.publish import publish
from oms.panels import COMPANY

Status = PurchaseOrder.Status


@command
def receive(
    sku,
    location,
    good,
    *,
    damaged=0,
    order=None,
    supplier=None,
    note="",
    bin=None,
    identity=None,
    is_over_accepted=False,
    key=None,
    actor="system",
):
    """Book `good` pieces into `bin` or the DOCK, `damaged` ones into QUARANTINE; returns the ReceiptLine.

    Of a purchase `order`, or blind (perhaps with the `supplier`); `note` is the number on the delivery
    note. Deliveries of one order, note and day are one Receipt. A second call with `key` returns the
    first line. `identity` names the lot or the serials where the SKU has such. Moves the average cost.
    Publishes `purchase.received` or `receipt.booked`.
    Raises Invalid for a SKU that is not on the order, another location's order, or more pieces than the
    supplier may deliver unless `is_over_accepted`; InvalidTransition for an order that was not sent.
    """
    order = PurchaseOrder.objects.lock(order.pk) if order else None
    locked = average_cost.lock([sku.pk])[sku.pk]
    if known := find_booked(ReceiptLine.objects.select_related("receipt"), key):
        return known
    _check_pieces(good, damaged)
    stock.check_stocked(sku, location)
    check_bin(bin, location)
    line = _line_of(order, sku, location) if order else None
    over = _over(line, good + damaged, is_over_accepted) if line else 0
    receipt = _receipt(order, supplier, location, note, actor)
    pieces, label = good + damaged, identity or Identity()
    identified = identify(sku, location, pieces, label, supplier=receipt.supplier, reference=note)
    row = ReceiptLine.objects.create(
        receipt=receipt,
        purchase_line=line,
        sku=sku,
        good=good,
        damaged=damaged,
        over=over,
        cost=_cost(line, locked, receipt.supplier, good + damaged),
        key=key,
        actor=actor,
    )
    _book(row, receipt, locked, bin, identified, actor)
    _tell(row, receipt, order, line, actor)
    return row


def allowed(line):
    """Return how many more pieces of a purchase line the dock takes without asking."""
    tolerance = line.quantity * line.order.supplier.over_delivery_percent // 100
    return max(line.quantity + tolerance - line.received, 0)


def _check_pieces(good, damaged):
    if good < 0 or damaged < 0:
        raise Invalid("Pieces cannot be fewer than none.", field="quantity" if good < 0 else "damaged")
    stock.check_quantity(good + damaged)


def _line_of(order, sku, location):
    if not (order.is_underway or order.status == Status.RECEIVED):
        state = order.get_status_display().lower()
        hint = "send it first" if not order.is_ended else "book the goods in without it"
        raise InvalidTransition(f"Purchase order {order} is {state}: {hint}.")
    if order.location_id != location.pk:
        raise Invalid(f"Purchase order {order} goes to {order.location}, not to {location}.", field="reference")
    line = order.lines.filter(sku=sku).first()
    if line is None:
        raise Invalid(f"{sku} is not on purchase order {order}: book it in without the order.", field="sku")
    line.order = order
    return line


def _over(line, pieces, is_accepted):
    """Return how many of `pieces` nobody ordered; raises Invalid when they are too many to just take."""
    room = allowed(line)
    if pieces > room and not is_accepted:
        raise Invalid(
            f"{line.quantity} of {line.sku} were ordered and {line.received} came before: take at most {room}, "
            "or have a lead accept more.",
            field="quantity",
        )
    return max(min(line.received + pieces - line.quantity, pieces), 0)


def _receipt(order, supplier, location, note, actor):
    """Return today's receipt of the same delivery, or a new one."""
    note = check_text(note, max_length=60, field="reference")
    supplier = order.supplier if order else supplier
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    same = {"order": order, "supplier": supplier, "location": location, "delivery_note": note}
    open_one = Receipt.objects.filter(**same, received_at__gte=today, costed_at=None).order_by("-pk").first()
    return open_one or Receipt.objects.create(**same, received_by=actor)


def _cost(line, sku, supplier, pieces):
    """Return what one piece costs in our currency: as ordered, else by the supplier's list, else as so far."""
    if line:
        return (line.cost * line.order.home_rate).quantize(UNIT)
    listed = SupplierSku.objects.with_prices().filter(supplier=supplier, sku=sku).first() if supplier else None
    cost = listed.cost_of(pieces) if listed else None
    if cost is None:
        return sku.unit_cost
    return (cost * rate(supplier.currency, named(COMPANY)().get("currency", supplier.currency))).quantize(UNIT)


def _book(row, receipt, sku, bin, identified, actor):
    """Write the ledger: one entry of what is good, one of what is damaged; then the average cost."""
    before = average_cost.on_hand_of(row.sku_id)
    place, common = receipt.location, {"subject": receipt.subject, "actor": actor, "lot": identified.get("lot")}
    numbers = identified.get("serials", ())
    if row.good:
        stock.receive(row.sku, place, row.good, bin=bin, key=row.good_key, serials=numbers[: row.good], **common)
    if row.damaged:
        unfit = system_bin(place, Bin.Kind.QUARANTINE)
        stock.receive(
            row.sku,
            place,
            row.damaged,
            bin=unfit,
            reason="damaged",
            key=row.damaged_key,
            serials=numbers[row.good :],
            **common,
        )
    average_cost.take_in(sku, row.pieces, row.cost, on_hand=before)


def _tell(row, receipt, order, line, actor):
    data = {"receipt": receipt.pk, "line": row.pk, "sku": row.sku_id, "good": row.good, "damaged": row.damaged}
    if order is None:
        publish("receipt.booked", receipt.subject, actor=actor, **data)
        return
    line.received += row.pieces
    line.save(update_fields=["received"])
    is_all = not any(other.open for other in order.lines.all())
    status = Status.RECEIVED if is_all else Status.PART_RECEIVED
    if order.status not in (status, Status.RECEIVED):
        order.move_to(status)
    order.publish("purchase.received", actor=actor, over=row.over, is_all=is_all, **data)
