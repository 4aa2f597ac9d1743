"""What the floor does when something happened to an order."""

from datetime import timedelta

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services import (
    ask_manifest,
    book_collection,
    cancel_collection,
    cancel_work,
    dropship,
    follow_parcel,
    open_orders,
    settle_case,
    tell_shipped,
    wave,
)
from fulfilment.services.advise_shipment import advise
from oms.outbox.consumers import sender, subscriber
from orders.services.tell_customer import STOPPABLE_S, take_back, tell_customer

# Who downloads it, or takes it over the counter, need not hear that it is on its way.
HANDED_OVER_AT_ONCE = (FulfilmentOrder.Method.DIGITAL, FulfilmentOrder.Method.PICKUP)


@subscriber
def follow_order(event):
    """Bring the fulfilment orders in step with what the order promises now."""
    open_orders.follow(event.data["order"])


@subscriber
def answer_cancel_request(event):
    """Give up what nobody picked, and stop what somebody has in hand."""
    cancel_work.request(event.data["order"], event.data["lines"])


@subscriber
def close_work(event):
    """The order is over: so is work that shipped without anybody telling that it arrived."""
    open_orders.close(event.data["order"])


@subscriber
def follow_carrier(event):
    """Note on the parcel what its carrier's webhook says of it."""
    follow_parcel.follow(event.data["message"])


@subscriber
def release_cart(event):
    """Make the pick list of one cart of a wave, unless it was made already."""
    wave.release_cart(event.data["wave"], event.data["cart"], actor=event.actor)


@subscriber
def follow_lists(event):
    """A wave is done when its lists are."""
    wave.follow_lists(event.data["wave"])


@subscriber
def ask_supplier(event):
    """Send the supplier its request: PDF by e-mail, with the link where it answers."""
    dropship.ask(event.data["fulfilment_order"], actor=event.actor)


@subscriber
def remind_supplier(event):
    """Ask a silent supplier once more."""
    dropship.ask(event.data["fulfilment_order"], kind="dropship_reminder", actor=event.actor)


@subscriber
def mail_shipped(event):
    """Tell the customer what is on its way, a minute later; what is taken back meanwhile he does not hear of.

    Both events have one consumer, so that it sees them in their order.
    """
    work = FulfilmentOrder.objects.get(pk=event.data["fulfilment_order"])
    if event.name == "order.unshipped":
        take_back(event.data["order"], "order_shipped", object_id=work.pk)
    elif work.method not in HANDED_OVER_AT_ONCE:
        cause = f"event:{event.pk}"
        tell_customer("order_shipped", event.data["order"], object_id=work.pk, cause=cause, wait_s=STOPPABLE_S)


@subscriber
def advise_by_edi(event):
    """Announce a shipment to the trading partner whose order it is of."""
    advise(event.data["fulfilment_order"])


@subscriber
def tell_channel(event):
    """Have the channel told what left, or has not after all; both events have one consumer, as above."""
    if event.name == "order.unshipped":
        tell_shipped.tell_unshipped(event.data["parcels"])
    else:
        tell_shipped.tell_shipped(event.data["parcels"], is_last=event.data["final"])


@subscriber
def mail_delivered(event):
    """Tell the customer what has arrived; not him who stands at the counter."""
    parcels = Parcel.objects.filter(pk__in=event.data["parcels"]).select_related("fulfilment_order")
    if any(parcel.fulfilment_order.method != FulfilmentOrder.Method.PICKUP for parcel in parcels):
        tell_customer("order_delivered", event.data["order"], cause=f"event:{event.pk}")


@subscriber
def mail_case(event):
    """Tell the customer of a parcel that is late or stuck before he asks, a minute later."""
    settle_case.tell_at_once(event.data["case"])


@subscriber
def mail_ready_for_pickup(event):
    """Tell the customer where his order lies and what to show there."""
    work = event.data["fulfilment_order"]
    tell_customer("order_ready_for_pickup", event.data["order"], object_id=work, cause=f"event:{event.pk}")


@sender(lease=timedelta(minutes=5))
def ask_carrier_manifest(event):
    """Ask the carrier for its own manifest of what was handed over."""
    ask_manifest.ask_all(event.data["manifest"], actor=event.actor)


@sender
def book_carrier(event):
    """Ask the carrier for its driver."""
    book_collection.ask(event.data["collection"], actor=event.actor)


@sender
def send_carrier_away(event):
    """Tell the carrier that its driver is not wanted any more."""
    cancel_collection.send_away(event.data["collection"], actor=event.actor)
