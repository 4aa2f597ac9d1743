"""Changing a placed order while nothing of it is on the floor: previewed with its money, then applied.

Operations are a dict with any of: `ship_to` and `bill_to` (whole addresses), `email`, `phone`, `method`,
`gift_message`, `customer_note`, `purchase_order`, `quantities` ({line id: pieces}; fewer cancels), and
`add` ([{"sku", "quantity", "unit_price" or null}]).
"""

from decimal import Decimal

from django.db import transaction

from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition, Stale
from oms.lib.money import quantise
from orders.models import Allocation, Hold, Order, OrderChange, OrderLine, PromiseEvent
from orders.services import allocate, cancel, intake, preorder, pricing, promise, search, states
from orders.services.address_rules import doubts_of
from orders.services.customers import customer_now
from orders.services.due import due_of
from orders.services.place_hold import place_on
from orders.services.tell_customer import redirect

KNOWN = {"ship_to", "bill_to", "email", "phone", "method", "quantities", "add"}
ADDED = ("name", "external_id", "personalisation")
TEXTS = {"gift_message": 500, "customer_note": 1000, "purchase_order": 60}
Status = Allocation.Status


class _Previewed(Exception):
    """Carries the result of a change out of the transaction that is rolled back."""


@command
def preview(order_id, operations, *, actor="system", version=None):
    """Return an OrderChange, PREVIEWED, with the money that `operations` would move. Changes nothing else.

    Raises Invalid, naming the field, InvalidTransition when the floor has the order, and Stale when `version`
    is not the order's any more.
    """
    order = Order.objects.lock(order_id)
    order.expect(version)
    before = _due(order)
    try:
        with transaction.atomic():
            changed = _apply(order, operations, actor=actor)
            raise _Previewed(_due(changed) - before)
    except _Previewed as result:
        [delta] = result.args
    order = Order.objects.get(pk=order_id)
    return OrderChange.objects.create(
        order=order, base_version=order.version, operations=operations, delta=delta, author=actor
    )


@command
def apply(change_id, *, actor="system", version=None):
    """Carry out a previewed change and return its order; a second call returns it as it is.

    Raises Stale when the order changed since the preview, or is not at `version`: look again. More to pay
    than is paid puts a payment hold; less is told by `order.changed` and paid back.
    """
    change = OrderChange.objects.get(pk=change_id)
    order = Order.objects.lock(change.order_id)
    change.refresh_from_db()
    if change.status == OrderChange.Status.APPLIED:
        return order
    order.expect(version)
    order.expect(change.base_version)
    before = _due(order)
    order = _apply(order, change.operations, actor=actor)
    if _due(order) - before != change.delta:
        raise Stale("Prices or taxes moved since the preview: look at it again.", field="version")
    change.move_to(OrderChange.Status.APPLIED)
    return order


def change(order_id, operations, *, actor="system"):
    """Preview and apply in one: for callers that show no money (an address, a note)."""
    return apply(preview(order_id, operations, actor=actor).pk, actor=actor)


@command
def reject(change_id):
    """Throw a preview away."""
    OrderChange.objects.select_for_update(of=("self",)).get(pk=change_id).move_to(OrderChange.Status.REJECTED)


def is_changeable(order):
    """Whether address, method and lines can still be changed: open, and nothing on the floor or gone."""
    busy = [Status.ON_FLOOR, Status.PICKED, Status.SHIPPED]
    return order.is_open and not order.allocations.filter(status__in=busy).exists()


def _apply(order, operations, *, actor):
    unknown = set(operations) - KNOWN - set(TEXTS)
    if unknown or not operations:
        raise Invalid(f"Nothing to change here: {', '.join(sorted(unknown)) or 'no operation'}.", field="operations")
    if not is_changeable(order):
        raise InvalidTransition(f"Order {order} cannot be changed any more: the warehouse has it, or it is done.")
    goes_elsewhere = write_fields(order, operations)
    lines = OrderLine.objects.lock_of(order)
    if "method" in operations:
        pricing.check_way(order.method, lines)
    added = _change_lines(order, lines, operations, actor=actor)
    _reprice(order)
    search.rewrite(order)
    data = {"fields": sorted(operations), "resourced": bool(goes_elsewhere or added)}
    order.publish("order.changed", actor=actor, **data)
    rows = Allocation.objects.select_related("sku", "line").filter(order=order)
    rows = list(rows.order_by("pk").select_for_update(of=("self",)))
    _resource(order, rows if goes_elsewhere else [row for row in rows if row.line_id in added], actor=actor)
    promise.move(order, PromiseEvent.Cause.CHANGED)
    preorder.hold_back(order, actor=actor)
    is_checked = order.is_open and ("ship_to" in operations or goes_elsewhere)
    for doubt in doubts_of(order)[:1] if is_checked else ():
        place_on(order, Hold.Kind.ADDRESS, doubt, actor=actor)
    order.payment_state = states.payment_state(order, states.facts_of(order))
    if order.is_open and not order.is_gate_met:
        place_on(order, Hold.Kind.PAYMENT, "The change costs more than is paid.", actor=actor)
    states.refresh(order)
    return order


