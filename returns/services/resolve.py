"""Paying back what came back: a refund in typed lines, its credit note, and the return is resolved."""

from dataclasses import replace

from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from orders.models import Order, Payment
from orders.services import refund
from orders.services.worth import worth_of
from returns.models import Return, ReturnLine
from returns.services.request import lock, policy_of


@command
def resolve(return_id, *, pays=True, actor="system"):
    """End an INSPECTED return, refunding what came less the fee; `pays` no: the goods stay unpaid.

    A resolved return stays as it is. What was never captured needs no refund.
    """
    order, rma = lock(return_id)
    if rma.status == Return.Status.RESOLVED:
        return rma
    if rma.status != Return.Status.INSPECTED:
        raise InvalidTransition(f"Return {rma} is {rma.get_status_display()}: inspect all of it first.")
    lines = refund_lines(order, rma) if pays and Payment.objects.totals(order).kept > 0 else []
    if lines:
        rma.refund = refund.request(
            order.pk,
            lines=lines,
            reason=f"return {rma}",
            actor=actor,
            key=f"return:{rma.pk}",
            wants_credit_note=True,
            is_owed=True,
        )
    order = Order.objects.lock(order.pk)
    rma.move_to(Return.Status.RESOLVED)
    order.publish("return.resolved", actor=actor, rma=rma.pk)
    return rma


def refund_lines(order, rma):
    """Return [RefundLineIn]: the worth of what came, shipping where all came back, less the fee."""
    lines = [
        refund.RefundLineIn(kind="item", amount=worth(line), line_id=line.line_id, quantity=line.received)
        for line in rma.lines.select_related("line__parent", "line__order")
        if line.received and worth(line) > 0
    ]
    if policy_of(order.channel).refunds_shipping and order.return_state == Order.ReturnState.RETURNED:
        shipping = sum(charge.gross for charge in order.charges.filter(kind="shipping"))
        lines += [refund.RefundLineIn(kind="shipping", amount=shipping)] if shipping else []
    return _less(lines, rma.fee)


def worth(line):
    """Return what the received pieces of a return line cost, by cumulative rounding over all its returns."""
    ordered = line.line
    earlier = ReturnLine.objects.filter(line=ordered, pk__lt=line.pk).exclude(rma__status__in=["declined", "expired"])
    before = sum(earlier.values_list("received", flat=True))
    return worth_of(ordered, before + line.received).gross - worth_of(ordered, before).gross


def _less(lines, fee):
    """Take `fee` off the lines, the first first."""
    kept = []
    for line in lines:
        taken = min(fee, line.amount)
        fee -= taken
        if line.amount > taken:
            kept.append(replace(line, amount=line.amount - taken))
    return kept
