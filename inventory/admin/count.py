from django.contrib import admin
from unfold.admin import TabularInline

from inventory.models import CountLine, CountSession
from oms.lib.admin import ConsoleAdmin, ReadOnly

MOST_LINES = 500


class LineInline(ReadOnly, TabularInline):
    model = CountLine
    fields = ["sku", "bin", "expected", "counted", "difference", "problem"]
    per_page = MOST_LINES

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("sku", "bin")


@admin.register(CountSession)
class CountSessionAdmin(ReadOnly, ConsoleAdmin):
    """Counts with their differences; counting itself is done on the stock pages."""

    list_display = ["id", "location", "bin", "counted_at", "status", "origin", "opened_by", "posted_by", "posted_at"]
    list_filter = ["status", "origin", "location"]
    list_select_related = ["location", "bin"]
    inlines = [LineInline]
