"""Store pickup: packed goods wait on a shelf for the customer, for a limited time."""

import logging
import secrets
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services.cancel_work import take_out_stopped
from fulfilment.services.claim import claim
from fulfilment.services.deliver import record
from fulfilment.services.pack import check_not_aside
from fulfilment.services.ship import send
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from oms.lib.text import check_text
from orders.services.tell_customer import tell_customer

logger = logging.getLogger(__name__)

Status = FulfilmentOrder.Status
WAITS = timedelta(days=7)
REMINDED_AFTER = timedelta(days=3)
MOST_REFUSED = 5  # wrong codes, after which only name and ID count: six digits could be tried out
ORDERS_AT_ONCE = 200


@command
def make_ready(fulfilment_order_id, *, shelf, actor):
    """Put packed goods on `shelf` for the customer, who is told by `order.ready_for_pickup`.

    Raises InvalidTransition when it is no pickup, not packed, set aside, or must not move. Ready already: the
    shelf is changed, and nobody is told again.
    """
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.method != FulfilmentOrder.Method.PICKUP:
        raise InvalidTransition(f"Order {work.order} is sent, not collected.")
    work.check_may_move()
    check_not_aside(work)
    row.pickup_shelf = check_text(shelf, max_length=20, field="shelf")
    if row.status != Status.READY_FOR_PICKUP:
        row.pickup_code = f"{secrets.randbelow(10**6):06d}"
        row.pickup_until = timezone.now() + WAITS
        row.pickup_refused, row.pickup_reminded_at = 0, None  # those were of the code before
        row.move_to(Status.READY_FOR_PICKUP, order=work.order, actor=actor, event="order.ready_for_pickup")
    row.save(update_fields=["pickup_shelf", "pickup_code", "pickup_until", "pickup_refused", "pickup_reminded_at"])
    return row


def collect(fulfilment_order_id, *, code="", name="", has_id=False, actor):
    """Hand the goods over to who shows the `code`, or says the `name` on the order and shows an ID with it.

    They are shipped and delivered. Raises Invalid when neither fits; a wrong code is counted, and after MOST_REFUSED
    only name and ID count. Collected already: nothing happens.
    """
    row, refusal = _collect(fulfilment_order_id, code.strip(), name.strip(), has_id, actor=actor)
    if refusal:
        raise refusal
    return row


@command
def _collect(fulfilment_order_id, code, name, has_id, *, actor):
    """Return (the fulfilment order, None), or with an Invalid: then nothing but a wrong code's count has changed."""
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.status == Status.CLOSED:
        return row, None
    if row.status != Status.READY_FOR_PICKUP:
        raise InvalidTransition(f"Order {work.order} is {row.state}, not ready for pickup.")
    work.check_may_move()
    if refusal := _refusal(work, code, name, has_id):
        _count_refused(work, code, actor)
        return row, refusal
    parcels = [parcel for parcel in Parcel.objects.lock_of(row) if parcel.status == Parcel.Status.PACKED]
    send(work, parcels, actor=actor)
    by = f"{name}, ID shown" if name else "the code"
    record(work, parcels, place=str(work.location), text=f"collected by {by}", signed_by=name, actor=actor)
    return row, None


@command
def give_up(fulfilment_order_id, *, actor):
    """Nobody came: the goods go back to the shelf and the pieces are cancelled; return whether they were.

    Raises InvalidTransition before its time is over; collected or given up already: nothing.
    """
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.status != Status.READY_FOR_PICKUP:
        return False
    if row.pickup_until and row.pickup_until > timezone.now():
        day = timezone.localtime(row.pickup_until, ZoneInfo(work.location.tz)).date()
        raise InvalidTransition(f"Order {work.order} may be collected until {day:%-d %b}: cancel it to take it back.")
    work.order.cancel_reason = "not collected"
    work.order.save(update_fields=["cancel_reason"])
    for line in work.lines:
        line.stopped = line.wanted
    take_out_stopped(work, actor=actor)
    return True


def give_up_due():
    """Give up the pickups whose time is over; run by the schedule."""
    due = FulfilmentOrder.objects.filter(status=Status.READY_FOR_PICKUP, pickup_until__lte=timezone.now())
    _each(give_up, due)


def remind_due():
    """Remind, once, the customers of pickups that have waited REMINDED_AFTER; run by the schedule."""
    due = FulfilmentOrder.objects.filter(status=Status.READY_FOR_PICKUP, pickup_reminded_at__isnull=True)
    since = timezone.now() + WAITS - REMINDED_AFTER
    _each(remind, due.filter(pickup_until__lte=since))


@command
def remind(fulfilment_order_id, *, actor):
    """Tell the customer once more that his order lies ready; reminded already or collected: nothing."""
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.status != Status.READY_FOR_PICKUP or row.pickup_reminded_at:
        return
    row.pickup_reminded_at = timezone.now()
    row.save(update_fields=["pickup_reminded_at"])
    work.order.publish("order.pickup_reminded", actor=actor, fulfilment_order=row.pk)
    tell_customer("order_pickup_reminder", work.order.pk, object_id=row.pk)


def _each(act, due):
    """Call `act` for each of `due`; one that is refused keeps none of the others waiting."""
    for pk in due.order_by("pk").values_list("pk", flat=True)[:ORDERS_AT_ONCE]:
        try:
            act(pk, actor="system")
        except DomainError as error:
            logger.warning("The pickup F%s is left as it is: %s", pk, error.message)


def _refusal(work, code, name, has_id):
    """Return why the goods are not handed over, an Invalid; None when the code is right, or the name with its ID.

    Of a name each word (two letters or more) must be in the order's.
    """
    row = work.fulfilment_order
    if code and row.pickup_refused >= MOST_REFUSED:
        text = f"{MOST_REFUSED} wrong codes were shown for this order: ask for the name, and for an ID with it."
        return Invalid(text, field="name")
    if code and secrets.compare_digest(code.encode(), row.pickup_code.encode()):
        return None
    known = f"{work.order.ship_name} {work.order.customer or ''}".casefold().split()
    words = name.casefold().split()
    if not (words and all(len(word) > 1 and word in known for word in words)):
        return Invalid("Neither the code nor the name is this order's.", field="code" if code else "name")
    return None if has_id else Invalid("Look at an ID with this name on it, and tick that you did.", field="has_id")


def _count_refused(work, code, actor):
    """Note that a wrong code was shown, on the timeline too."""
    if code:
        work.fulfilment_order.pickup_refused += 1
        work.fulfilment_order.save(update_fields=["pickup_refused"])
        work.order.publish("order.pickup_refused", actor=actor, fulfilment_order=work.fulfilment_order.pk)
