from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from inventory.models import Serial
from oms.lib.admin import ConsoleAdmin, ReadOnly


@admin.register(Serial)
class SerialAdmin(ReadOnly, ConsoleAdmin):
    """Pieces with a number of their own, the newest first, and where each is. The trace says from whom and to whom."""

    list_display = ["code", "sku", "state", "location", "bin", "subject", "is_assumed", "received_at", "trace"]
    list_display_links = None
    export_display = ["code", "sku", "state", "location", "bin", "subject", "is_assumed", "received_at"]
    list_filter = ["state", "location", "is_assumed"]
    list_select_related = ["sku", "location", "bin"]
    search_fields = ["=code", "sku__code"]
    ordering = ["-pk"]

    def lookup_allowed(self, lookup, value, request):
        return lookup == "sku__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="Went where?")
    def trace(self, serial):
        return format_html('<a href="{}">Trace</a>', reverse("book:trace_serial", args=[serial.pk]))
