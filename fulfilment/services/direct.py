"""Shipping without our own pick lists and bench: what a 3PL, a supplier or the digital shelf reports as done."""

from collections import Counter
from dataclasses import dataclass, field

from fulfilment.models import FulfilmentOrder, Parcel, ParcelLine, PickTask
from fulfilment.services import identity
from fulfilment.services.advance import advance, begin
from fulfilment.services.claim import claim, drop_lost
from fulfilment.services.label import choose
from fulfilment.services.pack import print_slip
from fulfilment.services.pick import carry_to_stage
from fulfilment.services.plan_bins import Spot, free_bins, plan
from fulfilment.services.ship import send
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition, fields_as
from oms.lib.text import check_text
from orders.services import progress

Status = FulfilmentOrder.Status


@dataclass(frozen=True)
class ParcelIn:
    """A parcel as reported: `pieces` is {fulfilment line id: pieces}."""

    pieces: dict[int, int]
    carrier: str = ""
    service: str = ""
    tracking_number: str = ""
    weight_g: int | None = field(default=None)


@command
def ship_reported(fulfilment_order_id, parcels, *, actor):
    """Ship what somebody reports as packed and gone: [ParcelIn], all of the work or a part; return the Parcels.

    Pieces not picked yet are taken from the location's bins. The same again returns what left. Raises Invalid for
    more pieces than are wanted or in the bins, naming `parcels.0.pieces.7`, InvalidTransition as `ship` does, and for
    another parcel of work that has left.
    """
    work = claim(fulfilment_order_id)
    if work.fulfilment_order.status in (Status.SHIPPED, Status.CLOSED):
        return _gone(work, parcels)
    work.check_may_move()
    if not parcels:
        raise Invalid("Report at least one parcel.", field="parcels")
    return book(work, parcels, actor=actor)


def _gone(work, parcels):
    """Return the parcels of work that has left; raises InvalidTransition when one of `parcels` is not among them.

    One is known by its number, or without one by its pieces.
    """
    gone = list(work.fulfilment_order.parcels.gone().prefetch_related("lines"))
    numbers = [parcel.tracking_number for parcel in gone]
    contents = [_contents(parcel) for parcel in gone]
    for parcel in parcels:
        number, pieces = parcel.tracking_number.strip(), Counter(parcel.pieces)
        if number not in numbers if number else pieces and pieces not in contents:
            raise InvalidTransition(_left_as(work, [number for number in numbers if number]))
    return gone


def _contents(parcel):
    pieces = Counter()
    for row in parcel.lines.all():
        pieces[row.fulfilment_line_id] += row.quantity
    return pieces


def _left_as(work, numbers):
    rows = work.order.fulfilment_orders.filter(location=work.location)
    rest = rows.filter(status__in=(Status.RELEASED, Status.PICKING, Status.PACKED)).order_by("pk").last()
    said = f"{work.fulfilment_order} has left before, as {', '.join(numbers) or 'a parcel without number'}."
    return f"{said} Report the rest as {rest}." if rest else said


def book(work, parcels, *, has_slip=True, actor):
    """Release, pick, pack and ship claimed work as `parcels` ([ParcelIn]) say; return the Parcels.

    Without `has_slip` nothing is printed to lie in them.
    """
    to_floor(work, actor=actor)
    take(work, _pieces(work, parcels), actor=actor)
    made = []
    for i, parcel in enumerate(parcels):
        with fields_as({}, under=f"parcels.{i}"):
            made.append(_pack(work, parcel))
    if has_slip and work.fulfilment_order.method != FulfilmentOrder.Method.DIGITAL:
        for parcel in made:
            print_slip(parcel, actor=actor)
    advance(work, actor=actor)
    return send(work, made, actor=actor)


def to_floor(work, *, actor):
    """Release claimed work that is still OPEN, without a pick list."""
    if work.fulfilment_order.status == Status.OPEN:
        drop_lost(work, actor)
    if work.fulfilment_order.status == Status.OPEN:
        progress.to_floor(work.order, [(line.allocation, line.allocation.quantity) for line in work.lines])
        work.fulfilment_order.move_to(Status.RELEASED, order=work.order, actor=actor)
    if work.fulfilment_order.status not in (Status.RELEASED, Status.PICKING):
        state = work.fulfilment_order.state
        raise InvalidTransition(f"Order {work.order} is {state} and cannot be reported as shipped.")


def take(work, pieces, *, actor):
    """Pick `pieces` ({line pk: pieces}) of claimed work out of whatever bins hold them."""
    wanted = [(work.line(pk), work.line(pk).sku_id, n) for pk, n in pieces.items() if n]
    begin(work, actor=actor)
    for line, _, n in wanted:
        line.picked += n
        _close_tasks(line, n)
    planned = [(line, sku_id, Spot(), n) for line, sku_id, n in wanted]
    if work.location.tracks_stock:
        free = free_bins(work.location, {sku_id for _, sku_id, _ in wanted})
        planned, missing = plan(wanted, free)
        for line, n in missing.items():
            raise Invalid(
                f"{n} of {line.sku} are in no bin of {work.location}; receive or count first.", field="parcels"
            )
    carry_to_stage(work, [(sku_id, spot, n) for _, sku_id, spot, n in planned], actor=actor)


def _close_tasks(line, pieces):
    """Take pieces that were picked past the list off its open tasks."""
    for task in PickTask.objects.open().filter(fulfilment_line=line).order_by("pk"):
        taken = min(pieces, task.left)
        task.quantity -= taken
        pieces -= taken
        task.save(update_fields=["quantity"])


def _pieces(work, parcels):
    """Return {line pk: pieces still to pick} for all `parcels`; raises Invalid when too many are reported."""
    reported = Counter()
    for i, parcel in enumerate(parcels):
        for pk, n in parcel.pieces.items():
            path = f"parcels.{i}.pieces.{pk}"
            with fields_as({"line": path}):
                line = work.line(pk)
            if n <= 0:
                raise Invalid("Report at least one piece of each line.", field=path)
            reported[line.pk] += n
            if reported[line.pk] > (room := line.wanted - line.packed):
                raise Invalid(f"Only {room} of {line.sku} are to ship, not {reported[line.pk]}.", field=path)
    return {pk: max(n - work.line(pk).to_pack, 0) for pk, n in reported.items()}


def _pack(work, parcel_in):
    """Make the closed Parcel of `parcel_in`."""
    is_carried = work.fulfilment_order.method in (FulfilmentOrder.Method.SHIP, FulfilmentOrder.Method.DROPSHIP)
    parcel = Parcel.objects.create(
        order=work.order,
        fulfilment_order=work.fulfilment_order,
        number=work.fulfilment_order.parcels.free_number(),
        status=Parcel.Status.PACKED,
        weight_g=parcel_in.weight_g,
        carrier=choose(parcel_in.carrier) if is_carried else None,
        service=check_text(parcel_in.service, max_length=40, field="service"),
        tracking_number=check_text(parcel_in.tracking_number, max_length=60, field="tracking_number"),
    )
    for pk, n in parcel_in.pieces.items():
        line = work.line(pk)
        line.packed += n
        for lot_id, taken in identity.of_lots(work, line, n):
            ParcelLine.objects.create(
                parcel=parcel, fulfilment_line=line, sku_id=line.sku_id, lot_id=lot_id, quantity=taken
            )
    return parcel
