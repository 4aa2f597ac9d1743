"""One warehouse for a bench of a day: its floor, the demo's goods in bins, cartons, carriers that publish rates."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import cycle, product

from django.core.files.uploadedfile import SimpleUploadedFile

from fulfilment.models import Carrier, WavePreset
from fulfilment.services.publish_rates import publish_rates
from inventory.models import Bin, Location, Sku, SkuBarcode
from inventory.services import stock
from inventory.services.draw_floor import AisleIn, draw
from oms.lib.commands import command
from oms.management.bench.day_card import CARD
from oms.management.demo import catalogue, network
from orders.models import Lane

AISLES = [f"{zone}{number}" for zone in "AB" for number in range(1, 6)]
CROSS_CM = [0, 1500, 3000]
FREE = 8  # pieces of a SKU beyond what is ordered, in each of its two bins
SCARCE = 10  # each so manieth SKU lies in one bin, as much as is ordered


def make_place(*, totes):
    """Write the warehouse with its floor plan, cartons and a preset of waves of carts of `totes`; returns it."""
    address = {"name": "Warehouse", "line1": "Am Westhafen 3", "postcode": "13353", "city": "Berlin", "country": "DE"}
    place = Location.objects.create(code="DAY", name="Warehouse", tz="Europe/Berlin", address=address)
    draw(place, [AisleIn(code, 350 * i) for i, code in enumerate(AISLES)], CROSS_CM, start=("A5", CROSS_CM[-1]))
    lanes = [("DE", "standard", 4, 2), ("DE", "express", 9, 1), ("*", "standard", 12, 5), ("*", "express", 30, 3)]
    for zone, method, base, days in lanes:
        Lane.objects.create(location=place, zone=zone, method=method, base=base, transit_days=days)
    network.cartons()
    WavePreset.objects.create(location=place, name="All", due="any", most_orders=1000, totes=totes)
    return place


def make_carrier(code, name, currency):
    """Write a carrier that charges by CARD, in `currency`."""
    carrier = Carrier.objects.create(code=code, name=name, plugin="rate_table")
    file = SimpleUploadedFile("card.json", json.dumps(CARD).encode())
    publish_rates(file, carrier=carrier, name="Parcels", currency=currency, valid_from=date(2026, 1, 1))


def make_goods():
    """Write the demo's goods without its pictures, each with a barcode; returns {Sku: price}."""
    skus, prices = [], []
    families = [family for family in catalogue.FAMILIES if family[1] not in catalogue.BULKY]
    for (name, code, price, weight, *size, is_fragile, _), colour in product(families, catalogue.COLOURS):
        sku = Sku(code=f"{code}-{colour.upper()}", name=f"{name}, {colour.lower()}", weight_g=weight)
        sku.length_mm, sku.width_mm, sku.height_mm = size
        sku.is_fragile, sku.origin, sku.hs_code = is_fragile, "PT", "691200"
        skus.append(sku)
        prices.append(Decimal(price))
    Sku.objects.bulk_create(skus)
    SkuBarcode.objects.bulk_create(
        SkuBarcode(sku=sku, code=catalogue.ean13(400_000_000_000 + number)) for number, sku in enumerate(skus)
    )
    return dict(zip(skus, prices, strict=True))


class Shelves:
    """The bins of a place, filled in an order that `dice` makes."""

    def __init__(self, place, dice):
        self.place = place
        spots = list(product(AISLES, range(100, CROSS_CM[-1], 100), ("left", "right"), range(2)))
        dice.shuffle(spots)
        self.spots = cycle(spots)
        self.received = Counter()

    @command
    def fill(self, wanted):
        """Receive what is `wanted` ({Sku: pieces}), most of it with some to spare, in two bins."""
        moves = []
        for number, (sku, pieces) in enumerate(wanted.items()):
            is_scarce = number % SCARCE == SCARCE - 1
            for part in [pieces] if is_scarce else [pieces // 2 + FREE, pieces - pieces // 2 + FREE]:
                moves.append(stock.Move(sku.pk, self.place.pk, stock.ON_HAND, part, self.bin().pk))
                self.received[sku.pk] += part
        stock.post(moves, "receive")

    def put_away(self, sku, pieces):
        """Carry what an import left at the dock to a bin, and receive some to spare in another."""
        dock = stock.system_bin(self.place, Bin.Kind.DOCK)
        stock.move(sku, dock, self.bin(), pieces)
        spare = pieces // 4 + FREE
        stock.receive(sku, self.place, spare, bin=self.bin())
        self.received[sku.pk] += pieces + spare

    def bin(self):
        """Return a new Bin at the next free spot."""
        aisle, position, side, level = next(self.spots)
        code = f"{aisle}-{position // 100}{side[0].upper()}-{level}"
        where = {"zone": aisle[0], "aisle": aisle, "position_cm": position, "side": side, "level": level}
        return Bin.objects.create(location=self.place, code=code, **where)
