from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html

from inventory.models import StockEntry, StockLevel
from inventory.models.stock import AVAILABLE
from inventory.services.realign import realign
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.console import actor_of
from oms.lib.errors import DomainError


class AvailabilityFilter(admin.SimpleListFilter):
    title = "availability"
    parameter_name = "available"

    def lookups(self, request, model_admin):
        return [
            ("some", "can be sold"),
            ("none", "sold out"),
            ("eaten", "safety stock is eaten"),
            ("low", "at its reorder point or below"),
        ]

    def queryset(self, request, levels):
        conditions = {"some": {"available__gt": 0}, "none": {"available__lte": 0}, "eaten": {"available__lt": 0}}
        if self.value() == "low":
            return levels.low()
        return levels.filter(**conditions[self.value()]) if self.value() in conditions else levels


@admin.register(StockLevel)
class StockLevelAdmin(ReadOnly, ConsoleAdmin):
    """What is available by SKU and location."""

    export_display = [
        "sku",
        "location",
        "available",
        "on_hand",
        "reserved",
        "unavailable",
        "in_transit",
        "safety",
        "reorder_point",
    ]
    list_display = [*("ledger" if name == "on_hand" else name for name in export_display), "change"]
    change_list_template = "inventory/console/list.html"
    list_display_links = None
    list_filter = ["location", AvailabilityFilter]
    list_select_related = ["sku", "location"]
    search_fields = ["sku__code", "sku__name"]
    ordering = ["sku__code", "location__code"]
    actions = ["rebuild"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_available().with_in_transit()

    def get_list_display(self, request):
        """End with the changes that the user may make, where there are any."""
        may = (request.user.has_perm("inventory.set_safety"), self.has_adjust_permission(request))
        change = {(True, True): ["change"], (True, False): ["safety_link"], (False, True): ["unavailable_link"]}
        return [*self.list_display[:-1], *change.get(may, [])]

    def has_adjust_permission(self, request):
        return request.user.has_perm("inventory.adjust_stock")

    @admin.display(description="Available", ordering=AVAILABLE)
    def available(self, level):
        return level.available

    @admin.display(description="In transit", ordering="in_transit")
    def in_transit(self, level):
        return level.in_transit

    @admin.display(description="On hand", ordering="on_hand")
    def ledger(self, level):
        """The pieces, as the way to what moved them."""
        return format_html(
            '<a class="underline" title="Its ledger" href="{}?sku__id__exact={}&location__id__exact={}">{}</a>',
            reverse("admin:inventory_stockentry_changelist"),
            level.sku_id,
            level.location_id,
            level.on_hand,
        )

    @admin.display(description="Change")
    def change(self, level):
        return format_html("{} · {}", self.safety_link(level), self.unavailable_link(level))

    @admin.display(description="Change")
    def safety_link(self, level):
        return format_html('<a href="{}" data-dialog>Safety</a>', reverse("book:safety", args=[level.pk]))

    @admin.display(description="Change")
    def unavailable_link(self, level):
        return format_html('<a href="{}" data-dialog>Out of sale</a>', reverse("book:unavailable", args=[level.pk]))

    @admin.action(description="Rebuild from the ledger", permissions=["adjust"])
    def rebuild(self, request, levels):
        """Make the chosen levels say what their ledger sums to; the doctor asks for it."""
        rebuilt = 0
        for level in levels:
            try:
                rebuilt += realign(level.sku, level.location, actor=actor_of(request))
            except DomainError as error:
                self.message_user(request, error.message, messages.ERROR)
        self.message_user(request, f"{rebuilt} levels differed from their ledger and were rebuilt.")


@admin.register(StockEntry)
class StockEntryAdmin(ReadOnly, ConsoleAdmin):
    """The ledger: every change of stock, newest first."""

    list_display = [
        "at",
        "sku",
        "location",
        "bin",
        "bucket",
        "delta",
        "balance_after",
        "reason",
        "subject",
        "actor",
        "value",
    ]
    list_display_links = None
    list_filter = ["bucket", "location", "at"]
    list_select_related = ["sku", "location", "bin"]
    search_fields = ["sku__code", "subject"]
    ordering = ["-pk"]

    def get_list_display(self, request):
        return self.list_display if request.user.has_perm("inventory.see_value") else self.list_display[:-1]

    @admin.display(description="Value")
    def value(self, entry):
        return "" if entry.unit_cost is None else f"{entry.delta * entry.unit_cost:.2f}"

    def lookup_allowed(self, lookup, value, request):
        return lookup == "sku__id__exact" or super().lookup_allowed(lookup, value, request)
