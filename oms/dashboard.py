"""What each role sees when it comes in: its queues, each a bounded count that opens its rows."""

from datetime import datetime, timedelta

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel, ParcelCase, PickList, PutBack
from fulfilment.pages.door import place_of
from oms import buying_queues, channel_queues, roles, stock_queues
from oms.figures import figures
from oms.first_steps import first_steps
from oms.outbox.models import Delivery
from oms.papers.models import Message
from oms.partners.models import WebhookEndpoint
from oms.queue import Queue, tiles
from orders.models import Allocation, Hold, Invoice, Order, Refund
from returns.models import Return

DAY = timedelta(days=1)
ORDERS = "admin:orders_order_changelist"
REFUNDS = "admin:orders_refund_changelist"
OPEN = "status=open"


def held(*kinds):
    """Return the rows of a queue of orders that are on hold for one of `kinds`; none given: for any."""

    def rows():
        orders = Order.objects.held()
        return orders.filter(holds__in=Hold.objects.active().filter(kind__in=kinds)) if kinds else orders

    return rows


def late():
    return Order.objects.late(timezone.now())


def due_today():
    now = timezone.localtime()
    midnight = datetime.combine(now.date() + DAY, datetime.min.time(), now.tzinfo)
    return Order.objects.unshipped().filter(promised_current__gte=now, promised_current__lt=midnight)


def backordered():
    return Order.objects.open().filter(fulfilment_state=Order.FulfilmentState.BACKORDERED)


def unpaid():
    return Order.objects.filter(status=Order.Status.PLACED, payment_state=Order.PaymentState.UNPAID)


def returns_in(status):
    """Return the rows of a queue of returns that are at `status`."""
    return lambda: Return.objects.filter(status=status)


def drafts():
    return Order.objects.filter(status=Order.Status.DRAFT)


def returning():
    return Order.objects.filter(return_state=Order.ReturnState.REQUESTED)


LATE = Queue("Late", "promised for before now, not all has left", late, ORDERS, "promise=late", tone="bad")
TODAY = Queue("Due today", "promised for today", due_today, ORDERS, "promise=today")
HELD = Queue("On hold", "somebody must decide", held(), ORDERS, f"{OPEN}&hold=any", tone="warn")
ADDRESSES = Queue("Address holds", "ask the customer", held("address"), ORDERS, f"{OPEN}&hold=address", tone="warn")
TWINS = Queue("Duplicates?", "same goods, same day", held("duplicate"), ORDERS, f"{OPEN}&hold=duplicate", tone="warn")
PAYMENT_HOLDS = Queue("Payment holds", "money is missing", held("payment"), ORDERS, f"{OPEN}&hold=payment", tone="warn")
SHORT = Queue("Backordered", "waiting for goods", backordered, ORDERS, f"{OPEN}&fulfilment=backordered", tone="warn")
TO_MAKE = Queue("To make", "made to order, and ordered", Allocation.objects.making, "console:making")
DRAFTS = Queue("Drafts", "phone orders not placed", drafts, ORDERS, "status=draft")
RETURNS = Queue("Returns announced", "on their way back", returning, ORDERS, "returns=requested")
RETURN_LIST = "admin:returns_return_changelist"
RETURNS_TO_APPROVE = Queue(
    "Returns to approve",
    "the customer waits for an answer",
    returns_in(Return.Status.REQUESTED),
    RETURN_LIST,
    "status__exact=requested",
    permission="returns.approve_return",
    tone="warn",
)
RETURNS_TO_INSPECT = Queue(
    "Returns to inspect",
    "in quarantine",
    returns_in(Return.Status.RECEIVED),
    RETURN_LIST,
    "status__exact=received",
    permission="returns.inspect_return",
)
RETURNS_TO_RESOLVE = Queue(
    "Returns to pay back",
    "inspected",
    returns_in(Return.Status.INSPECTED),
    RETURN_LIST,
    "status__exact=inspected",
    permission="returns.view_return",
    tone="warn",
)
UNPAID = Queue("Waiting for money", "placed, not paid", unpaid, ORDERS, "status=placed&payment=unpaid", tone="warn")
TO_APPROVE = Queue(
    "Refunds to approve",
    "over the limit, or sent by hand: a second person decides",
    Refund.objects.waiting,
    REFUNDS,
    "status__exact=requested",
    permission="orders.approve_refund",
    tone="warn",
)
REFUSED = Queue(
    "Refunds that failed",
    "the gateway refused: try again or pay by hand",
    Refund.objects.failed,
    REFUNDS,
    "status__exact=failed",
    permission="orders.refund_order",
    tone="bad",
)

