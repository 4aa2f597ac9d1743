"""The list of what left."""

from django.contrib import admin
from unfold.admin import TabularInline

from fulfilment.models import Parcel, ParcelLine
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from orders.admin.links import order_link
from orders.services import search


class ParcelLineInline(ReadOnly, TabularInline):
    model = ParcelLine
    fields = ["sku", "quantity"]
    readonly_fields = fields


@admin.register(Parcel)
class ParcelAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["__str__", "order_page", "number", "state", "carrier", "tracking_number", "shipped_at", "manifest"]
    list_filter = ["status", "carrier", "fulfilment_order__location"]
    list_select_related = ["order", "carrier", "manifest"]
    search_fields = ["tracking_number"]
    search_help_text = "order, parcel or tracking number"
    inlines = [ParcelLineInline]

    def get_search_results(self, request, queryset, search_term):
        """Ask the one index of everything that orders are found by."""
        if not search_term:
            return queryset, False
        return queryset.filter(order__in=search.find(search_term, among=queryset, by="order")), False

    @admin.display(description="order", ordering="order")
    def order_page(self, row):
        return order_link(row.order)

    @admin.display(description="state", ordering="status")
    def state(self, row):
        return state_badge(row, "status")
