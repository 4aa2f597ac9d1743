"""Work that a 3PL or a supplier does: assigned (RELEASED), acknowledged (PICKING), reported or rejected."""

from fulfilment.models import FulfilmentOrder
from fulfilment.services.claim import claim
from fulfilment.services.direct import to_floor
from oms.lib.commands import command
from oms.lib.errors import InvalidTransition

Status = FulfilmentOrder.Status


def assign(work, *, actor):
    """Hand claimed, OPEN work to the partner who runs its location: from now on a cancellation must ask."""
    to_floor(work, actor=actor)
    row = work.fulfilment_order
    if row.method == FulfilmentOrder.Method.DROPSHIP:
        work.order.publish("order.dropship_requested", actor=actor, fulfilment_order=row.pk)


@command
def acknowledge(fulfilment_order_id, *, actor):
    """The partner has taken the work on; a second call does nothing.

    Raises InvalidTransition when it was not assigned, or is being cancelled.
    """
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.status == Status.PICKING:
        return row
    if row.status != Status.RELEASED:
        raise InvalidTransition(f"{row} is {row.state} and cannot be acknowledged.")
    work.check_may_move()
    row.move_to(Status.PICKING, order=work.order, actor=actor)
    return row
