"""Presets of waves, which leads write, and the waves that were released by them."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import TabularInline

from fulfilment.models import RefusedScan, Wave, WaveOrder, WavePreset
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge


@admin.register(WavePreset)
class WavePresetAdmin(ConsoleAdmin):
    list_display = ["name", "location", "due", "size", "mode", "totes", "is_automatic", "times", "is_active"]
    list_filter = ["location", "is_automatic", "is_active"]
    list_select_related = ["location"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["location", "name", "is_active"]}),
        (
            "Which orders",
            {
                "fields": ["due", "due_hours", "priority", "method", "channel", "carrier", "goes_by", "zone", "size"]
                + ["most_orders"]
            },
        ),
        ("On which carts", {"fields": ["mode", "totes", "most_pieces", "most_weight_g", "most_litres"]}),
        ("At the shelf", {"fields": ["verifies_totes"]}),
        ("By itself", {"fields": ["is_automatic", "times", "when_ready"]}),
    ]


class OrderInline(ReadOnly, TabularInline):
    model = WaveOrder
    fields = ["cart", "fulfilment_order", "state", "pick_list", "why"]
    readonly_fields = fields
    per_page = 50


@admin.register(Wave)
class WaveAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["__str__", "name", "location", "state", "orders_planned", "metres", "slot", "created_at", "board"]
    list_filter = ["status", "location"]
    list_select_related = ["location"]
    inlines = [OrderInline]

    def get_list_display(self, request):
        may_open = request.user.has_perm("fulfilment.release_fulfilmentorder")
        return self.list_display if may_open else self.list_display[:-1]

    @admin.display(description="state", ordering="status")
    def state(self, row):
        return state_badge(row, "status")

    @admin.display(description="orders")
    def orders_planned(self, row):
        return row.figures.get("orders")

    @admin.display(description="metres")
    def metres(self, row):
        return row.figures.get("metres")

    @admin.display(description="board")
    def board(self, row):
        return format_html('<a href="{}">Open</a>', reverse("floor:wave", args=[row.pk]))


@admin.register(RefusedScan)
class RefusedScanAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["at", "kind", "code", "sku", "bin", "fulfilment_order", "scanned_by", "picked_by", "location"]
    list_filter = ["kind", "location"]
    list_select_related = ["location", "sku", "bin", "fulfilment_order"]
