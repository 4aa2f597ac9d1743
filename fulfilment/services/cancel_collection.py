"""A carrier's driver is sent away again, also one of whom nobody knows yet whether he comes."""

from django.utils import timezone

from fulfilment.carriers.base import CarrierError
from fulfilment.models import CarrierCollection
from fulfilment.services.book_collection import begin, lock, outside, tell
from fulfilment.services.buy_label import IN_FLIGHT
from oms.lib.commands import command
from oms.lib.text import one_line

Status = CarrierCollection.Status


@command
def cancel(collection_id, *, actor):
    """Cancel a pickup; its carrier is told by a task. Returns the CarrierCollection.

    What somebody arranged, or nobody was asked for yet, is cancelled at once. Raises InvalidTransition when there is
    nothing to cancel.
    """
    row = lock(collection_id)
    is_known = row.status == Status.BOOKED or row.attempts > 0
    row.move_to(Status.CANCELLED if row.is_noted or not is_known else Status.CANCELLING)
    tell(row, actor)
    return row


def send_away(collection_id, *, actor):
    """Tell the carrier that a pickup is cancelled. Raises CarrierError: it stays CANCELLING and is told again.

    A booked one that the carrier refuses to cancel stays BOOKED: its driver comes. One of which it knows nothing (yet)
    is cancelled once no question of ours can be heard any more.
    """
    row = begin(collection_id, Status.CANCELLING, actor=actor)
    if row is None:
        return
    plugin, wish = outside(row)
    try:
        # Without the carrier's id nothing was booked, and nothing will be.
        is_done = not row.external_id or plugin.cancel_collection(wish)
        if not is_done and row.asked_at > timezone.now() - IN_FLIGHT:
            raise CarrierError(f"{row.carrier} may still hear that it was to come.", retry=True)
    except CarrierError as error:
        if _note_failure(collection_id, error, actor=actor) == Status.BOOKED:
            return
        raise
    _settle(collection_id, actor=actor)


@command
def _note_failure(collection_id, error, *, actor):
    """Keep why a pickup was not cancelled; return its status."""
    row = lock(collection_id)
    if row.status == Status.CANCELLING:
        row.error = one_line(error.message)[:300]
        row.save(update_fields=["error"])
        if not error.retry and row.booked_at:
            row.move_to(Status.BOOKED)
            tell(row, actor)
    return row.status


@command
def _settle(collection_id, *, actor):
    row = lock(collection_id)
    if row.status == Status.CANCELLING:
        row.error = ""
        row.save(update_fields=["error"])
        row.move_to(Status.CANCELLED)
        tell(row, actor)
