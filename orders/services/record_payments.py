"""What a channel says was paid is recorded: more of it when it says more, the same again not at all."""

from oms.lib.commands import command
from oms.lib.money import ZERO, quantise
from orders.models import Order
from orders.services import pay
from orders.services.record_refund import PLATFORM, take_authorised


@command
def record_payments(order_id, payments, *, actor="system"):
    """Record `payments` ([IncomingPayment]) of an order that are not yet; those in another currency are left out.

    They are compared by their sums, for a channel names the same money differently: the capture of what was
    authorised is a transaction of its own there.
    """
    order = Order.objects.lock(order_id)
    said = [one for one in payments if one.amount > 0 and one.currency in ("", order.currency)]
    captured = [one for one in said if one.state == "captured"]
    missing = _sum(captured, order) - sum((row.captured for row in _of_channel(order)), ZERO)
    if missing > 0:
        missing -= take_authorised(order, missing, actor=actor)
        _add(order, captured, missing, state="captured", actor=actor)
    rows = list(_of_channel(order))
    missing = _sum(said, order) - sum((row.authorised - row.voided for row in rows), ZERO)
    if missing > 0 and not any(row.voided for row in rows):
        _add(order, [one for one in said if one.state != "captured"], missing, state="authorised", actor=actor)


def _sum(payments, order):
    return sum((quantise(one.amount, order.currency) for one in payments), ZERO)


def _of_channel(order):
    return order.payments.filter(gateway=PLATFORM)


def _add(order, payments, missing, *, state, actor):
    """Add what is `missing` of `payments`, those first that are not known by their reference."""
    known = set(_of_channel(order).exclude(reference="").values_list("reference", flat=True))
    for one in sorted(payments, key=lambda one: _reference(one) in known):
        part = min(missing, quantise(one.amount, order.currency))
        if part > 0:
            reference = "" if _reference(one) in known else _reference(one)
            known.add(reference)
            method = (one.method or ("gift card" if one.is_gift_card else "channel"))[:40]
            options = {"method": method, "reference": reference, "state": state, "actor": actor}
            pay.add_payment(order.pk, amount=part, gateway=PLATFORM, **options)
            missing -= part


def _reference(payment):
    """Return what a payment goes by: of a gift card's code only its end, for who knows the code has the money."""
    return f"…{payment.reference[-4:]}" if payment.is_gift_card and payment.reference else payment.reference[:100]
