"""What a customer is told of his order: where it is, when it comes, why it is late, in plain words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from orders.customer.lines import told_lines, told_sums
from orders.models import Allocation, Gathering, Hold, Order, PromiseEvent
from orders.models.worth import kept_of

State = Order.FulfilmentState


@dataclass(frozen=True)
class Step:
    """`state` is done, now or next; `when` the day it was done, in words, or ""."""

    label: str
    state: str
    when: str


@dataclass(frozen=True)
class Story:
    """All of it, in the language that was active. `tone` is good, wait, late or over."""

    headline: str
    explanation: str
    tone: str
    steps: tuple
    promise: str
    why_late: str
    lines: tuple
    sums: tuple

    @property
    def missing(self):
        """What is not in stock, as ["2 × Mug"]."""
        return [f"{line.missing} × {line.name}" for line in self.lines if line.missing]

    @property
    def to_follow(self):
        """What is still to be sent, as ["2 × Mug"]."""
        return [f"{line.to_follow} × {line.name}" for line in self.lines if line.to_follow]


def tell(order, reader, *, now):
    """Return the Story of `order` (its channel at hand) for `reader` at `now`, in the active language.

    Four statements, however many lines.
    """
    lines = list(order.lines.all())
    kept, charges = kept_of(order, lines, list(order.charges.all()))
    moves = list(order.promises.all())
    missing = {}
    # What is brought to where the order is gathered is not missing, but on its way within the house.
    short = Allocation.objects.missing().filter(order=order)
    short = short.exclude(order__in=Gathering.objects.open().filter(order=order).values("order"))
    for line_id, pieces in short.values_list("line_id", "quantity"):
        missing[line_id] = missing.get(line_id, 0) + pieces
    is_late = _is_late(order, now)
    tone, headline, explanation = _where(order, missing)
    return Story(
        headline=headline,
        explanation=explanation,
        tone="late" if is_late and tone == "good" else tone,
        steps=tuple(_steps(order, lines, reader)),
        promise=_promise(order, reader, is_late=is_late),
        why_late=_why_late(order, moves, reader, is_late=is_late, missing=missing),
        lines=told_lines(order, lines, kept, reader, missing),
        sums=tuple(told_sums(order, kept, charges, reader)),
    )


def _where(order, missing):
    """Return (tone, headline, explanation) of where the order is."""
    if order.status == Order.Status.CANCELLED:
        explanation = _("Nothing will be sent. If you have paid, your money comes back to you.")
        return "over", _("Your order is cancelled"), explanation
    if order.fulfilment_state in (State.DELIVERED, State.SHIPPED, State.PARTLY_SHIPPED):
        return _on_its_way(order)
    if order.fulfilment_state == State.NOTHING:
        return "over", _("Nothing is left to send"), ""
    return _stopped(order) or _in_the_house(order, missing)


def _stopped(order):
    """Return what keeps it from being packed, or None."""
    if order.cancel_requested_at:
        return "wait", _("We are stopping your order"), _("We tell you shortly whether it could be stopped in time.")
    if order.status == Order.Status.PLACED and not order.is_gate_met:
        return "wait", _("We are waiting for your payment"), _("As soon as it arrives we pack your order.")
    kinds = {hold.kind for hold in order.holds.active()} if order.is_held else set()
    if Hold.Kind.RELEASE in kinds:
        return "wait", _("Your pre-order is noted"), _("We send it as soon as it is released.")
    if kinds == {Hold.Kind.GATHERING}:
        explanation = _("It leaves in one parcel as soon as all of it is in one place.")
        return "wait", _("We are putting your order together"), explanation
    if kinds - {Hold.Kind.STOCK, Hold.Kind.GATHERING}:
        explanation = _("You need do nothing. If we have a question, we write to you.")
        return "wait", _("We are checking your order"), explanation
    return None


def _in_the_house(order, missing):
    if order.fulfilment_state == State.ON_FLOOR:
        return "good", _("Your order is being packed"), ""
    if missing:
        return "wait", _("A part of your order is not in stock"), _("It is reserved for you as soon as it arrives.")
    return "good", _("We have your order"), _("It is next in line to be packed.")


def _on_its_way(order):
    if order.fulfilment_state == State.PARTLY_SHIPPED:
        return "good", _("A part of your order is on its way"), _("The rest follows; below you see what.")
    if order.method == Order.Method.PICKUP:
        return "good", _("You have collected your order"), ""
    if order.fulfilment_state == State.DELIVERED:
        return "good", _("Your order has arrived"), _("We hope you like it.")
    return "good", _("Your order is on its way"), ""


def _steps(order, lines, reader):
    """Yield ordered, packed, shipped, delivered: each done, the first that is not, now.

    Where a part has left and the rest has not, it is that which is now, and is called so.
    """
    if order.status == Order.Status.CANCELLED:
        return
    leaves = [line for line in lines if line.kind != "kit" and line.quantity > line.cancelled]
    is_shipped = bool(leaves) and all(not line.open_quantity for line in leaves)
    is_arrived = is_shipped and all(line.delivered >= line.shipped for line in leaves)
    is_part = not is_shipped and any(line.shipped for line in leaves)
    is_packing = any(line.on_floor or line.shipped for line in leaves)
    left_at = order.shipped_at if is_shipped or is_part else None
    stages = [(_("Ordered"), True, order.ordered_at)]
    if order.method != Order.Method.DIGITAL:
        stages.append((_("Packed"), is_shipped or is_part, None))
    if order.method == Order.Method.PICKUP:
        stages.append((_("Partly collected") if is_part else _("Collected"), is_shipped, left_at))
    else:
        stages.append((_("Partly shipped") if is_part else _("Shipped"), is_shipped, left_at))
        stages.append((_("Delivered"), is_arrived, None))
    reached = True
    for i, (label, is_done, when) in enumerate(stages):
        state = "done" if is_done else "now" if reached and (i > 1 or is_packing) else "next"
        reached = is_done
        yield Step(label, state, reader.short_day(when) if when else "")


def _is_late(order, now):
    arrives = order.promised_current
    is_waiting = order.is_open and order.fulfilment_state not in (State.DELIVERED, State.NOTHING)
    return bool(is_waiting and arrives and arrives < now)


def _promise(order, reader, *, is_late):
    """Return the sentence that says when it comes; "" where there is nothing left to promise."""
    if not order.is_open or order.fulfilment_state in (State.DELIVERED, State.NOTHING):
        return ""
    if order.method == Order.Method.DIGITAL:
        return ""
    if order.promised_current is None:
        return _("We cannot name a day yet. We tell you as soon as we can.")
    day = reader.day(order.promised_current)
    if is_late:
        return _("It should have been with you on %(day)s.") % {"day": day}
    if order.method == Order.Method.PICKUP:
        return _("Ready to be collected by %(day)s") % {"day": day}
    return _("With you by %(day)s") % {"day": day}


def _why_late(order, moves, reader, *, is_late, missing):
    """Return why it comes later than first promised; "" where it does not."""
    first, latest = order.promised_original, order.promised_current
    if not order.is_open or order.fulfilment_state == State.DELIVERED:
        return ""
    if is_late:
        if order.fulfilment_state == State.SHIPPED:
            return _("The carrier takes longer than usual. We are sorry.")
        return _("We have more to pack than usual. We are sorry; it leaves as soon as it can.")
    if not first or (latest and latest <= first):
        return ""
    causes = [move.cause for move in moves]
    if PromiseEvent.Cause.GATHERED in causes and not missing:
        reason = _("We bring it together, so that it comes in one parcel.")
    elif missing or PromiseEvent.Cause.BACKORDER in causes or PromiseEvent.Cause.RESTOCKED in causes:
        reason = _("Pieces of it were missing in stock.")
    elif PromiseEvent.Cause.CHANGED in causes:
        reason = _("The order was changed.")
    else:
        reason = _("It left later than planned.")
    return _("First promised for %(day)s. %(reason)s") % {"day": reader.day(first), "reason": reason}


def why_fixed(order):
    """Return why an order can no longer be stopped or redirected by its customer."""
    if order.cancel_requested_at:
        return _("We are about to stop it.")
    if not order.is_open or order.fulfilment_state in (State.SHIPPED, State.DELIVERED):
        return _("It has left already.")
    return _("We have begun to pack it, so it can no longer be changed here.")
