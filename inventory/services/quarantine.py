"""Pieces that must not be sold until somebody has looked at them: they lie in a QUARANTINE bin.

`lot` and `serials` say which pieces they are, see `in_hand`. Each returns whether it was booked: a second call
with `key` does nothing.
"""

from inventory.models import Bin
from inventory.services import stock
from inventory.services.bins import system_bin
from inventory.services.in_hand import in_hand
from inventory.services.once import is_booked
from oms.lib.clock import today_at
from oms.lib.commands import command
from oms.lib.errors import Invalid


@command
def put(sku, source, quantity, *, lot="", serials=(), subject="", key=None, actor="system"):
    """Carry pieces from bin `source` into the location's QUARANTINE; the newest promises on them are broken."""
    if is_booked(key):
        return False
    target = system_bin(source.location, Bin.Kind.QUARANTINE)
    which = in_hand(sku, source, quantity, lot=lot, serials=serials)
    return stock.move(
        sku, source, target, quantity, **which, reason="quarantine", subject=subject, key=key, actor=actor
    )


@command
def clear(sku, target, quantity, *, lot="", serials=(), subject="", key=None, actor="system"):
    """Carry pieces that turned out well from QUARANTINE into bin `target`: they can be sold again.

    Raises Invalid for a lot that expired or is blocked.
    """
    if is_booked(key):
        return False
    source = system_bin(target.location, Bin.Kind.QUARANTINE)
    which = in_hand(sku, source, quantity, lot=lot, serials=serials)
    if which.get("lot") and (why := which["lot"].why_withheld(today_at(target.location))):
        raise Invalid(f"{why}. Scrap it, or send it back.", field="lot")
    return stock.move(sku, source, target, quantity, **which, reason="clear", subject=subject, key=key, actor=actor)


@command
def scrap(sku, location, quantity, *, lot="", serials=(), subject="", key=None, actor="system"):
    """Write pieces in QUARANTINE off."""
    if is_booked(key):
        return False
    stock.check_quantity(quantity)
    unfit = system_bin(location, Bin.Kind.QUARANTINE)
    which = in_hand(sku, unfit, quantity, lot=lot, serials=serials)
    return stock.adjust(
        sku, location, -quantity, reason="write_off", bin=unfit, **which, subject=subject, key=key, actor=actor
    )
