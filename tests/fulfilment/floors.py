"""Makers of floors: a drawn plan, bins with a place on it."""

from inventory.models import Bin
from inventory.services import stock
from inventory.services.draw_floor import AisleIn, draw
from tests.make import make_location, make_sku
from tests.replay import replayed


@replayed
def make_floor(location=None, *, aisles=3, cross=(0, 20), ways=(), **fields):
    """A location whose plan has aisles A1, A2 … 4 m apart, and cross-aisles at `cross` (metres)."""
    location = location or make_location()
    rows = [AisleIn(f"A{i + 1}", 400 * i, ways[i] if ways else "both") for i in range(aisles)]
    draw(location, rows, [100 * y for y in cross], **fields)
    return location


@replayed
def make_place(location, aisle, metres, *, sku=None, quantity=9, **fields):
    """A bin `metres` down an aisle, with a SKU of its own in it; returns (Bin, Sku)."""
    number = location.bins.count() + 1
    fields = {"code": f"{aisle}-{number}", "side": "left"} | fields
    bin_ = Bin.objects.create(location=location, aisle=aisle, position_cm=round(metres * 100), **fields)
    sku = sku or make_sku()
    if quantity:
        stock.receive(sku, location, quantity, bin=bin_)
    return bin_, sku
