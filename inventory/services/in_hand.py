"""Which lot, or which numbers, the pieces have that somebody holds in his hands, where the bin leaves a doubt."""

from django.db import transaction

from inventory.models import BinStock, Lot, Serial, Sku
from inventory.services import serials as numbered
from inventory.services import stock
from inventory.services.identify import number_of, read
from inventory.services.once import is_booked
from oms.lib.commands import command
from oms.lib.errors import Invalid

State = Serial.State


@command
def adjust(sku, location, delta, *, reason, bin=None, lot="", serials=(), key=None, actor="system"):
    """Correct what is on hand as `stock.adjust` does; of a SKU kept by lot or serial it must be said which pieces.

    Numbers that were written off and are found again come back.
    """
    which = {}
    if is_booked(key):  # the pieces are where they went
        return False
    if sku.tracking != Sku.Tracking.NONE and delta:
        if bin is None:
            raise Invalid(f"{sku} is kept by {sku.tracking}: say in which bin.", field="bin")
        which = in_hand(sku, bin, -delta, lot=lot, serials=serials)
    return stock.adjust(sku, location, delta, reason=reason, bin=bin, **which, key=key, actor=actor)


@command
def try_adjust(*args, **kwargs):
    """Raise what `adjust` would of the same, and change nothing."""
    with transaction.atomic():
        adjust(*args, **kwargs)
        transaction.set_rollback(True)


@command
def move(sku, source, target, pieces, *, lot="", serials=(), key=None, actor="system"):
    """Carry pieces as `stock.move` does, those that `lot` and `serials` name; returns the same."""
    if is_booked(key):
        return False
    stock.check_quantity(pieces)
    which = in_hand(sku, source, pieces, lot=lot, serials=serials)
    return stock.move(sku, source, target, pieces, **which, key=key, actor=actor)


def in_hand(sku, bin, pieces, *, lot="", serials=()):
    """Return what `stock` is told of `pieces` that leave `bin`, or come in when negative: {"lot"} or {"serials"}.

    `lot` is its code, `serials` a number for each piece, as typed or as on GS1 labels. Neither need be
    said where the bin leaves no doubt: one lot lies there, or all pieces go. {} for other SKUs. To be
    called in a command: what was scanned corrects what was assumed. Raises Invalid for a lot or a number
    that is not known, does not lie there, or is missing.
    """
    if sku.tracking == Sku.Tracking.LOT:
        return {"lot": _lot(sku, bin, pieces, (read(lot).lot or lot).strip().upper())}
    if sku.tracking == Sku.Tracking.SERIAL:
        codes = [number_of(code).strip().upper() for code in serials]
        return {"serials": _leaving(sku, bin, pieces, codes) if pieces > 0 else _found(sku, -pieces, codes)}
    return {}


def only_lot(sku, bin):
    """Return the one Lot of which pieces lie in `bin`, or None where there are several, or none."""
    lots = Lot.objects.filter(sku=sku, held__bin=bin, held__quantity__gt=0)[:2]
    return lots[0] if len(lots) == 1 else None


def _lot(sku, bin, pieces, code):
    held = BinStock.objects.filter(sku=sku, bin=bin, quantity__gt=0)
    if not code:
        lot = only_lot(sku, bin)
        if lot is None and pieces != sum(held.values_list("quantity", flat=True)):
            raise Invalid(f"{sku} is kept by lot: scan the lot, or type it.", field="lot")
        return lot
    lot = Lot.objects.filter(sku=sku, code=code).first()
    if lot is None:
        raise Invalid(f"{sku} has no lot {code[:40]}: read the label again, or receive it.", field="lot")
    if pieces > 0 and not held.filter(lot=lot).exists():
        raise Invalid(f"Lot {lot} of {sku} does not lie in {bin} by the book.", field="lot")
    return lot


def _leaving(sku, bin, pieces, codes):
    """Return the [Serial] that leave `bin`; none where all of them do."""
    here = Serial.objects.filter(sku=sku, bin=bin, state=State.IN_STOCK).count()
    if not codes and pieces == here:
        return ()
    found = _known(sku, pieces, codes)
    for serial in found:
        if serial.state != State.IN_STOCK:
            raise Invalid(f"Serial {serial} of {sku} {serial.whereabouts}.", field="serials")
        numbered.found_in(serial, bin)
    return tuple(found)


def _found(sku, pieces, codes):
    """Return the [Serial] that were written off and are there again."""
    found = _known(sku, pieces, codes)
    for serial in found:
        if serial.state != State.SCRAPPED:
            raise Invalid(f"Serial {serial} of {sku} was never lost: it {serial.whereabouts}.", field="serials")
    return tuple(found)


def _known(sku, pieces, codes):
    if len(codes) != pieces:
        raise Invalid(f"Scan the serial number of each: {len(codes)} of {pieces} so far.", field="serials")
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise Invalid(f"Serial {twice[0][:40]} was scanned twice.", field="serials")
    found = {row.code: row for row in Serial.objects.filter(sku=sku, code__in=codes).select_related("bin")}
    if unknown := [code for code in codes if code not in found]:
        raise Invalid(f"Serial {unknown[0][:40]} of {sku} is not known: receive it.", field="serials")
    return [found[code] for code in codes]
