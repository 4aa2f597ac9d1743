from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import TabularInline

from inventory.models import CountLine, CountSession
from oms.lib.admin import ConsoleAdmin, ReadOnly

MOST_LINES = 500


class LineInline(ReadOnly, TabularInline):
    model = CountLine
    fields = ["sku", "bin", "expected", "first_counted", "counted", "difference", "problem"]
    per_page = MOST_LINES

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("sku", "bin")


@admin.register(CountSession)
class CountSessionAdmin(ReadOnly, ConsoleAdmin):
    """Counts with their differences; counting itself is done on the stock pages."""

    list_display = [
        "id",
        "location",
        "bin",
        "began_at",
        "status",
        "origin",
        "opened_by",
        "posted_by",
        "approved_by",
        "details",
    ]
    list_filter = ["status", "origin", "location"]
    list_select_related = ["location", "bin"]
    inlines = [LineInline]

    @admin.display(description="Details")
    def details(self, session):
        url = reverse("book:count", args=[session.pk])
        return format_html('<a href="{}">{}</a>', url, "Decide" if session.waits_for_approval else "Lines")
