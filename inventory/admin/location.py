from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import TabularInline

from inventory.models import Bin, Location, LocationHoliday, TransferRoute
from oms.lib.admin import ConsoleAdmin
from oms.lib.choices import ChecksKeys
from oms.lib.plugins import named
from oms.panels import ORDERS_OF_THE_DAY


class HolidayInline(TabularInline):
    model = LocationHoliday
    verbose_name, verbose_name_plural = "holiday", "holidays: nothing leaves on these days"
    extra = 0
    hide_title = True
    fields = ["day", "name"]


class RouteInline(ChecksKeys, TabularInline):
    model = TransferRoute
    fk_name = "source"
    verbose_name, verbose_name_plural = "route", "routes: what it takes to bring goods to other locations"
    extra = 0
    hide_title = True
    fields = ["target", "base", "per_kg", "transit_days"]


@admin.register(Location)
class LocationAdmin(ConsoleAdmin):
    """Places that orders ship from; one with history is closed, not deleted."""

    list_display = [
        "code",
        "name",
        "kind",
        "tracks_stock",
        "tz",
        "cutoff",
        "today",
        "allows_pickup",
        "partner",
        "floor",
        "is_active",
    ]
    list_filter = ["kind", "is_active", "tracks_stock"]
    readonly_fields = ["floor"]
    inlines = [HolidayInline, RouteInline]
    list_select_related = ["partner"]
    search_fields = ["code", "name"]

    def get_list_display(self, request):
        if Location.objects.filter(daily_capacity__isnull=False).exists():
            return self.list_display
        return [name for name in self.list_display if name != "today"]

    @admin.display(description="orders of the day")
    def today(self, row):
        if row.daily_capacity is None:
            return ""
        return f"{named(ORDERS_OF_THE_DAY)(row, now=timezone.now())} of {row.daily_capacity}"

    @admin.display(description="floor plan")
    def floor(self, row):
        if row.pk is None or row.kind not in (Location.Kind.WAREHOUSE, Location.Kind.STORE):
            return ""
        return format_html('<a href="{}">Map and aisles</a>', reverse("plans:plan", args=[row.pk]))

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Bin)
class BinAdmin(ConsoleAdmin):
    """Storage places in their natural order; one with history is closed, not deleted."""

    list_display = ["code", "location", "kind", "zone", "aisle", "side", "position_cm", "level", "is_active"]
    list_filter = ["location", "kind", "is_active"]
    list_select_related = ["location"]
    search_fields = ["code"]
    autocomplete_fields = ["location"]

    def has_delete_permission(self, request, obj=None):
        return False
