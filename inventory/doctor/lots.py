"""Proofs about lots and serials: each lies where the ledger says, and each piece with a number exactly once."""

from collections import Counter

from django.db.models import Count, F, Q, Sum

from inventory.models import BinStock, Serial, Sku, StockEntry, StockLevel
from oms.lib.doctor import Violation, check

TRACKED = Sku.Tracking
Bucket = StockEntry.Bucket


@check(4, "bins hold of each lot what the ledger booked")
def lots_are_booked():
    """Open the level in the console (Stock levels) and choose Rebuild from the ledger; then count the SKU there."""
    key = ("sku__code", "bin__code", "lot__code", "bin__location__code")
    entries = StockEntry.objects.filter(sku__tracking=TRACKED.LOT, bucket=Bucket.ON_HAND)
    held = BinStock.objects.filter(sku__tracking=TRACKED.LOT)
    booked = {tuple(row): n for *row, n in entries.order_by().values_list(*key).annotate(n=Sum("delta"))}
    there = {tuple(row): n for *row, n in held.order_by().values_list(*key).annotate(n=Sum("quantity"))}
    for row in sorted(booked.keys() | there.keys(), key=str):
        if booked.get(row, 0) != there.get(row, 0):
            sku, bin, lot, location = row
            text = f"bin {bin} holds {there.get(row, 0)} of lot {lot}, the ledger booked {booked.get(row, 0)}"
            yield Violation(4, f"{sku} at {location}", text)


@check(4, "withheld pieces are counted as unavailable")
def withheld_is_unavailable():
    """Take the difference out of sale on the level's page in the console (Stock levels, Out of sale)."""
    held = BinStock.objects.filter(Q(withheld__gt=0) | Q(bin__kind="quarantine", sku__tracking=TRACKED.LOT))
    withheld = Counter()
    for row in held.select_related("bin").iterator():
        pieces = row.quantity if row.bin.kind == "quarantine" else row.withheld
        withheld[row.sku_id, row.bin.location_id] += pieces
    levels = StockLevel.objects.filter(sku__in={sku for sku, _ in withheld}).select_related("sku", "location")
    for level in levels.order_by("pk"):
        pieces = withheld[level.sku_id, level.location_id]
        if pieces > level.unavailable:
            text = f"{pieces} are withheld, {level.unavailable} unavailable"
            yield Violation(4, f"{level.sku} at {level.location}", text)


@check(4, "as many serials lie in a bin as pieces")
def serials_are_on_hand():
    """Receive the numbers that are missing, and write off what is not there, on the stock desk."""
    lying = Serial.objects.filter(state=Serial.State.IN_STOCK).order_by()
    lying = lying.values_list("sku__code", "bin__code", "bin__location__code").annotate(n=Count("pk"))
    numbered = {tuple(row): n for *row, n in lying}
    held = BinStock.objects.filter(sku__tracking=TRACKED.SERIAL).order_by()
    held = held.values_list("sku__code", "bin__code", "bin__location__code").annotate(n=Sum("quantity"))
    there = {tuple(row): n for *row, n in held}
    for row in sorted(numbered.keys() | there.keys()):
        if numbered.get(row, 0) != there.get(row, 0):
            sku, bin, location = row
            text = f"bin {bin} holds {there.get(row, 0)} and {numbered.get(row, 0)} serials"
            yield Violation(4, f"{sku} at {location}", text)


@check(4, "a serial lies at the location of its bin")
def serials_lie_in_one_place():
    """Find the piece, and move it to the bin in which it is."""
    astray = Serial.objects.filter(bin__isnull=False).exclude(location=F("bin__location"))
    for serial in astray.select_related("sku", "bin", "location").order_by("pk").iterator():
        yield Violation(4, f"{serial.sku} {serial}", f"is said to be at {serial.location} and in its bin {serial.bin}")