def write_fields(order, operations):
    """Set what needs no pricing on a locked order; returns whether goods go elsewhere or by other means than before."""
    was = order.ship_country, order.ship_to.get("region", ""), order.method
    order.method = operations.get("method", order.method)
    if order.method not in Order.Method.values or (
        order.method != was[2] and Order.Method.PICKUP in (order.method, was[2])
    ):
        raise Invalid("Choose standard or express.", field="method")
    if "ship_to" in operations:
        needs = order.method in (Order.Method.STANDARD, Order.Method.EXPRESS)
        order.ship_to = intake.clean_address(operations["ship_to"], "ship_to", required=needs)
        order.ship_country = order.ship_to.get("country", "")
        order.ship_name = order.ship_to.get("name") or order.ship_to.get("company", "")
        order.holds.active().filter(kind=Hold.Kind.ADDRESS).update(reason="The address was changed: look again.")
    if "bill_to" in operations:
        order.bill_to = intake.clean_address(operations["bill_to"], "bill_to", required=bool(operations["bill_to"]))
    if "email" in operations:
        old, order.email = order.email, intake.clean_email(operations["email"])
        order.customer = customer_now(order)
        redirect(order, was=old)
    if "phone" in operations:
        order.phone = intake.clean_phone(operations["phone"], order.ship_country)
    for name, most in TEXTS.items():
        if len(operations.get(name, "")) > most:
            raise Invalid(f"At most {most} characters.", field=name)
        setattr(order, name, operations.get(name, getattr(order, name)))
    order.save()
    return (order.ship_country, order.ship_to.get("region", ""), order.method) != was


def _change_lines(order, lines, operations, *, actor):
    """Cancel, extend and add lines; returns the ids of lines with pieces that need a source."""
    by_pk = {line.pk: line for line in lines}
    fewer, added = {}, set()
    for pk, quantity in operations.get("quantities", {}).items():
        line = by_pk.get(int(pk))
        if line is None or line.is_part:
            raise Invalid("Name a line of this order; parts of kits go with their kit.", field="quantities")
        delta = quantity - (line.quantity - line.cancelled)
        if quantity < 0 or quantity > intake.MOST_PIECES:
            raise Invalid(f"Between 0 and {intake.MOST_PIECES} pieces.", field="quantities")
        if delta < 0:
            fewer[line.pk] = -delta
        elif delta:
            added |= _extend(order, line, lines, delta)
    for new in operations.get("add", []):
        added |= _add(order, new)
    if fewer:
        cancel.cancel(order.pk, lines=fewer, reason="changed", actor=actor)
        order.refresh_from_db()
    return added


def _extend(order, line, lines, pieces):
    """Order `pieces` more of a line at its own price and discount per piece.

    Its share of the order's discounts stays what it is: that was given on what was ordered first.
    """
    touched = [part for part in lines if part.parent_id == line.pk] if line.kind == "kit" else [line]
    own = line.discount - line.order_discount
    line.discount += quantise(own * pieces / line.quantity, order.currency)
    line.quantity += pieces
    for part in touched:
        if part is not line:
            part.quantity += pieces * part.per_kit
    OrderLine.objects.bulk_update({line, *touched}, ["quantity", "discount"])
    for part in touched:
        _want(order, part, pieces * (part.per_kit or 1))
    return {part.pk for part in touched}


def _add(order, new):
    price, more = _price(new.get("unit_price")), {name: new[name] for name in ADDED if name in new}
    line_in = intake.LineIn(new["sku"], int(new["quantity"]), price, **more)
    order_in = intake.OrderIn(
        order.channel,
        order.external_id,
        [line_in],
        ship_to=order.ship_to,
        method=order.method,
        vat_id=order.vat_id,
        prices_include_tax=order.prices_include_tax,
    )
    intake.check_lines(order_in.lines)
    priced = pricing.price(order_in)
    first = (order.lines.order_by("-position").values_list("position", flat=True).first() or 0) // 100 * 100
    for line in priced.lines:
        line.order, line.position = order, line.position + first
    OrderLine.objects.bulk_create([line for line in priced.lines if not line.is_part])
    OrderLine.objects.bulk_create([line for line in priced.lines if line.is_part])
    leaves = [line for line in priced.lines if line.kind != "kit"]
    for line in leaves:
        _want(order, line, line.quantity)
    return {line.pk for line in leaves}


def _price(value):
    return None if value in (None, "") else Decimal(str(value))


def _want(order, line, pieces):
    fields = {"status": Status.BACKORDERED, "expires_at": allocate.expiry_of(order)}
    Allocation.objects.create(order=order, line=line, sku_id=line.sku_id, quantity=pieces, **fields)


def _reprice(order):
    """Tax and total a locked order anew, from its lines' own prices and its destination's rates."""
    lines = OrderLine.objects.lock_of(order)
    charges = list(order.charges.all())
    pricing.retax(order, lines, charges)
    rows = [line for line in lines if not line.is_part] + charges
    pricing.check_size(rows)
    OrderLine.objects.bulk_update(lines, ["tax_rate", "net", "tax", "gross", "price_share"])
    for charge in charges:
        charge.save()
    order.net, order.tax = sum(row.net for row in rows), sum(row.tax for row in rows)
    order.gross = order.net + order.tax
    order.save()


def _resource(order, rows, *, actor):
    """Source the open `rows` of the order anew, giving back first what they hold."""
    rows = [row for row in rows if row.status in (Status.RESERVED, Status.BACKORDERED)]
    held = [row for row in rows if row.status == Status.RESERVED]
    freed = allocate.tracked(held)
    for row in held:
        row.location_id = None
        row.move_to(Status.BACKORDERED)
    if freed:
        allocate.stock.release(freed, subject=order.subject, actor=actor)
    if rows:
        allocate.resource(order, rows, actor=actor)


def _due(order):
    return due_of(order)
