"""Packing: each piece is scanned into a parcel, and what does not belong there is refused."""

from django.utils import timezone

from fulfilment.documents.customs_form import needs_form
from fulfilment.models import FulfilmentOrder, Parcel, ParcelCarton, ParcelLine
from fulfilment.services import identity
from fulfilment.services.abandon_label import abandon_label
from fulfilment.services.advance import advance, begin
from fulfilment.services.claim import claim
from fulfilment.services.insure import insured_value
from inventory.models import Sku
from inventory.services.scan import read
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition, NotFound
from oms.papers.services.request_document import request_document
from orders.customer.reader import reader_of
from orders.models import Note

Status = FulfilmentOrder.Status
BENCH = (Status.RELEASED, Status.PICKING, Status.PACKED)
HEAVIEST_G = 1_000_000
LONGEST_MM = 10_000


@command
def scan(fulfilment_order_id, code, *, parcel=None, actor):
    """Put what `code` names (a SKU, or a barcode with its pieces per scan) into a parcel; return the ParcelLine.

    Into the one open parcel, a new one when there is none. Raises NotFound when it is
    unknown, and Invalid, in words for the packer, when it does not belong to the order or is complete
    already; InvalidTransition when the order must not move.
    """
    work = claim(fulfilment_order_id)
    check_bench(work)
    serial = identity.scanned_serial(work, code)
    sku, pieces = (serial.sku, 1) if serial else read(code)
    lines = _takers(work, sku, pieces)
    if sku.tracking == Sku.Tracking.SERIAL and serial is None:
        raise Invalid(f"Scan the serial number of {sku}, not its code.", field="code")
    lot = identity.scanned_lot(work, sku, code)
    box = open_parcel(work, parcel)
    begin(work, actor=actor)
    for line in lines:
        if not pieces:
            break
        taken = min(pieces, line.to_pack)
        pieces -= taken
        line.packed += taken
        for lot_id, share in identity.of_lots(work, line, taken, first=lot):
            last = _add(box, line, lot_id, share)
    if serial:
        identity.pack_serial(work, last, serial)
    advance(work, actor=actor)
    return last


@command
def undo(parcel_line_id, *, pieces=1, actor):
    """Take `pieces` out of a parcel that has not left, back into the tote; its parcel is open again."""
    row = ParcelLine.objects.select_related("parcel").filter(pk=parcel_line_id).first()
    if row is None:
        raise NotFound("This is not in the parcel any more.")
    work = claim(row.parcel.fulfilment_order_id)
    row = ParcelLine.objects.select_related("parcel").filter(pk=parcel_line_id).first()
    if row is None or not 0 < pieces <= row.quantity:
        raise Invalid("So many pieces are not in the parcel.", field="pieces")
    reopen(work, row.parcel, actor=actor)
    take_out(work, row, pieces)
    advance(work, actor=actor)


@command
def close_parcel(parcel_id, *, weight_g=None, size_mm=(None, None, None), actor):
    """Close a parcel, weighed and measured; the work is PACKED when nothing is left to pack.

    A closed parcel takes a new weight. Raises Invalid when it is empty or the figures make no sense.
    """
    work, parcel = claim_parcel(parcel_id)
    check_bench(work)
    if not parcel.lines.exists():
        raise Invalid("The parcel is empty: scan something into it.", field="parcel")
    if weight_g is not None and not 0 < weight_g <= HEAVIEST_G:
        raise Invalid("Give the weight in grams, up to a tonne.", field="weight_g")
    if any(size is not None and not 0 < size <= LONGEST_MM for size in size_mm):
        raise Invalid("Give the sides in millimetres, up to ten metres.", field="size_mm")
    parcel.weight_g = weight_g or parcel.weight_g or expected_weight(parcel)
    parcel.length_mm, parcel.width_mm, parcel.height_mm = size_mm
    parcel.insured = insured_value(parcel)
    parcel.save(update_fields=["weight_g", "length_mm", "width_mm", "height_mm", "insured"])
    if parcel.status == Parcel.Status.PACKING:
        parcel.move_to(Parcel.Status.PACKED)
        print_slip(parcel, actor=actor)
        print_customs(parcel, actor=actor)
    finish(work, actor=actor)
    return parcel


@command
def read_notes(fulfilment_order_id):
    """The packer has read the pack notes as they are now; newer ones stop the bench again."""
    work = claim(fulfilment_order_id)
    work.fulfilment_order.notes_read_at = timezone.now()
    work.fulfilment_order.save(update_fields=["notes_read_at"])


@command
def set_aside(fulfilment_order_id, reason):
    """Take an order off the bench for `reason` (empty: it is back); what is packed stays packed, and stays here."""
    work = claim(fulfilment_order_id)
    if reason.strip() and work.fulfilment_order.status not in BENCH:
        raise InvalidTransition(f"Order {work.order} is {work.fulfilment_order.state}: it is at no bench.")
    work.fulfilment_order.set_aside = reason.strip()[:200]
    work.fulfilment_order.touched_at = timezone.now()
    work.fulfilment_order.save(update_fields=["set_aside", "touched_at"])


def print_slip(parcel, *, actor):
    """Have the slip of a parcel that was just closed made; one that was opened meanwhile gets a new one."""
    order = parcel.order
    title = f"Packing slip {order}-{parcel}"
    request_document(
        "packing_slip",
        order.subject,
        parcel.pk,
        title=title,
        language=reader_of(order).language,
        new_revision=True,
        actor=actor,
    )


