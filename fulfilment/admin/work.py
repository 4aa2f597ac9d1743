"""The lists of what the floor works on; it is done on the floor's own pages."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import TabularInline

from fulfilment.models import FulfilmentLine, FulfilmentOrder, PickList, PickTask, PutBack
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import GOOD, badge, state_badge
from oms.lib.dropdown import DropdownFilter
from oms.lib.lateness import late_badge
from orders.admin.links import order_link
from orders.models import Order


class WaitsFor(DropdownFilter):
    title, parameter_name = "who does not answer", "waits"

    def lookups(self, request, model_admin):
        return [("taking", "Supplier has not taken it on"), ("stop", "Asked to stop, no answer")]

    def queryset(self, request, queryset):
        if self.value() == "taking":
            return queryset.silent()
        return queryset.unanswered() if self.value() == "stop" else queryset


class LineInline(ReadOnly, TabularInline):
    model = FulfilmentLine
    fields = ["sku", "quantity", "picked", "packed", "shipped", "short", "cancelled", "stopped"]
    readonly_fields = fields


@admin.register(FulfilmentOrder)
class FulfilmentOrderAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["__str__", "order_page", "location", "method", "state", "due", "pick_list", "tote", "set_aside"]
    list_filter = ["status", "method", "location", WaitsFor]
    list_select_related = ["order", "location", "pick_list"]
    search_help_text = "order number"
    search_fields = ["pk"]
    inlines = [LineInline]

    def get_search_results(self, request, queryset, search_term):
        found = queryset.filter(order__in=Order.objects.numbered(search_term)) if search_term else queryset
        return found, False

    @admin.display(description="order", ordering="order")
    def order_page(self, row):
        return order_link(row.order)

    @admin.display(description="state", ordering="status")
    def state(self, row):
        return badge("Picked", GOOD) if row.is_picked else state_badge(row, "status")

    @admin.display(description="leaves by", ordering="ship_by")
    def due(self, row):
        return late_badge(row.ship_by) if row.status in FulfilmentOrder.UNDER_WAY else ""


class TaskInline(ReadOnly, TabularInline):
    model = PickTask
    fields = ["bin", "sku", "quantity", "picked", "short", "short_reason", "done_by"]
    readonly_fields = fields


@admin.register(PickList)
class PickListAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["__str__", "location", "zone", "state", "picker", "walk", "created_at", "done_at", "paper"]
    list_filter = ["status", "location"]
    list_select_related = ["location", "picker"]
    inlines = [TaskInline]

    @admin.display(description="state", ordering="status")
    def state(self, row):
        return state_badge(row, "status")

    @admin.display(description="walk")
    def walk(self, row):
        if row.walk_m is None:
            return ""
        return format_html(
            '<a href="{}" title="S-shaped {} m">{} m</a>',
            reverse("floor:list_map", args=[row.pk]),
            row.naive_m,
            row.walk_m,
        )

    @admin.display(description="paper")
    def paper(self, row):
        return format_html('<a href="{}" target="_blank">Print</a>', reverse("floor:list_paper", args=[row.pk]))


@admin.register(PutBack)
class PutBackAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["__str__", "location", "created_at", "done_at", "done_by"]
    list_filter = ["location", ("done_at", admin.EmptyFieldListFilter)]
    list_select_related = ["location", "sku", "bin"]
