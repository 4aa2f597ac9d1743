from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from unfold.admin import TabularInline
from unfold.decorators import action, display

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.dialogs import actor, back, question
from oms.outbox.models import Delivery, Event, ScheduledRun
from oms.outbox.retry import retry
from oms.subscribers import EDI_SUBSCRIBERS, PUBLIC_EVENTS, SUBSCRIBERS, TELLS_PARTNER

STATES = {"pending": "Waiting", "dead": "Given up", "done": "Done"}
COLOURS = {"Waiting": "info", "Given up": "danger", "Done": "success"}


class EventName(admin.SimpleListFilter):
    title = "event"
    parameter_name = "name"

    def lookups(self, request, model_admin):
        return [(name, name) for name in sorted(SUBSCRIBERS.keys() | PUBLIC_EVENTS)]

    def queryset(self, request, queryset):
        return queryset.filter(name=self.value()) if self.value() else queryset


class State(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return list(STATES.items())

    def queryset(self, request, queryset):
        if self.value() == "done":
            return queryset.filter(done_at__isnull=False)
        return getattr(queryset, self.value())() if self.value() in STATES else queryset


class Consumer(admin.SimpleListFilter):
    title = "consumer"
    parameter_name = "consumer"

    def lookups(self, request, model_admin):
        names = {name for wiring in (SUBSCRIBERS, EDI_SUBSCRIBERS) for names in wiring.values() for name in names}
        names.add(TELLS_PARTNER)
        return [(name, name) for name in sorted(names)]

    def queryset(self, request, queryset):
        return queryset.filter(consumer=self.value()) if self.value() else queryset


class DeliveryInline(ReadOnly, TabularInline):
    model = Delivery
    fields = ["consumer", "attempts", "next_attempt_at", "done_at", "dead_at", "last_error"]
    extra = 0


@admin.register(Event)
class EventAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["at", "name", "subject", "actor", "data"]
    list_filter = [EventName]
    search_fields = ["subject__exact"]
    search_help_text = "A subject: order:7"
    ordering = ["-pk"]
    inlines = [DeliveryInline]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["consumer", "event_name", "subject", "state", "attempts", "next_attempt_at", "last_error"]
    list_filter = [State, Consumer]
    list_select_related = ["event"]
    search_fields = ["event__subject__exact"]
    search_help_text = "A subject: order:7"
    ordering = ["-pk"]
    actions = ["retry_selected"]
    actions_detail = ["retry_one"]

    @admin.display(description="event")
    def event_name(self, delivery):
        return delivery.event.name

    @display(description="state", label=COLOURS)
    def state(self, delivery):
        if delivery.done_at:
            return STATES["done"]
        return STATES["dead" if delivery.dead_at else "pending"]

    def has_retry_permission(self, request, object_id=None):
        return request.user.has_perm("outbox.change_delivery")

    @admin.action(description="Try again those given up", permissions=["retry"])
    def retry_selected(self, request, queryset):
        tried = sum(retry(delivery, actor=actor(request)) for delivery in queryset.dead().order_by("pk"))
        self.message_user(request, f"{tried} will be tried again.", messages.SUCCESS)

    @action(
        description="Try again",
        permissions=["retry"],
        dialog=question(
            "Try this delivery again?",
            "It is run again from its first attempt. What came after it has happened meanwhile.",
            submit="Try again",
        ),
    )
    def retry_one(self, request, form, object_id):
        tried = retry(Delivery.objects.get(pk=object_id), actor=actor(request))
        words = "It will be tried again." if tried else "It was not given up: nothing to do."
        self.message_user(request, words, messages.SUCCESS if tried else messages.WARNING)
        return back(request, reverse("admin:outbox_delivery_change", args=[object_id]))


@admin.register(ScheduledRun)
class ScheduledRunAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["name", "next_run_at", "finished_at", "is_running", "last_error"]
    ordering = ["name"]

    @admin.display(boolean=True, description="running")
    def is_running(self, run):
        return run.lease_until is not None and run.lease_until > timezone.now()
