"""Five suppliers who sell all goods, and purchase orders in every state of life."""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from inventory.models import Location, PurchaseLine, PurchaseOrder, Receipt, Supplier, SupplierPrice, SupplierSku
from inventory.services import (
    approve_purchase,
    confirm_purchase,
    draft_purchase,
    end_purchase,
    land_costs,
    send_purchase,
)
from inventory.services.receive_delivery import receive
from oms.partners.models import Partner

ACTOR, SECOND = "user:1", "system"
# code, name, town, postcode, country, language, usual and late days, approval limit, free freight from
SUPPLIERS = (
    ("MINHO", "Porcelanas do Minho Lda.", "Braga", "4700-001", "PT", "en", 18, 26, 4000, 1500),
    ("WESTER", "Westerwald Keramik GmbH", "Höhr-Grenzhausen", "56203", "DE", "de", 7, 11, 3000, 800),
    ("LINEA", "Linea Casa S.r.l.", "Vicenza", "36100", "IT", "en", 12, 19, None, 1000),
    ("PAPIER", "Papierwerk Nord KG", "Lübeck", "23552", "DE", "de", 4, 6, None, 300),
    ("LICHT", "Lichtblick Leuchten GmbH", "Linz", "4020", "AT", "de", 21, 30, 5000, None),
)
# How far each order is taken; the last day is how many days ago it was sent.
LIVES = (
    ("draft", 0),
    ("draft", 0),
    ("approved", 0),
    ("sent", 2),
    ("sent", 40),
    ("confirmed", 5),
    ("part_received", 12),
    ("received", 30),
    ("received", 45),
    ("received", 60),
    ("closed_short", 50),
    ("cancelled", 8),
)


def make(goods):
    """Write what is missing of suppliers, their prices and their orders for `goods` ([Sku])."""
    chance = random.Random(17)
    goods = sorted((sku for sku in goods if sku.is_stocked), key=lambda sku: sku.code)
    suppliers = [_supplier(*row) for row in SUPPLIERS]
    families = sorted({sku.code.split("-")[0] for sku in goods})
    of_family = {family: suppliers[i % len(suppliers)] for i, family in enumerate(families)}
    for i, sku in enumerate(goods):
        first = of_family[sku.code.split("-")[0]]
        _sells(first, sku, i, is_preferred=True)
        if i % 9 == 0:
            _sells(suppliers[(suppliers.index(first) + 1) % len(suppliers)], sku, i, dearer=Decimal("1.08"))
    places = list(Location.objects.filter(code__in=["BER", "HAM", "MUC"]).order_by("code"))
    for number, (stage, days) in enumerate(LIVES, start=1):
        _life(number, stage, days, suppliers[number % len(suppliers)], places[number % len(places)], chance)


def _supplier(code, name, city, postcode, country, language, days, late, limit, freight):
    address = {"line1": "Industriestr. 4", "postcode": postcode, "city": city, "country": country}
    fields = {
        "name": name,
        "email": f"orders@{code.lower()}.example",
        "address": address,
        "account_number": f"K-{len(name)}{len(city)}7",
        "language": language,
        "lead_days": days,
        "lead_days_late": late,
        "approval_over": limit,
        "free_freight_from": freight,
    }
    if code == "MINHO":
        fields["partner"] = Partner.objects.get_or_create(code="MINHO", defaults={"name": name})[0]
    return Supplier.objects.get_or_create(code=code, defaults=fields)[0]


def _sells(supplier, sku, i, *, is_preferred=False, dearer=Decimal(1)):
    pack = (1, 6, 12)[i % 3]
    fields = {"code": f"{supplier.code[:2]}{10_000 + 7 * i}", "moq": pack * (2 + i % 3), "pack_size": pack}
    row, is_new = SupplierSku.objects.get_or_create(
        supplier=supplier, sku=sku, defaults=fields | {"is_preferred": is_preferred}
    )
    if is_new:
        cost = (sku.unit_cost * dearer).quantize(Decimal("0.01"))
        steps = ((1, cost), (100, (cost * Decimal("0.92")).quantize(Decimal("0.01"))))
        SupplierPrice.objects.bulk_create(SupplierPrice(supplier_sku=row, min_quantity=n, cost=c) for n, c in steps)


def _life(number, stage, days, supplier, place, chance):
    key = f"demo-{number}"
    if PurchaseOrder.objects.filter(key=key).exists():
        return
    listed = list(SupplierSku.objects.with_prices().filter(supplier=supplier, is_preferred=True).order_by("pk"))
    chosen = chance.sample(listed, 3 + number % 4)
    pieces = {row.sku: row.orderable(chance.randint(20, 60)) for row in chosen}
    if stage == "draft":
        pieces = {sku: quantity + 1 for sku, quantity in pieces.items()}  # packs to mend: what advice looks like
    order = draft_purchase.draft(supplier, place, pieces, key=key, actor=ACTOR)
    if stage == "draft":
        return
    approve_purchase.approve(order.pk, actor=SECOND)
    if stage == "approved":
        return
    send_purchase.send(order.pk, actor=ACTOR)
    _backdate(order, days)
    if stage == "cancelled":
        end_purchase.cancel(order.pk, reason="Found cheaper", actor=ACTOR)
    elif stage != "sent":
        _deliver(order, stage)


def _backdate(order, days):
    """Sent so many days ago: the demo has a past."""
    moment = timezone.now() - timedelta(days=days)
    PurchaseOrder.objects.filter(pk=order.pk).update(sent_at=moment, created_at=moment, approved_at=moment)
    for line in order.lines.all():
        PurchaseLine.objects.filter(pk=line.pk).update(expected_on=line.expected_on - timedelta(days=days))


def _deliver(order, stage):
    lines = list(order.lines.select_related("sku").order_by("pk"))
    day = timezone.localdate() + timedelta(days=6)
    confirm_purchase.confirm(order.pk, {lines[0].pk: day}, reference=f"AB-{order.pk}4", actor=ACTOR)
    if stage == "confirmed":
        return
    taken = lines if stage == "received" else lines[: len(lines) // 2]
    for position, line in enumerate(taken):
        damaged = 2 if position == 0 and stage == "part_received" else 0
        common = {"order": order, "note": f"LS-{order.pk}", "key": f"demo-{line.pk}", "actor": ACTOR}
        receive(line.sku, order.location, line.quantity - damaged, damaged=damaged, **common)
    if stage == "received":
        receipt = Receipt.objects.filter(order=order).latest("pk")
        land_costs.land(receipt.pk, freight=Decimal("84.50"), duty=Decimal(0), currency="EUR", actor=ACTOR)
    if stage == "closed_short":
        end_purchase.close_short(order.pk, reason="Colour is discontinued", actor=ACTOR)
