"""What orders do when something happened."""

from datetime import timedelta

from inventory.models import PurchaseLine, TransferLine
from oms.outbox.consumers import sender, subscriber
from oms.outbox.publish import publish
from oms.papers.models import Message
from orders.customer.mail import event_of
from orders.gateways.base import GatewayError
from orders.imports import upload
from orders.imports.sheets.check import check
from orders.imports.sheets.take import take
from orders.models import Allocation, Channel, Order, OrderLine, PaymentEntry, PromiseEvent
from orders.services import (
    backorder,
    bills,
    capture,
    end_gathering,
    entries,
    preorder,
    refund,
    settle,
    shortage,
    tell_order,
)
from orders.services import list_goods as goods
from orders.services.answer_purchase import answer_purchase
from orders.services.poll_channel import poll
from orders.services.reconcile_channel import reconcile
from orders.services.send_edi import write_file
from orders.services.send_invoice import send_invoice
from orders.services.take_up_files import take_up
from orders.services.tell_customer import STOPPABLE_S, take_back, tell_customer
from orders.services.verify import verify
from orders.services.work_document import work

ABOUT_THE_PROMISE = ("order_dated", "order_delayed", "order_restocked")
OPEN = (Order.Status.PLACED, Order.Status.CONFIRMED)


@subscriber
def verify_placed(event):
    """Check a placed order, and hold or confirm it."""
    verify(event.data["order"])


@subscriber
def work_document(event):
    """Do what a document of a channel says; those of one order come one after the other."""
    work(event.data["document"])


@sender(lease=timedelta(minutes=10))
def reconcile_channel(event):
    """Compare a shop's orders of a day with ours."""
    reconcile(event.data["connection"], event.data["day"])


@sender(lease=timedelta(minutes=10))
def list_goods(event):
    """Ask a shop which goods it counts, and have it told of what is new."""
    goods.list_goods(event.data["connection"])


@sender(lease=timedelta(minutes=10))
def poll_channel(event):
    """Ask a shop for what changed; what it answers is stored, and how it failed stands at the connection."""
    poll(event.data["connection"])


@sender(lease=timedelta(minutes=10))
def take_up_inbox(event):
    """Take up the files that a trading partner left; each is stored once, whatever becomes of the worker."""
    take_up(event.data["connection"])


@sender
def write_edi(event):
    """Put a file into a trading partner's outbox; twice, it is the same file."""
    write_file(event.data["document"])


@subscriber
def answer_by_edi(event):
    """Answer a trading partner's order when it is confirmed, or not taken; what was answered stays."""
    answer_purchase(event.data["order"])


@subscriber
def bill_by_edi(event):
    """Send a trading partner the invoice."""
    send_invoice(event.data["invoice"])


@subscriber
def take_up_backorders(event):
    """Serve those who wait for what arrived."""
    backorder.take_up(event.data["sku"], arrived_at=event.data.get("location"))


@subscriber
def ask_shortage(event):
    """Serve what is missing from where it lies, and ask the customer about what lies nowhere."""
    missing = Allocation.objects.backordered().filter(pk__in=event.data["allocations"])
    for sku_id in sorted(set(missing.values_list("sku_id", flat=True))):
        backorder.take_up(sku_id)
    shortage.ask(event.data["order"])


@subscriber
def settle_shortage(event):
    """Let an order go on that nothing is missing of any more."""
    shortage.settle(event.data["order"])


@subscriber
def settle_gathering(event):
    """Let an order go on of which all came together, or of which nothing more is wanted."""
    end_gathering.settle(event.data["order"])


@sender(lease=timedelta(minutes=10))
def release_moved(event):
    """Hold back or let go the pre-orders of a SKU whose release day was changed; order by order."""
    preorder.follow_release(event.data["sku"])


@subscriber
def mail_shortage(event):
    """Ask him by e-mail, with the link to answer by; once."""
    tell_customer("order_shortage", event.data["order"], cause=f"event:{event.pk}")


@subscriber
def supply_moved(event):
    """Have those served and told who wait for goods of a purchase or a transfer; each SKU by itself."""
    if "purchase" in event.data:
        lines = PurchaseLine.objects.filter(order=event.data["purchase"])
        if event.name == "purchase.received":  # what came damaged is not on its way any more
            lines = lines.filter(sku=event.data["sku"])
    else:
        lines = TransferLine.objects.filter(transfer=event.data["transfer"])
    waiting = Allocation.objects.backordered().filter(sku__in=lines.values("sku"), order__status__in=OPEN)
    for sku_id in waiting.order_by("sku_id").values_list("sku_id", flat=True).distinct():
        publish("stock.supply_moved", f"sku:{sku_id}", sku=sku_id)


@subscriber
def mail_confirmation(event):
    """Tell the customer that we have the order; not him who bought it at a till, and has it himself."""
    sold = Order.objects.filter(pk=event.data["order"], channel__kind=Channel.Kind.STORE, shipped_at__isnull=False)
    if not sold.exists():
        tell_customer("order_confirmation", event.data["order"])


