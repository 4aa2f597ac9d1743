"""Asking to send goods back, and the answer."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from orders.models import Allocation, Order, OrderLine
from orders.services import counters, search, states
from returns.models import Return, ReturnLine, ReturnPolicy


@dataclass(frozen=True)
class ReturnLineIn:
    """`quantity` pieces of order line `line_id` (a kit: whole kits, opened into its parts), and why."""

    line_id: int
    quantity: int
    reason: str = ReturnLine.Reason.UNWANTED
    note: str = ""


@command
def request(order_id, lines, *, note="", actor="system", ignores_window=False):
    """Open a return of `lines` ([ReturnLineIn]) and return it, APPROVED where the policy says so.

    Raises Invalid, naming the field, for more pieces than left us and did not come back, and
    InvalidTransition after the policy's window, unless a person sets that aside.
    """
    order = Order.objects.lock(order_id)
    policy = policy_of(order.channel)
    rows = OrderLine.objects.lock_of(order)
    wanted = _wanted(rows, lines)
    closes_at = window_closes_at(order, policy)
    if closes_at and closes_at < timezone.now() and not ignores_window:
        raise InvalidTransition(f"Order {order} could be returned until {closes_at:%Y-%m-%d}.")
    location_id = policy.location_id or _origin(order, wanted)
    if location_id is None:
        raise Invalid("Name a location in the channel's return policy: these goods left no place of ours.")
    rma = Return.objects.create(
        order=order,
        location_id=location_id,
        fee=_fee(policy, lines),
        customer_note=note[:1000],
        requested_by=actor,
    )
    by_pk = {row.pk: row for row in rows}
    for pk, (pieces, reason, line_note) in wanted.items():
        ReturnLine.objects.create(rma=rma, line_id=pk, quantity=pieces, reason=reason, note=line_note[:300])
        by_pk[pk].return_requested += pieces
    counters.save(rows)
    search.add_key(order.pk, "rma", rma.number)
    rma.publish("return.requested", order=order, actor=actor)
    if policy.is_approved_at_once:
        let_come(order, rma, policy, actor=actor)
    states.refresh(order, rows)
    return rma


@command
def approve(return_id, *, actor="system"):
    """Let the customer send the goods; an approved return stays as it is."""
    order, rma = lock(return_id)
    if rma.status != Return.Status.APPROVED:
        let_come(order, rma, policy_of(order.channel), actor=actor)
    return rma


@command
def decline(return_id, reason, *, actor="system"):
    """Refuse a return that has not come; the pieces can be announced again."""
    if not reason.strip():
        raise Invalid("Say why: the customer reads it.", field="reason")
    order, rma = lock(return_id)
    rma.decline_reason = reason[:300]
    rma.move_to(Return.Status.DECLINED)
    withdraw(order, rma)
    rma.publish("return.declined", order=order, actor=actor)
    return rma


@command
def mark_in_transit(return_id, *, tracking_number="", actor="system"):
    """Note that the goods are on their way."""
    order, rma = lock(return_id)
    rma.tracking_number = tracking_number.strip()[:60]
    rma.move_to(Return.Status.IN_TRANSIT)
    if rma.tracking_number:
        search.add_key(order.pk, "tracking", rma.tracking_number)
    rma.publish("return.in_transit", order=order, actor=actor)
    return rma


@command
def expire(return_id):
    """End an approved return of which nothing came."""
    order, rma = lock(return_id)
    rma.move_to(Return.Status.EXPIRED)
    withdraw(order, rma)
    rma.publish("return.expired", order=order)


def expire_due():
    """End the returns whose time is over; run by the schedule."""
    waiting = Return.objects.filter(status__in=[Return.Status.APPROVED, Return.Status.IN_TRANSIT])
    for pk in waiting.filter(expires_at__lte=timezone.now()).values_list("pk", flat=True)[:500]:
        expire(pk)


def policy_of(channel):
    """Return the channel's policy, or the one that merchants start with."""
    return ReturnPolicy.objects.filter(channel=channel).first() or ReturnPolicy(channel=channel)


def window_closes_at(order, policy):
    """Return when the policy's window closes; None while nothing has shipped.

    It opens anew with each parcel that leaves, and with each that is known to have arrived.
    """
    if not order.shipped_at:
        return None
    arrived = order.parcels.aggregate(at=Max("delivered_at"))["at"]
    return max(order.shipped_at, arrived or order.shipped_at) + timedelta(days=policy.window_days)


def lock(return_id):
    """Return (order, return): the order locked, as it guards its returns, the return read after that."""
    order = Order.objects.lock(Return.objects.values_list("order_id", flat=True).get(pk=return_id))
    return order, Return.objects.get(pk=return_id)


def withdraw(order, rma):
    """Take back the announcement of pieces of a locked order that will not come any more."""
    rows = OrderLine.objects.lock_of(order)
    by_pk = {row.pk: row for row in rows}
    for line in rma.lines.all():
        by_pk[line.line_id].return_requested -= line.quantity - line.received
    counters.save(rows)
    states.refresh(order, rows)


def let_come(order, rma, policy, *, actor):
    """Approve a return of a locked order and publish it."""
    rma.expires_at = timezone.now() + timedelta(days=policy.expires_after_days)
    rma.move_to(Return.Status.APPROVED)
    rma.publish("return.approved", order=order, actor=actor)


def _wanted(rows, lines):
    """Return {leaf line id: (pieces, reason, note)}; raises Invalid, naming the field."""
    by_pk, wanted = {row.pk: row for row in rows}, {}
    if not lines:
        raise Invalid("Choose what comes back.", field="lines")
    for i, asked in enumerate(lines):
        line = by_pk.get(asked.line_id)
        if line is None:
            raise Invalid("Name a line of this order.", field=f"lines.{i}.line")
        if asked.reason not in ReturnLine.Reason.values:
            raise Invalid(f"Choose one of {', '.join(ReturnLine.Reason.values)}.", field=f"lines.{i}.reason")
        for pk, pieces in counters.leaf_pieces(rows, {asked.line_id: asked.quantity}).items():
            before = wanted.get(pk, (0,))[0]
            if not 0 < pieces <= by_pk[pk].returnable - before:
                text = f"{by_pk[pk].returnable} pieces of {by_pk[pk].sku_code} can be returned."
                raise Invalid(text, field=f"lines.{i}.quantity")
            wanted[pk] = before + pieces, asked.reason, asked.note
    return wanted


def _fee(policy, lines):
    is_our_fault = any(line.reason in ReturnLine.OUR_FAULT for line in lines)
    return 0 if is_our_fault and policy.is_free_when_faulty else policy.fee


def _origin(order, wanted):
    """Return the id of the location that most of the pieces came from."""
    shipped = Allocation.objects.filter(order=order, line__in=wanted, status=Allocation.Status.SHIPPED)
    return shipped.order_by("-quantity", "pk").values_list("location_id", flat=True).first()