def print_customs(parcel, *, actor):
    """Have the customs declaration of a parcel that was just closed made, where it crosses a border."""
    if needs_form(parcel.fulfilment_order):
        title = f"Customs {parcel.order}-{parcel}"
        request_document("customs_form", parcel.order.subject, parcel.pk, title=title, new_revision=True, actor=actor)


def unread_notes(fulfilment_order):
    """Return the notes for the packer that came since he last confirmed."""
    notes = Note.objects.filter(order=fulfilment_order.order_id, audience=Note.Audience.PACK).order_by("pk")
    read_at = fulfilment_order.notes_read_at
    return list(notes.filter(at__gt=read_at) if read_at else notes)


def check_bench(work):
    """Raise InvalidTransition when the work must not be packed now."""
    work.check_may_move()
    if work.fulfilment_order.status not in BENCH:
        raise InvalidTransition(f"Order {work.order} is {work.fulfilment_order.state}: not to be packed.")
    check_not_aside(work)
    if unread_notes(work.fulfilment_order):
        raise InvalidTransition("Read the note for this order first.")


def check_not_aside(work):
    """Raise InvalidTransition when somebody took the work off the bench and nobody has taken it up again."""
    if reason := work.fulfilment_order.set_aside:
        raise InvalidTransition(f"Order {work.order} is set aside ({reason}): take it up again first.")


def claim_parcel(parcel_id):
    """Lock the work of a parcel and the parcel; return (Work, Parcel). Raises NotFound."""
    fulfilment_order_id = Parcel.objects.filter(pk=parcel_id).values_list("fulfilment_order_id", flat=True).first()
    if fulfilment_order_id is None:
        raise NotFound(f"There is no parcel P{parcel_id}.")
    work = claim(fulfilment_order_id)
    return work, Parcel.objects.select_for_update(of=("self",)).get(pk=parcel_id)


def open_parcel(work, pk=None):
    """Return the work's parcel `pk`, or its open one, or a new one. Raises Invalid when `pk` is closed."""
    parcels = Parcel.objects.lock_of(work.fulfilment_order)
    for parcel in parcels:
        if parcel.status == Parcel.Status.PACKING and pk in (None, parcel.pk):
            return parcel
    if pk is not None:
        raise Invalid("This parcel is closed. Scan into a new one.", field="parcel")
    number = work.fulfilment_order.parcels.free_number()
    return Parcel.objects.create(
        order=work.order, fulfilment_order=work.fulfilment_order, number=number, status=Parcel.Status.PACKING
    )


def finish(work, *, actor):
    """The work is PACKED when all that is wanted is picked, and packed in closed parcels."""
    row = work.fulfilment_order
    if row.status != Status.PICKING or any(line.packed != line.wanted for line in work.lines):
        return
    if not row.parcels.filter(status=Parcel.Status.PACKING).exists():
        row.move_to(Status.PACKED, order=work.order, actor=actor)


def reopen(work, parcel, *, actor):
    """Make a parcel that has not left open again, and its work unpacked; a label that was bought for it goes back."""
    if parcel.status == Parcel.Status.PACKED:
        parcel.move_to(Parcel.Status.PACKING)
        parcel.sealed_at = None
        parcel.save(update_fields=["sealed_at"])
        ParcelCarton.objects.filter(parcel=parcel).delete()
    if parcel.status != Parcel.Status.PACKING:
        raise InvalidTransition(f"Parcel {parcel} is {parcel.state}; take the shipment back first.")
    abandon_label(work.order, parcel, actor=actor)
    if work.fulfilment_order.status in (Status.PACKED, Status.READY_FOR_PICKUP):
        work.fulfilment_order.move_to(Status.PICKING, order=work.order, actor=actor)


def take_out(work, row, pieces):
    """Take `pieces` of a ParcelLine out of its open parcel; an empty parcel is CANCELLED."""
    work.line(row.fulfilment_line_id).packed -= pieces
    parcel = row.parcel
    identity.take_out(row, pieces)
    if pieces == row.quantity:
        row.delete()
    else:
        row.quantity -= pieces
        row.save(update_fields=["quantity"])
    if not parcel.lines.exists():
        parcel.move_to(Parcel.Status.CANCELLED)


def expected_weight(parcel):
    """Return what the goods of a parcel weigh by their SKUs, in grams; None where nothing is known."""
    rows = parcel.lines.select_related("sku")
    return sum(row.quantity * row.sku.weight_g for row in rows) or None


def _takers(work, sku, pieces):
    """Return the lines that `pieces` of `sku` go to; raises Invalid, saying what is wrong with them."""
    lines = [line for line in work.lines if line.sku_id == sku.pk and line.wanted]
    if not lines:
        raise Invalid(f"{sku} does not belong to order {work.order}. Put it aside.", field="code")
    room = sum(line.to_pack for line in lines)
    if room == 0:
        wanted = sum(line.wanted for line in lines)
        packed = sum(line.packed for line in lines)
        text = f"All {wanted} of {sku} are packed already." if packed == wanted else f"{sku} is not picked yet."
        raise Invalid(text, field="code")
    if pieces > room:
        raise Invalid(f"This is a pack of {pieces}, and only {room} of {sku} belong in. Open it.", field="code")
    return [line for line in lines if line.to_pack]


def _add(parcel, line, lot_id, pieces):
    row, is_new = ParcelLine.objects.get_or_create(
        parcel=parcel, fulfilment_line=line, lot_id=lot_id, defaults={"sku_id": line.sku_id, "quantity": pieces}
    )
    if not is_new:
        row.quantity += pieces
        row.save(update_fields=["quantity"])
    return row
