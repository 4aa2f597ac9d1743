"""Pieces that must not be sold until somebody has looked at them: they lie in a QUARANTINE bin."""

from inventory.models import Bin
from inventory.services import stock
from inventory.services.bins import system_bin
from oms.lib.commands import command


@command
def put(sku, source, quantity, *, subject="", actor="system"):
    """Carry pieces from bin `source` into the location's QUARANTINE; the newest promises on them are broken."""
    target = system_bin(source.location, Bin.Kind.QUARANTINE)
    stock.move(sku, source, target, quantity, reason="quarantine", subject=subject, actor=actor)


@command
def clear(sku, target, quantity, *, subject="", actor="system"):
    """Carry pieces that turned out well from QUARANTINE into bin `target`: they can be sold again."""
    source = system_bin(target.location, Bin.Kind.QUARANTINE)
    stock.move(sku, source, target, quantity, reason="clear", subject=subject, actor=actor)


@command
def scrap(sku, location, quantity, *, subject="", actor="system"):
    """Write pieces in QUARANTINE off."""
    stock.check_quantity(quantity)
    unfit = system_bin(location, Bin.Kind.QUARANTINE)
    stock.adjust(sku, location, -quantity, reason="write_off", bin=unfit, subject=subject, actor=actor)
