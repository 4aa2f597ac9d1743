from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models import Location
from oms.lib import log
from oms.lib.among import among
from oms.lib.errors import InvalidTransition, Stale
from oms.lib.money import MoneyField
from oms.lib.prepared import Param, Params, prepared
from oms.outbox.publish import publish
from oms.partners.models import Partner
from orders.models.channel import Channel
from orders.models.customer import Customer

FIRST_NUMBER = 100_000
UNSHIPPED = ["open", "backordered", "on_floor", "partly_shipped"]  # fulfilment states


class OrderQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=[Order.Status.PLACED, Order.Status.CONFIRMED])

    def taken(self):
        """Orders that count as such: placed, and not cancelled since."""
        return self.exclude(status__in=[Order.Status.DRAFT, Order.Status.CANCELLED])

    def held(self):
        return self.open().filter(is_held=True)

    def unshipped(self):
        """Open orders of which something has still to leave."""
        return self.open().filter(fulfilment_state__in=UNSHIPPED)

    def late(self, now):
        """Orders of which something has still to leave though its promise is past."""
        return self.unshipped().filter(promised_current__lt=now)

    def numbered(self, number):
        """The order with this number, as a person types it."""
        digits = str(number).strip().lstrip("#")
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 18
        return self.filter(pk=int(digits) - FIRST_NUMBER) if is_number else self.none()


class OrderManager(models.Manager.from_queryset(OrderQuerySet)):
    def lock(self, pk):
        """Return order `pk` locked until the transaction ends; the command's log lines bear its number."""
        found = _locked(pk=pk)
        if not found:
            raise Order.DoesNotExist(f"There is no order {pk}.")
        log.bind(order=found[0].number)
        return found[0]

    def lock_all(self, pks):
        """Return the orders `pks`, locked in pk order, each with its channel."""
        return _all_locked(pks=pks)


