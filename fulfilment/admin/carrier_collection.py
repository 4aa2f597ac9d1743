"""When carriers' drivers were to come, what that cost, and what became of it."""

from django.contrib import admin

from fulfilment.models import CarrierCollection
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge


@admin.register(CarrierCollection)
class CarrierCollectionAdmin(ReadOnly, ConsoleAdmin):
    list_display = [
        "day",
        "time",
        "location",
        "carrier",
        "state",
        "confirmation",
        "parcels",
        "service",
        "amount",
        "currency",
        "error",
    ]
    list_display_links = ["day"]
    list_filter = ["status", "location", "carrier"]
    list_select_related = ["location", "carrier"]
    search_fields = ["confirmation", "external_id"]
    search_help_text = "confirmation, or the carrier's id"
    ordering = ["-day", "-pk"]

    @admin.display(description="time")
    def time(self, row):
        return row.window

    @admin.display(description="state", ordering="status")
    def state(self, row):
        return state_badge(row, "status")
