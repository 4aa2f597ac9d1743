from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html

from inventory.models import Proposal, StockAlert
from oms.lib.admin import ConsoleAdmin, ReadOnly


@admin.register(StockAlert)
class StockAlertAdmin(ReadOnly, ConsoleAdmin):
    """What runs out with nothing on its way, and what keeps missing; each closes when its cause is gone."""

    list_display = [
        "sku",
        "location",
        "kind",
        "pieces",
        "limit",
        "bin",
        "times",
        "raised_at",
        "closed_at",
        "note",
        "look",
        "settle",
    ]
    list_display_links = None
    export_display = list_display[:-2]
    list_filter = ["kind", ("closed_at", admin.EmptyFieldListFilter), "location"]
    list_select_related = ["sku", "location", "bin"]
    search_fields = ["sku__code", "note"]
    ordering = ["-pk"]

    def get_queryset(self, request):
        proposals = Proposal.objects.open().filter(sku=OuterRef("sku"), location=OuterRef("location"))
        return super().get_queryset(request).annotate(proposal=Subquery(proposals.order_by("pk").values("pk")[:1]))

    def get_list_display(self, request):
        return self.list_display if request.user.has_perm("inventory.adjust_stock") else self.list_display[:-1]

    @admin.display(description="Look at")
    def look(self, alert):
        ledger = reverse("admin:inventory_stockentry_changelist")
        links = format_html(
            '<a href="{}?sku__id__exact={}&location__id__exact={}">Ledger</a>', ledger, alert.sku_id, alert.location_id
        )
        if alert.proposal:
            links += format_html(' · <a href="{}">Proposal</a>', reverse("replenish:proposal", args=[alert.proposal]))
        return links

    @admin.display(description="Settle")
    def settle(self, alert):
        if alert.closed_at or alert.kind != StockAlert.Kind.DRIFT:
            return ""
        return format_html('<a href="{}" data-dialog>Looked into it</a>', reverse("book:settle", args=[alert.pk]))
