"""Writing a purchase order: what is ordered, how much of it, at which cost."""

from decimal import Decimal

from inventory.models import PurchaseLine, PurchaseOrder, SupplierSku
from inventory.services.stock import check_quantity, check_stocked
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.plugins import named
from oms.lib.text import check_text
from oms.panels import COMPANY, HOME_RATE

MOST_LINES = 500
MOST_COST = Decimal(1_000_000)


@command
def draft(supplier, location, pieces=None, *, note="", key=None, actor="system"):
    """Begin a purchase order for `location` with `pieces` ({Sku: pieces}) at list prices, and return it.

    A second call with `key` returns the first order as it is now. Raises Invalid for a supplier or a
    location that cannot be used, a SKU that is not on the supplier's list, or a missing exchange rate.
    """
    if key and (known := PurchaseOrder.objects.filter(key=key).first()):
        return known
    _check_parties(supplier, location)
    us = named(COMPANY)()
    home = us.pop("currency", supplier.currency)
    order = PurchaseOrder.objects.create(
        supplier=supplier,
        location=location,
        currency=supplier.currency,
        home_currency=home,
        home_rate=rate(supplier.currency, home),
        bill_to=us,
        note=check_text(note, max_length=1000, field="note", multiline=True),
        key=key,
        created_by=actor,
        changed_by=actor,
    )
    order.publish("purchase.drafted", actor=actor)
    for sku, quantity in (pieces or {}).items():
        _write(order, sku, quantity, None)
    return order


@command
def rewrite(order_id, rows, *, note="", actor="system"):
    """Order exactly `rows` ([(Sku, pieces, cost or None)]) in a draft; what is not named is dropped.

    Raises Invalid for a SKU that is named twice.
    """
    order = lock_draft(order_id)
    skus = [sku for sku, _, _ in rows]
    for sku in skus:
        if skus.count(sku) > 1:
            raise Invalid(f"{sku} stands there twice: put the pieces together.", field="lines")
    order.lines.exclude(sku__in=skus).delete()  # first: an order may be full of what goes
    for sku, quantity, cost in rows:
        _write(order, sku, quantity, cost)
    return change(order_id, note=note, actor=actor)


@command
def change(order_id, *, note=None, location=None, actor="system"):
    """Change what a draft says beside its lines: the note for the supplier, where the goods go."""
    order = lock_draft(order_id)
    if note is not None:
        order.note = check_text(note, max_length=1000, field="note", multiline=True)
    if location is not None:
        _check_parties(order.supplier, location)
        order.location = location
    order.save(update_fields=["note", "location"])
    _touch(order, actor)
    return order


@command
def reopen(order_id, *, actor="system"):
    """Make an approved order a draft again, to change it before it is sent; a draft stays one."""
    order = PurchaseOrder.objects.lock(order_id)
    if not order.is_draft:
        order.move_to(PurchaseOrder.Status.DRAFT)
        order.publish("purchase.reopened", actor=actor)
    return order


def lock_draft(order_id):
    """Return the locked purchase order; raises InvalidTransition unless it is a draft."""
    order = PurchaseOrder.objects.lock(order_id)
    if not order.is_draft:
        raise InvalidTransition(
            f"Purchase order {order} is {order.get_status_display().lower()}: only a draft can be changed."
        )
    return order


def rate(currency, home):
    """Return home currency for one unit of `currency`; raises Invalid where nobody entered it."""
    if currency == home:
        return Decimal(1)
    known = named(HOME_RATE)(currency, home)
    if known is None:
        raise Invalid(
            f"There is no exchange rate of {currency} in {home}: enter it under Selling, Exchange rates.",
            field="currency",
        )
    return known


def _write(order, sku, quantity, cost):
    check_stocked(sku, order.location)
    check_quantity(quantity)
    listed = SupplierSku.objects.with_prices().filter(supplier=order.supplier, sku=sku).first()
    cost = _cost(order, sku, quantity, listed, cost)
    if not order.lines.filter(sku=sku).exists() and order.lines.count() >= MOST_LINES:
        raise Invalid(f"A purchase order has at most {MOST_LINES} lines: begin another.", field="sku")
    fields = {"quantity": quantity, "cost": cost, "supplier_code": listed.code if listed else ""}
    return PurchaseLine.objects.update_or_create(order=order, sku=sku, defaults=fields)[0]


def _cost(order, sku, quantity, listed, cost):
    if cost is None:
        cost = listed.cost_of(quantity) if listed else None
    if cost is None:
        raise Invalid(f"{sku} is not on the price list of {order.supplier}: enter what it costs.", field="cost")
    if not 0 <= cost <= MOST_COST:
        raise Invalid(f"A piece costs between 0 and {MOST_COST:,} {order.currency}.", field="cost")
    return cost


def _touch(order, actor):
    PurchaseOrder.objects.filter(pk=order.pk).update(changed_by=actor)
    order.publish("purchase.changed", actor=actor)


def _check_parties(supplier, location):
    if not supplier.is_active:
        raise Invalid(f"{supplier} is not active any more.", field="supplier")
    if not (location.is_active and location.tracks_stock):
        raise Invalid(f"{location} takes no stock of ours.", field="location")