_locked = prepared(lambda: Order.objects.filter(pk=Param("pk")).order_by("pk").select_for_update(of=("self",)))
_all_locked = prepared(
    lambda: (
        Order.objects.filter(among("pk", Params("pks")))
        .select_related("channel")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
)


class Order(models.Model):
    """A customer's order; addresses, prices and names on it are as they were when it was placed."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PLACED = "placed"
        CONFIRMED = "confirmed"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    NEXT = {
        Status.DRAFT: {Status.PLACED, Status.CANCELLED},
        Status.PLACED: {Status.CONFIRMED, Status.CANCELLED},
        Status.CONFIRMED: {Status.CLOSED, Status.CANCELLED},
        Status.CLOSED: set(),
        Status.CANCELLED: set(),
    }

    class Origin(models.TextChoices):
        LIVE = "live"
        IMPORT = "import"

    class PaymentState(models.TextChoices):
        UNPAID = "unpaid"
        AUTHORISED = "authorised"
        PARTLY_PAID = "partly_paid", "partly paid"
        PAID = "paid"
        PARTLY_REFUNDED = "partly_refunded", "partly refunded"
        REFUNDED = "refunded"

    class FulfilmentState(models.TextChoices):
        OPEN = "open", "not started"
        BACKORDERED = "backordered"
        ON_FLOOR = "on_floor", "on the floor"
        PARTLY_SHIPPED = "partly_shipped", "partly shipped"
        SHIPPED = "shipped"
        DELIVERED = "delivered"
        NOTHING = "nothing", "nothing to ship"

    class ReturnState(models.TextChoices):
        NONE = "none"
        REQUESTED = "requested"
        PARTLY_RETURNED = "partly_returned", "partly returned"
        RETURNED = "returned"

    class Method(models.TextChoices):
        STANDARD = "standard"
        EXPRESS = "express"
        PICKUP = "pickup", "store pickup"
        DIGITAL = "digital"

    class Priority(models.IntegerChoices):
        URGENT = 1
        HIGH = 3
        NORMAL = 5
        LOW = 7

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="orders")
    external_id = models.CharField(max_length=60, help_text="the order's id at its channel")
    external_number = models.CharField(max_length=60, blank=True, help_text="what people call it at its channel")
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="orders")
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.LIVE, editable=False)
    by_edi = models.BooleanField(default=False, editable=False, help_text="a trading partner is told of it by files")
    status = models.CharField(max_length=9, choices=Status, default=Status.PLACED, editable=False)
    payment_state = models.CharField(max_length=15, choices=PaymentState, default=PaymentState.UNPAID)
    fulfilment_state = models.CharField(max_length=14, choices=FulfilmentState, default=FulfilmentState.OPEN)
    return_state = models.CharField(max_length=15, choices=ReturnState, default=ReturnState.NONE)
    is_held = models.BooleanField("on hold", default=False)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)

    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="orders")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    vat_id = models.CharField("VAT id", max_length=20, blank=True)
    locale = models.CharField(max_length=5, default="en")
    ship_to = models.JSONField(
        default=dict, blank=True, help_text="name, company, line1, line2, city, region, postcode, country"
    )
    bill_to = models.JSONField(default=dict, blank=True, help_text="as ship_to; empty: the same")
    ship_country = models.CharField(max_length=2, blank=True)
    ship_name = models.CharField(max_length=200, blank=True, help_text="who receives it, for lists")
    method = models.CharField(max_length=10, choices=Method, default=Method.STANDARD)
    pickup_location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="pickups")
    purchase_order = models.CharField("customer's PO number", max_length=60, blank=True)
    gift_message = models.TextField(max_length=500, blank=True)
    customer_note = models.TextField(max_length=1000, blank=True)

    currency = models.CharField(max_length=3, help_text="ISO 4217")
    prices_include_tax = models.BooleanField()
    tax_is_stated = models.BooleanField(default=False, help_text="the channel's own tax is kept")
    tax_note = models.CharField(max_length=20, blank=True, help_text="reverse_charge or export, where no tax is due")
    net = MoneyField(default=Decimal(0))
    tax = MoneyField(default=Decimal(0))
    gross = MoneyField(default=Decimal(0))

    promised_original = models.DateTimeField(null=True, blank=True, help_text="never changes")
    promised_current = models.DateTimeField(null=True, blank=True)
    ordered_at = models.DateTimeField(default=timezone.now, help_text="when the customer ordered")
    placed_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True, help_text="address, duplicates … were checked")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True, help_text="when the last parcel so far left")
    cancel_requested_at = models.DateTimeField(
        null=True, blank=True, help_text="the floor was asked to give pieces up and has not answered for all"
    )
    cancel_reason = models.CharField(max_length=100, blank=True)

    version = models.PositiveIntegerField(default=1, help_text="counts changes: the API's ETag")
    event_counter = models.PositiveIntegerField(default=0, editable=False)
    tags = models.ManyToManyField("orders.Tag", blank=True, related_name="orders")

    objects = OrderManager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="order_once_per_channel"),
        ]
        indexes = [
            models.Index(fields=["partner", "-id"], name="order_by_partner", condition=Q(partner__isnull=False)),
            models.Index(fields=["status", "-id"], name="order_by_status"),
            models.Index(fields=["channel", "-id"], name="order_by_channel"),
            models.Index(fields=["customer", "-id"], name="order_by_customer"),
            models.Index(fields=["fulfilment_state", "-id"], name="order_by_fulfilment"),
            models.Index(fields=["payment_state", "-id"], name="order_by_payment"),
            # With what a day's figures add up, so that they read no rows.
            models.Index(fields=["-ordered_at", "channel", "status", "gross"], name="order_by_moment"),
            models.Index(fields=["-shipped_at"], name="order_by_shipped", condition=Q(shipped_at__isnull=False)),
            # The usual values are nearly all rows; what is filtered by are the others.
            models.Index(fields=["method", "-id"], name="order_by_method", condition=~Q(method="standard")),
            models.Index(fields=["priority", "-id"], name="order_by_priority", condition=~Q(priority=5)),
            models.Index(fields=["-id"], name="order_held", condition=Q(is_held=True)),
            models.Index(fields=["-id"], name="order_returning", condition=~Q(return_state="none")),
            models.Index(
                fields=["promised_current"],
                name="order_due",
                condition=Q(status__in=["placed", "confirmed"], fulfilment_state__in=UNSHIPPED),
            ),
        ]
        permissions = [
            ("hold_order", "Can put orders on hold and release them"),
            ("cancel_order", "Can cancel orders"),
            ("source_order", "Can source open orders anew"),
            ("refund_order", "Can refund orders"),
            ("approve_refund", "Can approve refunds over the limit"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self):
        """What people call it: digits only, so that it can be said on the phone and scanned."""
        return str(FIRST_NUMBER + self.pk) if self.pk else "draft"

    @property
    def subject(self):
        return f"order:{self.pk}"

    @property
    def event_data(self):
        """What every event of the order says: which it is, and to a partner by the names that he knows it by."""
        data = {"order": self.pk} | ({"edi": True} if self.by_edi else {})
        if not self.partner_id:
            return data
        names = {"order_number": self.number, "external_id": self.external_id}
        return data | {"partner": self.partner_id, **names}

    @property
    def is_open(self):
        return self.status in (self.Status.PLACED, self.Status.CONFIRMED)

    @property
    def is_due(self):
        """Whether something of it has still to leave."""
        return self.is_open and self.fulfilment_state in UNSHIPPED

    @property
    def is_paid(self):
        return self.payment_state == self.PaymentState.PAID

    @property
    def is_gate_met(self):
        """Whether the channel's payment gate lets it go on."""
        gate, paid = self.channel.payment_gate, (self.PaymentState.PAID, self.PaymentState.PARTLY_REFUNDED)
        if gate == Channel.Gate.NONE or self.gross <= 0 or self.payment_state in paid:
            return True
        return gate == Channel.Gate.AUTHORISED and self.payment_state == self.PaymentState.AUTHORISED

    @property
    def invoice_address(self):
        return self.bill_to or self.ship_to

    def expect(self, version):
        """Raise Stale when this locked order is not at `version` (None: whatever it is at)."""
        if version is not None and version != self.version:
            raise Stale(f"Order {self} was changed by somebody else meanwhile: look at it again.", field="version")

    def move_to(self, status):
        """Set `status` on a locked order; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            raise InvalidTransition(
                f"Order {self} is {self.get_status_display()} and cannot become {self.Status(status).label}."
            )
        self.status = status
        stamp = {"placed": "placed_at", "confirmed": "confirmed_at", "closed": "closed_at"}.get(status, "cancelled_at")
        setattr(self, stamp, timezone.now())
        self.save(update_fields=["status", stamp])

    def publish(self, name, *, actor="system", **data):
        """Record that `name` happened to this locked order, as the next event of its history."""
        self.event_counter += 1
        type(self).objects.filter(pk=self.pk).update(event_counter=self.event_counter)
        return publish(name, self.subject, sequence=self.event_counter, actor=actor, **self.event_data, **data)