NO_RATE = Queue(
    "Invoices without a rate",
    "their tax is not stated at home: add the exchange rate, credit them, invoice again",
    Invoice.objects.without_rate,
    "admin:orders_invoice_changelist",
    "rate=missing",
    tone="bad",
)


def to_pack():
    """Work that is picked and stands at the bench."""
    return FulfilmentOrder.objects.filter(status=FulfilmentOrder.Status.PICKING, picked_at__isnull=False)


def stopped():
    return FulfilmentOrder.objects.on_floor().with_stop().filter(is_stopped=True)


def work_late():
    return FulfilmentOrder.objects.late(timezone.now())


def pickups():
    return FulfilmentOrder.objects.filter(status=FulfilmentOrder.Status.READY_FOR_PICKUP)


TO_RELEASE = Queue(
    "To release",
    "confirmed, waiting for a pick list",
    FulfilmentOrder.objects.releasable,
    "floor:board",
    permission="fulfilment.release_fulfilmentorder",
    place="location",
)
WORK_LATE = Queue(
    "Past the cut-off",
    "should have left by now",
    work_late,
    "floor:board",
    "preset=late",
    permission="fulfilment.release_fulfilmentorder",
    tone="bad",
    place="location",
)
LISTS = Queue(
    "Pick lists",
    "waiting or being picked",
    PickList.objects.open,
    "floor:picking",
    permission="fulfilment.change_picktask",
    place="location",
)
TO_PACK = Queue(
    "To pack",
    "picked, in totes",
    to_pack,
    "floor:packing",
    permission="fulfilment.pack_parcel",
    place="location",
)
STOPPED = Queue(
    "STOP",
    "cancelled while in somebody's hands",
    stopped,
    "floor:put_backs",
    permission="fulfilment.change_picktask",
    tone="bad",
    place="location",
)
PUT_BACKS = Queue(
    "To put back",
    "picked for nothing",
    PutBack.objects.open,
    "floor:put_backs",
    permission="fulfilment.change_picktask",
    place="location",
)
TO_HAND_OVER = Queue(
    "Packed, not manifested",
    "still here; at the end of the day there are none",
    Parcel.objects.not_manifested,
    "floor:handover",
    permission="fulfilment.add_manifest",
    tone="warn",
    place="fulfilment_order__location",
)
SILENT = Queue(
    "Suppliers silent",
    "drop-ship requests nobody has taken on: call them, or reject the work",
    FulfilmentOrder.objects.silent,
    "admin:fulfilment_fulfilmentorder_changelist",
    "waits=taking",
    permission="fulfilment.view_fulfilmentorder",
    tone="bad",
)
UNANSWERED = Queue(
    "Cancellations unanswered",
    "a 3PL or supplier was asked to stop and says nothing: call them",
    FulfilmentOrder.objects.unanswered,
    "admin:fulfilment_fulfilmentorder_changelist",
    "waits=stop",
    permission="fulfilment.view_fulfilmentorder",
    tone="bad",
)
PICKUPS = Queue(
    "Pickups",
    "waiting for their customers",
    pickups,
    "floor:pickups",
    permission="fulfilment.collect_fulfilmentorder",
    place="location",
)