@subscriber
def mail_cancelled(event):
    """Tell him that nothing will be sent, a minute later, so that it can be stopped."""
    take_back(event.data["order"], *ABOUT_THE_PROMISE)
    if Order.objects.filter(pk=event.data["order"], placed_at=None).exists():
        return  # a draft that he never heard of
    tell_customer("order_cancelled", event.data["order"], wait_s=STOPPABLE_S)


@subscriber
def mail_lines_cancelled(event):
    """Tell him what will not be sent, a minute later."""
    cause = f"event:{event.pk}"
    tell_customer("order_lines_cancelled", event.data["order"], cause=cause, wait_s=STOPPABLE_S)


@subscriber
def mail_promise_moved(event):
    """Tell him when it comes later or sooner, or when what was missing is here; each move once.

    What an older move would have told and has not yet is not true any more: the day he was told before counts.
    Bad news waits a minute, in which another place may serve him.
    """
    move = PromiseEvent.objects.select_related("order").get(pk=event.data["promise"])
    take_back(event.data["order"], *ABOUT_THE_PROMISE)
    if move.cause == PromiseEvent.Cause.CHANGED or not move.order.is_open:
        return  # he, or CS on the phone with him, changed it, or nothing will come
    before = _day_told(move)
    holds = before != move.old and before is not None
    move.old = before
    if move.is_later:
        tell_customer("order_delayed", event.data["order"], cause=f"event:{event.pk}", wait_s=STOPPABLE_S)
    elif holds:
        return  # he was told of nothing else since
    elif move.cause == PromiseEvent.Cause.RESTOCKED:
        tell_customer("order_restocked", event.data["order"], cause=f"event:{event.pk}")
    else:
        tell_customer("order_dated", event.data["order"], cause=f"event:{event.pk}")


def _day_told(move):
    """Return the day the customer was told before a promise moved, past those whose e-mail was stopped for good."""
    stopped = Message.objects.of(move.order.subject).filter(kind__in=ABOUT_THE_PROMISE, status=Message.Status.STOPPED)
    stopped = stopped.filter(resends=None)
    untold = {event_of(message).data["promise"] for message in stopped.filter(cause__startswith="event:")}
    day = move.old
    for older in move.order.promises.filter(pk__lt=move.pk).order_by("-pk"):
        if older.pk not in untold:
            break
        day = older.old
    return day


@subscriber
def mail_refunded(event):
    """Tell him that money is on its way back."""
    tell_customer("order_refunded", event.data["order"], object_id=event.data["refund"])


@subscriber
def tell_cancelled(event):
    """Have the channel told what is cancelled here."""
    tell_order.tell_cancelled(event.data["order"], key=f"event:{event.pk}", actor=event.actor)


@subscriber
def tell_changed(event):
    """Have the channel told what is changed here."""
    tell_order.tell_changed(event.data["order"], event.data["fields"], key=f"event:{event.pk}", actor=event.actor)


@subscriber
def tell_refunded(event):
    """Have the channel told what money goes back."""
    tell_order.tell_refunded(event.data["refund"], actor=event.actor)


@sender(lease=timedelta(minutes=10))
def import_upload(event):
    """Import a file that somebody uploaded; its orders are written in transactions of their own."""
    upload.import_upload(event.data["upload"], actor=event.actor)


@sender(lease=timedelta(minutes=10))
def check_sheet(event):
    """Check a spreadsheet whose columns were named; a long one goes on in another delivery."""
    check(event.data["upload"], actor=event.actor)


@sender(lease=timedelta(minutes=10))
def take_sheet(event):
    """Import a checked spreadsheet, some orders a transaction; a long one goes on in another delivery."""
    take(event.data["upload"], actor=event.actor)


@sender
def move_money(event):
    """Ask the gateway for a pending entry, and record its answer; one that ended is left alone."""
    entry = PaymentEntry.objects.select_related("payment__order").get(pk=event.data["entry"])
    if entry.status != PaymentEntry.Status.PENDING:
        return
    try:
        receipt = entries.send(entry)
    except GatewayError as error:
        if error.retry:
            raise
        settle.refused(entry.pk, str(error))
    else:
        settle.done(entry.pk, receipt)


@subscriber
def capture_due(event):
    """Take what a confirmed order costs, or was invoiced for, as its channel says; give back what came too late."""
    order = Order.objects.lock(event.data["order"])
    if order.status in (Order.Status.CONFIRMED, Order.Status.CLOSED):
        capture.due_at_confirm(order)
        capture.due_at_shipping(order)
    if order.status in (Order.Status.CLOSED, Order.Status.CANCELLED):
        capture.release_rest(order)


@subscriber
def release_rest(event):
    """Give back what an order that is over will not need of its authorisations."""
    capture.release_rest(Order.objects.lock(event.data["order"]))


@subscriber
def return_excess(event):
    """Refund what was taken beyond what the order still costs, after a cancellation or a change."""
    refund.return_excess(event.data["order"])


@subscriber
def return_late_capture(event):
    """Refund what a gateway took while the order, or a part of it, was being cancelled."""
    if OrderLine.objects.filter(order=event.data["order"], cancelled__gt=0).exists():
        refund.return_excess(event.data["order"])


@subscriber
def seal_bill(event):
    """Keep the hash of an invoice's or a credit note's first PDF on it."""
    bills.seal(event.data["kind"], event.data["object"], event.data["sha256"])
