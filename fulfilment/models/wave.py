import re
from datetime import time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from fulfilment.models.fulfilment_order import FulfilmentOrder
from fulfilment.models.pick_list import PickList
from inventory.models import Location
from oms.lib.errors import InvalidTransition
from orders.models import Channel, Order

MOST_TOTES = 50  # orders whose locks the release of one list may hold
MOST_IN_WAVE = 1000
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def check_times(text):
    """Raise ValidationError unless `text` is times of the day: "08:00 11:30"."""
    if not all(CLOCK.fullmatch(word) for word in text.split()):
        raise ValidationError("Give times of the day like 08:00 11:30.")


class WavePresetQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True, location__is_active=True)

    def automatic(self):
        """Those that the clock, or enough ready orders, release without a person."""
        return self.active().filter(is_automatic=True)

    def lock(self, pk):
        """Return preset `pk` locked: two who release by it do so one after the other."""
        return self.select_for_update(of=("self",)).select_related("location").get(pk=pk)


class WavePreset(models.Model):
    """Which ready orders of a location go to the floor together, on which carts, and whether by themselves."""

    class Due(models.TextChoices):
        ANY = "any", "whenever it leaves"
        CUTOFF = "cutoff", "with the next cut-off, or late"
        TODAY = "today", "today, or late"
        LATE = "late", "late"

    class Size(models.TextChoices):
        ANY = "any", "any"
        LINE = "line", "one line"
        PIECE = "piece", "one piece"
        MORE = "more", "more than one line"

    location = models.ForeignKey(Location, models.CASCADE, related_name="wave_presets")
    name = models.CharField(max_length=40)
    due = models.CharField("leaves", max_length=6, choices=Due, default=Due.CUTOFF)
    due_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(720)], help_text="leaves within so many hours; empty: any"
    )
    priority = models.PositiveSmallIntegerField(
        choices=Order.Priority, null=True, blank=True, help_text="this urgent or more; empty: any"
    )
    method = models.CharField(
        "shipping method", max_length=10, choices=Order.Method, blank=True, help_text="empty: any"
    )
    channel = models.ForeignKey(
        Channel, models.CASCADE, null=True, blank=True, related_name="+", help_text="empty: any"
    )
    carrier = models.ForeignKey(
        "fulfilment.Carrier",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="of channels whose shipping rule prefers it; empty: any",
    )
    goes_by = models.CharField(
        max_length=8,
        choices=FulfilmentOrder.Method,
        blank=True,
        help_text="parcels only, or store pickups only; empty: both",
    )
    zone = models.CharField(max_length=10, blank=True, help_text="orders that lie in this zone whole; empty: any")
    size = models.CharField(max_length=5, choices=Size, default=Size.ANY)
    most_orders = models.PositiveIntegerField(
        default=200, validators=[MinValueValidator(1), MaxValueValidator(MOST_IN_WAVE)]
    )
    mode = models.CharField("picked", max_length=8, choices=PickList.Mode, default=PickList.Mode.CLUSTER)
    totes = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(MOST_TOTES)], help_text="orders a cart"
    )
    most_pieces = models.PositiveIntegerField(null=True, blank=True, help_text="on one cart; empty: any")
    most_weight_g = models.PositiveIntegerField(
        "most weight", null=True, blank=True, help_text="on one cart, in grams; empty: any"
    )
    most_litres = models.PositiveIntegerField(null=True, blank=True, help_text="volume on one cart; empty: any")
    verifies_totes = models.BooleanField(
        "scan totes", default=False, help_text="the picker scans the tote that a piece goes into"
    )
    is_automatic = models.BooleanField("by itself", default=False)
    times = models.CharField(
        max_length=60,
        blank=True,
        validators=[check_times],
        help_text="of working days, in the location's zone: 08:00 11:30",
    )
    when_ready = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="as soon as so many orders are ready; empty: by the clock only",
    )
    last_slot = models.CharField(max_length=16, blank=True, editable=False, help_text="the time it was released for")
    is_active = models.BooleanField(default=True)

    objects = WavePresetQuerySet.as_manager()

    class Meta:
        ordering = ["location", "name"]
        constraints = [models.UniqueConstraint(fields=["location", "name"], name="wave_preset_once_per_location")]

    def __str__(self):
        return self.name

    def clean(self):
        """Something must start what is to start by itself."""
        if self.is_automatic and not (self.times.split() or self.when_ready):
            raise ValidationError({"times": "Say when: times of the day, or a number of ready orders."})

    @property
    def clock(self):
        """The times of the day that it is released at, in order."""
        return sorted(time.fromisoformat(word) for word in self.times.split())

    @property
    def rule(self):
        """What a wave remembers of it: {field: value}, as JSON can hold it."""
        unsaid = {"id", "name", "location", "last_slot", "is_active"}
        fields = [field for field in self._meta.concrete_fields if field.name not in unsaid]
        return {field.name: field.value_from_object(self) for field in fields}


