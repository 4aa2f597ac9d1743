"""Paying back what came back: a refund in typed lines, its credit note, and the return is resolved."""

from dataclasses import replace

from django.db.models import Q

from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from oms.lib.money import ZERO
from orders.models import Order, Payment
from orders.models.worth import worth_of
from orders.services import capture, invoicing, refund, states
from orders.services.crediting import CreditLineIn
from orders.services.due import due_of
from orders.services.refund_caps import caps_of
from returns.models import Return, ReturnLine
from returns.services.request import lock, policy_of


@command
def resolve(return_id, *, pays=True, actor="system"):
    """End an INSPECTED return, paying back what came less the fee; `pays` no: the goods stay sold.

    What is still owed for the order is credited first, and only the rest goes back as money. A resolved
    return stays as it is.
    """
    order, rma = lock(return_id)
    if rma.status == Return.Status.RESOLVED:
        return rma
    if rma.status != Return.Status.INSPECTED:
        raise InvalidTransition(f"Return {rma} is {rma.get_status_display()}: inspect all of it first.")
    lines = refund_lines(order, rma) if pays else []
    if lines:
        rma.refund = _settle(order, rma, lines, actor=actor)
    order = Order.objects.lock(order.pk)
    rma.move_to(Return.Status.RESOLVED)
    rma.publish("return.resolved", order=order, actor=actor)
    return rma


def _settle(order, rma, lines, *, actor):
    """Refund `lines`; where the order is not paid in full, credit them and refund what is more than owed.

    What was credited or given back before, as goodwill say, is not given again.
    """
    totals = Payment.objects.totals(order)
    owed = max(due_of(order) - totals.kept, ZERO)
    is_credited = owed > 0 and order.invoices.exists()
    if is_credited:
        wanted = [_credited(order, line) for line in lines]
        note = invoicing.credit(order, lines=wanted, reason=f"return {rma}", at_most=True, actor=actor)
        lines = _at_most(lines, note.gross if note else ZERO)
        if order.status == Order.Status.CLOSED:
            capture.release_rest(order, actor=actor)
        else:
            states.refresh(order)
    lines = _at_most(_less(lines, owed), caps_of(order).total)
    if not lines:
        return None
    return refund.request(
        order.pk,
        lines=lines,
        reason=f"return {rma}",
        actor=actor,
        key=f"return:{rma.pk}",
        wants_credit_note=not is_credited,
        lowers_due=not is_credited,
        is_owed=True,
    )


def _credited(order, line):
    """Return the CreditLineIn of a RefundLineIn: goods by their line, shipping by its charge."""
    if line.line_id:
        return CreditLineIn(line_id=line.line_id, quantity=line.quantity, gross=line.amount)
    charge = order.charges.filter(kind="shipping").first()
    return CreditLineIn(charge_id=charge.pk, gross=line.amount)


def refund_lines(order, rma):
    """Return [RefundLineIn]: what came, shipping where all came back and no more goes, as far as not refunded before.

    The fee is taken off.
    """
    lines = [
        refund.RefundLineIn(kind="item", amount=worth(line), line_id=line.line_id, quantity=line.received)
        for line in rma.lines.select_related("line__parent", "line__order")
        if line.received and worth(line) > 0
    ]
    if policy_of(order.channel).refunds_shipping and _is_all_back(order):
        shipping = sum(charge.gross for charge in order.charges.filter(kind="shipping"))
        lines += [refund.RefundLineIn(kind="shipping", amount=shipping)] if shipping else []
    return _less(caps_of(order).within(lines), rma.fee)


def _is_all_back(order):
    is_returned = order.return_state == Order.ReturnState.RETURNED
    return is_returned and not any(line.open_quantity for line in order.lines.leaves())


def worth(line):
    """Return what the received pieces of a return line cost, by cumulative rounding over all its returns.

    They count in the order in which they came, whatever the order in which they were announced.
    """
    ordered, came = line.line, line.rma.received_at
    earlier = ReturnLine.objects.filter(Q(rma__received_at__lt=came) | Q(rma__received_at=came, pk__lt=line.pk))
    earlier = earlier.filter(line=ordered)
    before = sum(earlier.values_list("received", flat=True))
    return worth_of(ordered, before + line.received).gross - worth_of(ordered, before).gross


def _at_most(lines, amount):
    return _less(lines, max(sum(line.amount for line in lines) - amount, ZERO))


def _less(lines, fee):
    """Take `fee` off the lines, the first first."""
    kept = []
    for line in lines:
        taken = min(fee, line.amount)
        fee -= taken
        if line.amount > taken:
            kept.append(replace(line, amount=line.amount - taken))
    return kept
