from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils.html import format_html

from inventory.models import Transfer, TransferLine
from oms.lib import badges
from oms.lib.admin import ConsoleAdmin, ReadOnly


class OpenFilter(admin.SimpleListFilter):
    title = "what is to do"
    parameter_name = "todo"

    def lookups(self, request, model_admin):
        return [("open", "open"), ("missing", "pieces are missing")]

    def queryset(self, request, transfers):
        if self.value() == "open":
            return transfers.open()
        return transfers.filter(is_short=True) if self.value() == "missing" else transfers


@admin.register(Transfer)
class TransferAdmin(ReadOnly, ConsoleAdmin):
    """Transfers between locations; each is worked on its own page."""

    list_display = ["number", "source", "target", "state", "expected_on", "created_at", "shipped_at", "received_at"]
    export_display = ["number", "source", "target", "status", "expected_on", "created_at", "shipped_at", "received_at"]
    change_list_template = "inventory/console/transfers.html"
    list_filter = ["status", OpenFilter, "source", "target"]
    list_select_related = ["source", "target"]
    search_fields = ["id", "note", "lines__sku__code"]
    search_help_text = "number, note or SKU"
    ordering = ["-pk"]

    def get_queryset(self, request):
        missing = TransferLine.objects.missing().filter(transfer=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_short=Exists(missing))

    def get_search_results(self, request, queryset, search_term):
        """Find T12 by its number too."""
        term = search_term.strip()
        is_number = term[:1] in "Tt" and term[1:].isascii() and term[1:].isdigit() and len(term) < 19
        if is_number:
            return queryset.filter(pk=int(term[1:])), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="Number", ordering="pk")
    def number(self, transfer):
        return transfer.number

    @admin.display(description="State", ordering="status")
    def state(self, transfer):
        short = badges.badge("short", badges.BAD) if transfer.is_short else ""
        return format_html("{} {}", badges.state_badge(transfer, "status"), short)
