from datetime import timedelta

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from inventory.models import Lot
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import BAD, badge

SOON = timedelta(days=30)


class ExpiryFilter(admin.SimpleListFilter):
    title = "expiry"
    parameter_name = "expiry"

    def lookups(self, request, model_admin):
        return [("soon", "expired or within 30 days, in stock"), ("blocked", "blocked")]

    def queryset(self, request, lots):
        if self.value() == "soon":
            return lots.in_stock().expiring(timezone.localdate() + SOON)
        return lots.filter(blocked_at__isnull=False) if self.value() == "blocked" else lots


@admin.register(Lot)
class LotAdmin(ReadOnly, ConsoleAdmin):
    """Lots with their last day; blocked for a recall, and let go again. The trace says from whom and to whom."""

    list_display = [
        "code",
        "sku",
        "last_day",
        "supplier",
        "reference",
        "received_at",
        "block_reason",
        "trace",
        "recall",
    ]
    list_display_links = None
    export_display = ["code", "sku", "expires_on", "supplier", "reference", "received_at", "block_reason"]
    list_filter = [ExpiryFilter]
    list_select_related = ["sku", "supplier"]
    search_fields = ["code", "sku__code"]
    ordering = ["expires_on", "pk"]

    def get_list_display(self, request):
        return self.list_display if request.user.has_perm("inventory.block_lot") else self.list_display[:-1]

    def lookup_allowed(self, lookup, value, request):
        return lookup == "sku__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="last day", ordering="expires_on")
    def last_day(self, lot):
        """The day, with the reason why nothing of it may leave, where there is one."""
        day = date_format(lot.expires_on) if lot.expires_on else ""
        if lot.blocked_at:
            return format_html("{} {}", day, badge("blocked", BAD))
        if lot.is_expired(timezone.localdate()):
            return format_html("{} {}", day, badge("expired", BAD))
        return day

    @admin.display(description="Went where?")
    def trace(self, lot):
        return format_html('<a href="{}">Trace</a>', reverse("book:trace_lot", args=[lot.pk]))

    @admin.display(description="Recall")
    def recall(self, lot):
        name, text = ("book:unblock_lot", "Unblock") if lot.blocked_at else ("book:block_lot", "Block")
        return format_html('<a href="{}" data-dialog>{}</a>', reverse(name, args=[lot.pk]), text)
