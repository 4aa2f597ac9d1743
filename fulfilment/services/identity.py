"""Which pieces are in a parcel: their lots as picked, their serial numbers as scanned."""

from collections import Counter

from django.db.models import Sum

from fulfilment.models import Parcel, ParcelLine, ParcelSerial
from inventory.models import Bin, Serial, Sku, StockEntry
from inventory.services import identify, serials, stock
from oms.lib.errors import Invalid

INSIDE = (Parcel.Status.PACKING, Parcel.Status.PACKED)


def scanned_serial(work, code):
    """Return the Serial in stock that `code`, a number or a GS1 label, names among the work's SKUs, or None."""
    skus = {line.sku_id for line in work.lines if line.sku.tracking == Sku.Tracking.SERIAL}
    if not skus:
        return None
    label = identify.read(code).serials
    number = (label[0] if label else code).strip().upper()
    found = Serial.objects.filter(sku__in=skus, code=number).select_related("sku", "bin").first()
    if found is None and label:
        raise Invalid(f"Serial {number[:40]} is not known: was it received?", field="code")
    return found


def pack_serial(work, row, serial):
    """Note that `serial` is in the ParcelLine `row`; raises Invalid when it is in another, gone, or not here."""
    if serial.state == Serial.State.SCRAPPED and serial.is_assumed and (loose := loose_serials(work, serial.sku)):
        serials.found_for(serial, loose[0])
    if serial.state != Serial.State.IN_STOCK:
        raise Invalid(f"Serial {serial} of {serial.sku} {serial.whereabouts}: not to be packed.", field="code")
    if ParcelSerial.objects.filter(serial=serial, line__parcel__status__in=INSIDE).exists():
        raise Invalid(f"Serial {serial} of {serial.sku} is packed already.", field="code")
    if work.location.tracks_stock:
        serials.found_in(serial, stock.system_bin(work.location, Bin.Kind.STAGE))
    ParcelSerial.objects.create(line=row, serial=serial)


def take_out(row, pieces):
    """Forget the serials of the `pieces` of a ParcelLine that were scanned last."""
    newest = list(row.serials.order_by("-pk")[:pieces])
    serials.doubt([one.serial_id for one in newest])
    ParcelSerial.objects.filter(pk__in=[one.pk for one in newest]).delete()


def of_lots(work, line, pieces, *, first=None):
    """Return [(lot id or None, pieces)] of the lots picked for the order that are in no parcel yet, `first` first."""
    if line.sku.tracking != Sku.Tracking.LOT or not work.location.tracks_stock:
        return [(None, pieces)]
    shares = []
    # Those of no lot last: they leave as whatever is there then.
    for lot_id, there in sorted(
        at_hand(work, line.sku_id).items(), key=lambda share: (share[0] is None, share[0] != first)
    ):
        taken = min(pieces, there)
        if taken > 0:
            shares.append((lot_id, taken))
            pieces -= taken
    return shares + ([(None, pieces)] if pieces else [])


def loose_serials(work, sku):
    """Return the [Serial] of a SKU in STAGE that are in no parcel, those picked for the order first."""
    if sku.tracking != Sku.Tracking.SERIAL:
        return []
    inside = ParcelSerial.objects.filter(line__parcel__status__in=INSIDE).values("serial")
    rows = Serial.objects.filter(sku=sku, location=work.location, bin__kind=Bin.Kind.STAGE).exclude(pk__in=inside)
    return sorted(rows.order_by("pk"), key=lambda row: row.subject != work.order.subject)


def scanned_lot(work, sku, code):
    """Return the id of the lot that the scanned label `code` names, or None; Invalid when it was not picked."""
    name = identify.read(code).lot.upper() if sku.tracking == Sku.Tracking.LOT else ""
    if not name:
        return None
    here = [pk for pk, pieces in at_hand(work, sku.pk).items() if pieces > 0]
    lot = sku.lots.filter(code=name, pk__in=here).first()
    if lot is None:
        raise Invalid(f"Lot {name[:20]} of {sku} was not picked for order {work.order}. Put it aside.", field="code")
    return lot.pk


def of_line(row):
    """Return how the ledger is told of a ParcelLine: its lot, and its serials where each was scanned."""
    numbers = tuple(one.serial for one in row.serials.select_related("serial"))
    return {"lot_id": row.lot_id, "serials": numbers if len(numbers) == row.quantity else ()}


def at_hand(work, sku_id):
    """Return {lot id or None: pieces of the order in STAGE that are in no parcel}."""
    entries = StockEntry.objects.filter(subject=work.order.subject, sku=sku_id, bin__kind=Bin.Kind.STAGE)
    entries = entries.filter(location=work.location, bucket=StockEntry.Bucket.ON_HAND).order_by()
    there = Counter(dict(entries.values_list("lot_id").annotate(n=Sum("delta"))))
    inside = ParcelLine.objects.filter(parcel__order=work.order, parcel__status__in=INSIDE, sku=sku_id).order_by()
    inside = inside.filter(parcel__fulfilment_order__location=work.location)
    there.subtract(dict(inside.values_list("lot_id").annotate(n=Sum("quantity"))))
    return there