class WaveQuerySet(models.QuerySet):
    def under_way(self):
        return self.filter(status__in=[Wave.Status.DRAFT, Wave.Status.RELEASED])

    def lock(self, pk):
        """Return wave `pk` locked; the last lock of all: whoever makes one of its lists has bins in hand."""
        return self.select_for_update(of=("self",)).select_related("location").get(pk=pk)


class Wave(models.Model):
    """Orders that went to the floor together: chosen by a rule, put on carts, looked at before they were released."""

    class Status(models.TextChoices):
        DRAFT = "draft", "previewed"
        RELEASED = "released"
        DONE = "done"
        CANCELLED = "cancelled"

    NEXT = {
        Status.DRAFT: {Status.RELEASED, Status.CANCELLED},
        Status.RELEASED: {Status.DONE, Status.CANCELLED},
        Status.DONE: {Status.RELEASED},
        Status.CANCELLED: set(),
    }

    location = models.ForeignKey(Location, models.PROTECT, related_name="waves")
    preset = models.ForeignKey(WavePreset, models.SET_NULL, null=True, blank=True, related_name="waves")
    name = models.CharField(max_length=40, help_text="of its preset, then")
    rule = models.JSONField(default=dict, help_text="its preset as it was")
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    figures = models.JSONField(default=dict, help_text="what the preview said")
    cutoff_at = models.DateTimeField(null=True, blank=True, help_text="the first cut-off of its orders")
    slot = models.CharField(max_length=16, blank=True, help_text="the local time that the clock released it for")
    is_stopped = models.BooleanField(default=False, help_text="no more lists are made until it goes on")
    created_by = models.CharField(max_length=40, default="system")
    created_at = models.DateTimeField(default=timezone.now)
    released_by = models.CharField(max_length=40, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["preset", "slot"], condition=~Q(slot=""), name="wave_once_per_slot"),
            models.CheckConstraint(
                condition=~Q(status="released") | Q(released_at__isnull=False), name="wave_released_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["location", "-id"], name="wave_open", condition=Q(status__in=["draft", "released"]))
        ]

    def __str__(self):
        return f"W{self.pk}"

    @property
    def is_going(self):
        """Whether its lists are being made."""
        return self.status == self.Status.RELEASED and not self.is_stopped

    def move_to(self, status):
        """Set `status` on a locked wave; raises InvalidTransition when NEXT does not allow it."""
        if status not in self.NEXT[self.status]:
            state, wish = self.get_status_display().lower(), self.Status(status).label.lower()
            raise InvalidTransition(f"Wave {self} is {state} and cannot become {wish}.")
        self.status = status
        over = status in (self.Status.DONE, self.Status.CANCELLED)
        self.done_at = timezone.now() if over else None
        self.save(update_fields=["status", "done_at", "released_by", "released_at", "is_stopped"])


class WaveOrderQuerySet(models.QuerySet):
    def planned(self):
        """Orders that are still to be put on a list."""
        return self.filter(state=WaveOrder.State.PLANNED)


class WaveOrder(models.Model):
    """One order of a wave, the cart it is planned for, and what became of it."""

    class State(models.TextChoices):
        PLANNED = "planned", "to be released"
        RELEASED = "released", "on a list"
        LEFT_OUT = "left_out", "left out"
        BACK = "back", "back on the board"

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="orders")
    fulfilment_order = models.ForeignKey(FulfilmentOrder, models.PROTECT, related_name="wave_orders")
    cart = models.PositiveSmallIntegerField(help_text="1 is released first")
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    pick_list = models.ForeignKey(PickList, models.PROTECT, null=True, blank=True, related_name="wave_orders")
    why = models.CharField(max_length=200, blank=True, help_text="it was left out")

    objects = WaveOrderQuerySet.as_manager()

    class Meta:
        ordering = ["wave", "cart", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "fulfilment_order"], name="order_once_per_wave"),
            models.UniqueConstraint(
                fields=["fulfilment_order"], condition=Q(state="released"), name="order_on_one_list_of_waves"
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(pick_list__isnull=False), name="wave_order_released_has_list"
            ),
        ]

    def __str__(self):
        return f"{self.fulfilment_order} on cart {self.cart}"
