"""Goods kept by lot, with their last days, and by serial number: delivered, sold, one lot called back."""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from inventory.models import Bin, Location, Lot, Sku, SkuBarcode, Supplier, SupplierPrice, SupplierSku
from inventory.services import approve_purchase, draft_purchase, put_away, send_purchase, withhold
from inventory.services.bins import system_bin
from inventory.services.identify import Identity
from inventory.services.receive_delivery import receive
from oms.lib.clock import today_at
from oms.lib.commands import command
from oms.management.demo.catalogue import ean13
from oms.management.demo.customers import customer
from oms.management.demo.lives import live
from oms.management.demo.network import FOOD_AISLE
from orders.models import Price
from orders.services.intake import LineIn, OrderIn

BUYER, SECOND = "user:1", "system"
PIECES = 24  # of each lot
# code, name, gross price, {lot: days until its last day}; the first of some are over
FOOD = (
    ("OIL-500", "Olive oil 500 ml", "12.90", {"OL-2411": -9, "OL-2502": 12, "OL-2507": 240}),
    ("ESPRESSO-500", "Espresso beans 500 g", "14.50", {"EB-0310": 6, "EB-0420": 95}),
    ("TEA-ASSAM", "Assam tea 250 g", "8.90", {"AT-118": 21, "AT-121": 400}),
    ("HONEY-350", "Forest honey 350 g", "7.40", {"FH-77": 180, "FH-78": 500}),
)
BLOCKED = "FH-77"
# code, name, gross price, beginning of the numbers
MACHINES = (
    ("MACHINE-ONE", "Espresso machine, one group", "749.00", "EM1-2600"),
    ("GRINDER", "Coffee grinder", "199.00", "CG-5510"),
)
NUMBERS = 8
# What is ordered of them, and how far each order is taken.
ORDERS = (
    ({"OIL-500": 2, "MACHINE-ONE": 1}, "shipped"),
    ({"ESPRESSO-500": 3, "GRINDER": 1}, "handed_over"),
    ({"OIL-500": 1, "TEA-ASSAM": 2}, "delivered"),
    ({"ESPRESSO-500": 2}, "resolved"),
    ({"MACHINE-ONE": 1, "GRINDER": 1}, "picked"),
    ({"TEA-ASSAM": 1, "HONEY-350": 1}, "open"),
)


@command
def make(channels):
    """Write what is missing of them: goods, the delivery of each lot and number, orders in `channels`' web shop."""
    if Sku.objects.filter(code=FOOD[0][0]).exists():
        return
    supplier = _supplier()
    food = {_sku(supplier, channels, *row[:3], "lot"): row[3] for row in FOOD}
    machines = {_sku(supplier, channels, *row[:3], "serial"): row[3] for row in MACHINES}
    place = Location.objects.get(code="BER")
    order = _bought(supplier, place, food, machines)
    for number, (sku, lots) in enumerate(food.items(), start=1):
        where = {"zone": "F", "aisle": FOOD_AISLE, "side": "left", "position_cm": 200 * number}
        _deliver_lots(order, sku, lots, Bin.objects.create(location=place, code=f"F1-{number}", **where))
    for sku, prefix in machines.items():
        codes = [f"{prefix}{number:02d}" for number in range(1, NUMBERS + 1)]
        receive(sku, place, NUMBERS, order=order, note="LS-9001", identity=Identity(serials=codes), actor=BUYER)
    _let_expire()
    for number, (pieces, stage) in enumerate(ORDERS, start=1):
        _order(channels["WEB"], pieces, stage, number)
    withhold.block(Lot.objects.get(code=BLOCKED).pk, "Supplier's recall: splinters of glass", actor=BUYER)


def _supplier():
    fields = {"name": "Genuss & Maschine OHG", "email": "orders@genuss.example", "language": "de", "lead_days": 5}
    address = {"line1": "Hafenweg 8", "postcode": "28217", "city": "Bremen", "country": "DE"}
    return Supplier.objects.create(code="GENUSS", address=address, lead_days_late=8, **fields)


def _sku(supplier, channels, code, name, price, tracking):
    cost = (Decimal(price) * Decimal("0.5")).quantize(Decimal("0.01"))
    sku = Sku.objects.create(code=code, name=name, tracking=tracking, weight_g=600, unit_cost=cost, origin="DE")
    SkuBarcode.objects.create(sku=sku, code=ean13(400_950_000_000 + sku.pk))
    Price.objects.bulk_create(Price(channel=channel, sku=sku, amount=price) for channel in channels.values())
    row = SupplierSku.objects.create(supplier=supplier, sku=sku, code=f"GM-{sku.pk}", is_preferred=True)
    SupplierPrice.objects.create(supplier_sku=row, min_quantity=1, cost=cost)
    return sku


def _bought(supplier, place, food, machines):
    pieces = {sku: PIECES * len(lots) for sku, lots in food.items()} | dict.fromkeys(machines, NUMBERS)
    order = draft_purchase.draft(supplier, place, pieces, key="demo-traced", actor=BUYER)
    approve_purchase.approve(order.pk, actor=SECOND)
    return send_purchase.send(order.pk, actor=BUYER)


def _deliver_lots(order, sku, lots, shelf):
    """Receive each lot as fresh, for the dock takes nothing that expired, and put it away."""
    dock, today = system_bin(order.location, Bin.Kind.DOCK), today_at(order.location)
    for code, days in lots.items():
        identity = Identity(lot=code, expires_on=today + timedelta(days=max(days, 0)))
        receive(sku, order.location, PIECES, order=order, note="LS-9001", identity=identity, actor=BUYER)
        put_away.put_away(sku, dock, shelf, PIECES, lot=code, actor=BUYER)


def _let_expire():
    """The days of some lots are over: the demo has a past."""
    today = timezone.localdate()
    for _, _, _, lots in FOOD:
        for code, days in lots.items():
            if days < 0:
                Lot.objects.filter(code=code).update(expires_on=today + timedelta(days=days))
    withhold.withhold_due()


def _order(channel, pieces, stage, number):
    chance = random.Random(700 + number)
    email, phone, address = customer(chance)
    order_in = OrderIn(
        channel=channel,
        external_id=f"TRACED-{number}",
        lines=[LineIn(code, quantity) for code, quantity in pieces.items()],
        email=email,
        phone=phone,
        ship_to=address,
    )
    live(order_in, stage, chance)
