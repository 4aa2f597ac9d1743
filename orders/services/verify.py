"""Checking a placed order: what is doubtful is held for a person, what is sound goes on."""

from datetime import timedelta

from django.utils import timezone

from oms.lib.commands import command
from orders.models import Hold, Order
from orders.services import preorder, shortage, states
from orders.services.address_rules import doubts_of
from orders.services.confirm import try_confirm
from orders.services.place_hold import place_on

TWIN_WITHIN = timedelta(hours=24)
# A channel's total that is this far from ours is no rounding.
MOST_ROUNDING = 1


@command
def verify(order_id, *, actor="system"):
    """Check address, duplicates and totals of a PLACED order, hold what is doubtful, else confirm it.

    A second call does nothing.
    """
    order = Order.objects.lock(order_id)
    if order.status != Order.Status.PLACED or order.verified_at:
        return
    order.verified_at = timezone.now()
    order.save(update_fields=["verified_at"])
    for kind, reason in doubts(order):
        place_on(order, kind, reason, actor=actor)
    preorder.hold_back(order, actor=actor)
    states.refresh(order)
    if shortage.ask(order.pk, actor=actor):
        order = Order.objects.lock(order.pk)
    try_confirm(order, actor=actor)


def doubts(order):
    """Return [(kind of hold, reason)] for what a person should look at."""
    found = [(Hold.Kind.ADDRESS, reason) for reason in doubts_of(order)[:1]]
    twin = twin_of(order)
    if twin:
        found.append((Hold.Kind.DUPLICATE, f"Order {twin} of the same customer holds the same goods."))
    rounding = sum(charge.gross for charge in order.charges.filter(kind="rounding"))
    if abs(rounding) > MOST_ROUNDING:
        found.append((Hold.Kind.APPROVAL, f"The channel's total differs from ours by {rounding:+.2f}."))
    return found


def twin_of(order):
    """Return another open order of the same e-mail with the same goods, placed within a day; or None."""
    if not order.email or not order.customer_id:
        return None
    since = order.ordered_at - TWIN_WITHIN
    others = Order.objects.open().filter(customer=order.customer_id, gross=order.gross, ordered_at__gte=since)
    goods = _goods(order)
    candidates = others.exclude(pk=order.pk).filter(pk__lt=order.pk).prefetch_related("lines")
    return next((other for other in candidates[:20] if _goods(other) == goods), None)


def _goods(order):
    return sorted((line.sku_id, line.quantity) for line in order.lines.all())
