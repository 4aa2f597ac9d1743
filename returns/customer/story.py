"""What a customer is told of his returns, in the active language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from orders.models import Refund
from returns.models import Return

Status = Return.Status
# Of the others somebody has still to see to it that they do.
GOING_BACK = (Refund.Status.APPROVED, Refund.Status.SENDING, Refund.Status.DONE)


@dataclass(frozen=True)
class ReturnTold:
    """`rows` are ["2 × Mug"], `state` says in words how far it is; `slip` names it where he still needs its slip."""

    number: str
    state: str
    rows: tuple
    slip: int | None


def told_returns(order, reader):
    """Return [ReturnTold] of `order`, the newest first. Two statements."""
    rows = Return.objects.filter(order=order).select_related("refund").prefetch_related("lines__line")
    return [_told(rma, reader) for rma in rows]


def has_slip(rma):
    """Whether the customer may print the slip: the return is approved, and nothing came yet."""
    return rma.status in (Status.APPROVED, Status.IN_TRANSIT)


def _told(rma, reader):
    rows = tuple(f"{line.quantity} × {line.line.name}" for line in rma.lines.all())
    return ReturnTold(rma.number, _state(rma, reader), rows, rma.pk if has_slip(rma) else None)


def _state(rma, reader):
    if rma.status == Status.REQUESTED:
        return _("We look at your request and write to you.")
    if rma.status == Status.APPROVED:
        return _("Please send it so that it is here by %(day)s.") % {"day": reader.day(rma.expires_at)}
    if rma.status == Status.IN_TRANSIT:
        return _("It is on its way to us.")
    if rma.status in (Status.RECEIVED, Status.INSPECTED):
        return _("It is here, and we look at it.")
    if rma.status == Status.DECLINED:
        return _("We cannot take it back: %(reason)s") % {"reason": rma.decline_reason}
    if rma.status == Status.EXPIRED:
        return _("It did not come in time, so this return has ended.")
    return _resolved(rma, reader)


def _resolved(rma, reader):
    if rma.refund is None or rma.refund.status == Refund.Status.REJECTED:
        return _("Done.")
    if rma.refund.status not in GOING_BACK:
        return _("It is here, and we look at it.")
    amount = reader.money(rma.refund.amount, rma.order.currency)
    return _("Done: %(amount)s go back to you.") % {"amount": amount}