UNCOLLECTED = Queue(
    "Not collected",
    "reminded, and still on the shelf",
    FulfilmentOrder.objects.uncollected,
    "floor:pickups",
    "show=uncollected",
    permission="fulfilment.collect_fulfilmentorder",
    tone="warn",
    place="location",
)
STUCK = Queue(
    "Parcels late or stuck",
    "ask the carrier, tell the customer, settle",
    ParcelCase.objects.open,
    "admin:fulfilment_parcelcase_changelist",
    "closed_at__isempty=1",
    permission="fulfilment.view_parcelcase",
    tone="bad",
)
MAIL_FAILED = Queue(
    "E-mails that failed",
    "their customers were not told: mend the address, send again",
    Message.objects.failed,
    "admin:papers_message_changelist",
    "status__exact=failed",
    permission="papers.view_message",
    tone="bad",
)
MAIL_SUPPRESSED = Queue(
    "E-mails suppressed",
    "not sent on purpose: muted channel, import",
    Message.objects.suppressed,
    "admin:papers_message_changelist",
    "status__exact=suppressed",
    permission="papers.view_message",
    tone="quiet",
)
MAILS = [MAIL_FAILED, MAIL_SUPPRESSED]
GIVEN_UP = Queue(
    "Deliveries given up",
    "what no consumer could take: look, then try again",
    Delivery.objects.dead,
    "admin:outbox_delivery_changelist",
    "state=dead",
    permission="outbox.view_delivery",
    tone="bad",
)
WEBHOOKS_OFF = Queue(
    "Webhooks off",
    "their partners are told nothing: see why, switch them on",
    WebhookEndpoint.objects.off,
    "admin:partners_webhookendpoint_changelist",
    "is_active__exact=0",
    permission="partners.view_webhookendpoint",
    tone="bad",
)

QUEUES = {
    roles.CS: [
        SILENT,
        UNANSWERED,
        STUCK,
        HELD,
        ADDRESSES,
        TWINS,
        LATE,
        TODAY,
        SHORT,
        RETURNS_TO_APPROVE,
        RETURNS_TO_RESOLVE,
        channel_queues.REFUSED_IN,
        channel_queues.EDI_REFUSED,
        channel_queues.REFUSED_OUT,
        channel_queues.TO_MAP,
        channel_queues.BEHIND,
        channel_queues.QUIET,
        DRAFTS,
        *MAILS,
    ],
    roles.PICKER: [LISTS, PUT_BACKS, STOPPED],
    roles.PACKER: [TO_PACK, TO_HAND_OVER],
    roles.STORE: [PICKUPS, UNCOLLECTED, LISTS, TO_PACK, PUT_BACKS],
    roles.LEAD: [
        SILENT,
        UNANSWERED,
        STUCK,
        WORK_LATE,
        TO_RELEASE,
        LISTS,
        TO_PACK,
        TO_HAND_OVER,
        STOPPED,
        PUT_BACKS,
        RETURNS_TO_INSPECT,
        stock_queues.TO_APPROVE,
        stock_queues.TO_COUNT,
        stock_queues.EXPIRING,
        stock_queues.DRIFTING,
        buying_queues.LOW_STOCK,
        TO_MAKE,
        LATE,
        SHORT,
        HELD,
    ],
    roles.BUYER: [
        *buying_queues.QUEUES,
        TO_MAKE,
        SHORT,
        LATE,
    ],
    roles.FINANCE: [TO_APPROVE, REFUSED, UNPAID, PAYMENT_HOLDS, NO_RATE],
    roles.MANAGER: [
        LATE,
        STUCK,
        HELD,
        SHORT,
        UNPAID,
        TO_APPROVE,
        REFUSED,
        stock_queues.TO_APPROVE,
        RETURNS,
        channel_queues.UNLIKE_SHOP,
        channel_queues.REFUSED_IN,
        channel_queues.EDI_REFUSED,
        channel_queues.REFUSED_OUT,
        channel_queues.TO_MAP,
        channel_queues.BEHIND,
        channel_queues.QUIET,
        GIVEN_UP,
        WEBHOOKS_OFF,
        *MAILS,
    ],
    roles.READ_ONLY: [LATE, HELD, SHORT],
}
SEES_FIGURES = {roles.FINANCE, roles.MANAGER}


def home(request, context):
    """Add the queues of the user's roles, the floor's of where he works, and figures for those who answer for them."""
    own = roles.roles_of(request.user)
    queues = list(dict.fromkeys(queue for role in own for queue in QUEUES.get(role, [])))
    queues = [queue for queue in queues if request.user.has_perm(queue.permission)]
    place = place_of(request) if any(queue.place for queue in queues) else None
    context |= {"roles": own, "place": place, "tiles": tiles(queues, place)}
    if roles.MANAGER in own:
        context["first_steps"] = first_steps()
    if SEES_FIGURES & set(own):
        context["days"] = [figures(timezone.localdate() - DAY, "yesterday"), figures(timezone.localdate(), "today")]
    return context
