"""An order comes in. One transaction, stock last; no network, no PDF, no e-mail in it."""

from collections import Counter

from django.db import IntegrityError, connection
from django.utils import timezone

from inventory.models import Location
from oms.lib.commands import command
from oms.lib.errors import InsufficientStock, Invalid, Retry
from oms.lib.insert import insert
from oms.outbox.publish import publish
from orders.models import (
    Allocation,
    Channel,
    Order,
)
from orders.services import allocate, pay, search, supply
from orders.services.customers import customer_of
from orders.services.intake import clean
from orders.services.ordered_at import check_live, check_past
from orders.services.price_book import AS_IT_IS
from orders.services.pricing import price

TWIN = "SELECT id FROM orders_order WHERE channel_id = %s AND external_id = %s"


@command
def place(order_in, *, actor="system"):
    """Make the order that `order_in` (OrderIn) states, reserve its stock, and return it.

    The same channel and external id again: the first order, unchanged; `is_new` on the order says
    which it was, and `priced` has the rows of a new one. Raises Invalid, naming the field, and
    InsufficientStock where the channel refuses what it cannot serve; then nothing is left behind.
    """
    known = existing(order_in)
    if known:
        return known
    priced = read(order_in)
    order = build(order_in, priced, customer=customer_of(order_in))
    sourced = source(order, priced.lines)
    order.event_counter = 1
    write(order, priced)
    finish(order, priced.lines, sourced, payments=order_in.payments, actor=actor)
    return order


def read(order_in, *, book=AS_IT_IS):
    """Return the Priced of an `order_in` that is cleaned here; raises Invalid, naming the field."""
    if order_in.channel.is_paused:
        raise Invalid(f"{order_in.channel} is paused and takes no orders.", field="channel")
    (check_past if order_in.is_imported else check_live)(order_in.ordered_at)
    return price(clean(order_in), book=book)


def existing(order_in):
    """Return the order that this channel sent under this id before, or None."""
    # Nearly always there is none: the row is asked for only then, and the ORM for nothing.
    with connection.cursor() as cursor:
        cursor.execute(TWIN, [order_in.channel.pk, order_in.external_id])
        twin = cursor.fetchone()
    if twin is None:
        return None
    found = Order.objects.get(pk=twin[0])
    found.is_new = False
    return found


def build(order_in, priced, *, customer):
    """Return the unsaved Order of a cleaned `order_in` and its Priced."""
    channel, method = order_in.channel, order_in.method
    return Order(
        channel=channel,
        external_id=order_in.external_id,
        external_number=order_in.external_number,
        partner_id=channel.partner_id,
        customer=customer,
        email=order_in.email,
        phone=order_in.phone,
        vat_id=order_in.vat_id,
        locale=order_in.locale,
        ship_to=order_in.ship_to,
        bill_to=order_in.bill_to,
        ship_country=order_in.ship_to.get("country", ""),
        ship_name=order_in.ship_to.get("name") or order_in.ship_to.get("company", ""),
        method=method,
        pickup_location=pickup_place(order_in.pickup_location) if method == Order.Method.PICKUP else None,
        priority=order_in.priority,
        purchase_order=order_in.purchase_order,
        gift_message=order_in.gift_message,
        customer_note=order_in.customer_note,
        ordered_at=order_in.ordered_at or timezone.now(),
        currency=channel.currency,
        prices_include_tax=order_in.prices_include_tax,
        tax_is_stated=order_in.tax_is_stated,
        tax_note=priced.tax_note,
        net=priced.net,
        tax=priced.tax,
        gross=priced.gross,
    )


def write(order, priced):
    """Write `order` with its lines, charges, discounts. Raises Retry when its twin was faster."""
    try:
        insert([order])
    except IntegrityError as error:
        if "order_once_per_channel" in str(error):
            raise Retry(f"{order.external_id} came in twice at once.") from error
        raise
    order.is_new, order.priced = True, priced
    write_lines([(order, priced)])


def write_lines(written):
    """Write the lines (kits before their parts), charges and discounts of `written`, [(saved order, Priced)]."""
    kinds = [], [], [], []
    for order, priced in written:
        for row in (*priced.lines, *priced.charges, *priced.discounts):
            row.order = order
        whole = [line for line in priced.lines if not line.is_part]
        parts = [line for line in priced.lines if line.is_part]
        for rows, more in zip(kinds, (whole, parts, priced.charges, priced.discounts), strict=True):
            rows += more
    for rows in kinds:
        insert(rows)


def source(order, lines):
    """Choose where the leaf `lines` of an unsaved or draft order come from, and what to promise.

    Sets the order's state; returns what `finish` needs. Raises InsufficientStock where the channel
    takes no backorders.
    """
    leaves = [line for line in lines if line.kind != "kit"]
    return settle(order, leaves, *allocate.choose(order, leaves))


def settle(order, leaves, found, digital):
    """Promise the `leaves` of an order from where they were `found`; as `source`."""
    missing = found.best.missing
    order.status, order.placed_at = Order.Status.PLACED, timezone.now()
    order.fulfilment_state = Order.FulfilmentState.BACKORDERED if missing else Order.FulfilmentState.OPEN
    if order.gross <= 0:
        order.payment_state = Order.PaymentState.PAID
    rows = allocate.allocations(order, leaves, found, digital)
    supply.peg(order, rows)
    if missing and order.channel.on_shortage == Channel.Shortage.REFUSE:
        _refuse_missing(rows)
    moment = supply.foreseen(order, rows, now=order.placed_at)
    order.promised_original = order.promised_current = moment
    return rows, found


def finish(order, lines, sourced, *, payments=(), actor):
    """As `announce`, and reserve, last."""
    announce(order, lines, sourced, payments=payments, actor=actor)
    allocate.reserve(order, sourced[0], actor=actor)


def announce(order, lines, sourced, *, payments=(), actor):
    """Allocate a saved, newly PLACED order, make it findable, and tell the world; its stock is the caller's."""
    rows, found = sourced
    insert(rows)
    if found.best.sites or found.best.missing:
        insert([allocate.decide(order, found)])
    insert(search.keys_of(order, lines), ignore_conflicts=True)
    publish("order.placed", order.subject, sequence=order.event_counter, actor=actor, **order.event_data)
    for payment in payments:
        pay.add_payment(order.pk, **vars(payment), actor=actor)
    if payments:
        order.refresh_from_db()


def _refuse_missing(rows):
    """Raise InsufficientStock for what is missing, but for what is made to order, or a pre-order and on its way."""
    missing = [row for row in rows if row.status == Allocation.Status.BACKORDERED]
    short = [row for row in missing if not (row.supply_at and (row.sku.is_made_to_order or _is_preorder(row)))]
    if short:
        pieces = Counter()
        for row in short:
            pieces[row.sku_id] += row.quantity
        codes = ", ".join(sorted({row.sku.code for row in short}))
        raise InsufficientStock(f"Not enough stock of {codes}.", field="lines", skus=dict(pieces))


def _is_preorder(row):
    return row.sku.is_preorder(timezone.localdate(timezone=supply.zone_of(row.supply_location_id)))


def pickup_place(code):
    """Return the store with this code where orders are collected; raises Invalid."""
    place = Location.objects.active().filter(code__iexact=code, allows_pickup=True).first()
    if place is None:
        raise Invalid(f"{code or 'This'} is no store where orders are collected.", field="pickup_location")
    return place
