"""Drafts: a phone order before it is placed. They hold no stock and promise nothing."""

from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from orders.models import Order
from orders.services import place, search, states
from orders.services.customers import customer_of
from orders.services.intake import clean
from orders.services.pricing import price


@command
def save_draft(order_in, *, draft_id=None, version=None, actor="system"):
    """Write `order_in` as a DRAFT, or over draft `draft_id`, or over that of its channel and external id; returns it.

    Raises InvalidTransition when that order was placed already, Stale when it is not at `version` any more.
    """
    priced = price(clean(order_in))
    known = _known(order_in, draft_id)
    order = place.build(order_in, priced, customer=customer_of(order_in))
    order.status = Order.Status.DRAFT
    if known is None:
        place.write(order, priced)
        search.rewrite(order)
        order.publish("order.drafted", actor=actor)
        return order
    known = Order.objects.lock(known.pk)
    if known.status != Order.Status.DRAFT:
        raise InvalidTransition(f"Order {known} was placed already.", field="external_id")
    known.expect(version)
    _overwrite(known, order, priced)
    known.publish("order.drafted", actor=actor)
    return known


@command
def place_draft(order_id, *, actor="system"):
    """Place a draft as it stands: reserve its stock, tell the world, and return it.

    Raises InsufficientStock where the channel takes no backorders; a placed order is returned as is.
    """
    order = Order.objects.lock(order_id)
    if order.status in (Order.Status.PLACED, Order.Status.CONFIRMED):
        return order
    if order.status != Order.Status.DRAFT:
        raise InvalidTransition(f"Order {order} is {order.get_status_display()} and cannot be placed.")
    lines = list(order.lines.select_related("sku"))
    sourced = place.source(order, lines)
    order.event_counter += 1
    states.refresh(order, lines)
    place.finish(order, lines, sourced, actor=actor)
    states.refresh(order, lines)
    return order


def place_once(order_in, *, draft_id=None, version=None, actor="system"):
    """Place `order_in`, over its draft where there is one, and return it; sent again as it was: the first order.

    The draft is found as `save_draft` finds it. Raises InvalidTransition where that was cancelled, or was placed
    with something else in it, and Stale.
    """
    known = _known(order_in, draft_id)
    if known and known.status == Order.Status.CANCELLED:
        raise InvalidTransition("This draft was cancelled meanwhile: take the order anew.")
    if known and known.status == Order.Status.DRAFT:
        return place_draft(save_draft(order_in, draft_id=draft_id, version=version, actor=actor).pk, actor=actor)
    order = known or place.place(order_in, actor=actor)
    if not order.is_new and _content(order) != _content_of(order_in):
        text = f"Order {order} is placed already, and says something else: edit it, or take a new order."
        raise InvalidTransition(text)
    return order


def _known(order_in, draft_id):
    """Return the order that is written over, or None."""
    twin = place.existing(order_in)
    if draft_id is None or (twin and twin.pk == draft_id):
        return twin
    if twin:
        raise InvalidTransition(f"{order_in.channel} has an order {order_in.external_id} already.", field="channel")
    known = Order.objects.get(pk=draft_id)  # whose channel is another now
    known.is_new = False
    return known


SAID = ("channel_id", "email", "phone", "vat_id", "ship_to", "method", "pickup_location_id")
SAID += ("purchase_order", "customer_note")


def _content_of(order_in):
    priced = price(clean(order_in))
    order = place.build(order_in, priced, customer=None)
    return _told(order, [line for line in priced.lines if not line.is_part], priced.charges, priced.discounts)


def _content(order):
    return _told(order, order.lines.priced(), order.charges.all(), order.discounts.all())


def _told(order, lines, charges, discounts):
    """Return what an order says as values to compare."""
    return (
        [getattr(order, name) for name in SAID],
        [(line.sku_id, line.quantity, line.unit_price) for line in sorted(lines, key=lambda line: line.position)],
        sorted((charge.kind, charge.gross) for charge in charges),
        sorted(discount.amount for discount in discounts),
    )


def _overwrite(known, order, priced):
    order.pk, order.event_counter, order.version = known.pk, known.event_counter, known.version + 1
    order._state.adding = False
    order.save()
    for rows in (known.lines, known.charges, known.discounts):
        rows.all().delete()
    place.write_lines([(order, priced)])
    known.refresh_from_db()
    search.rewrite(known)
