from django.contrib import admin
from django.db.models import Value
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import TabularInline

from inventory.models import PurchaseOrder, Receipt, ReceiptLine, SupplierReturn, SupplierReturnLine
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from oms.lib.money import show


class OverdueFilter(admin.SimpleListFilter):
    title = "overdue"
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        return [("yes", "pieces should have come")]

    def queryset(self, request, orders):
        return orders.overdue(timezone.localdate()) if self.value() == "yes" else orders


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnly, ConsoleAdmin):
    """Purchase orders, newest first; the page of one is our own."""

    list_display = ["number", "state", "supplier", "location", "value", "created_at", "sent_at", "supplier_reference"]
    export_display = ["number", "status", "supplier", "location", "value", "created_at", "sent_at", "ended_at"]
    change_list_template = "inventory/console/purchases.html"
    list_filter = ["status", OverdueFilter, "supplier", "location"]
    list_select_related = ["supplier", "location"]
    search_fields = ["supplier__code", "supplier__name", "supplier_reference", "lines__sku__code"]
    search_help_text = "number, supplier, its reference, SKU"

    def get_queryset(self, request):
        return super().get_queryset(request).with_value()

    def get_search_results(self, request, orders, term):
        """A number finds its order."""
        found, may_repeat = super().get_search_results(request, orders, term)
        numbered = orders.numbered(term) if term else orders.none()
        return (numbered, False) if numbered.exists() else (found, may_repeat)

    def has_add_permission(self, request):
        return request.user.has_perm("inventory.add_purchaseorder")

    @admin.display(description="Number", ordering="pk")
    def number(self, order):
        return order.number

    @admin.display(description="State", ordering="status")
    def state(self, order):
        return state_badge(order, "status")

    @admin.display(description="Value")
    def value(self, order):
        return show(order.value or 0, order.currency)


class ReceiptLineInline(ReadOnly, TabularInline):
    model = ReceiptLine
    fields = ["sku", "good", "damaged", "over", "cost", "landed_cost", "actor", "at"]
    per_page = 200

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("sku")


@admin.register(Receipt)
class ReceiptAdmin(ReadOnly, ConsoleAdmin):
    """Deliveries as they came; freight and duty are entered on them once."""

    list_display = [
        "id",
        "received_at",
        "supplier",
        "purchase",
        "location",
        "delivery_note",
        "freight",
        "duty",
        "costs",
    ]
    list_filter = ["location", "supplier", "received_at"]
    list_select_related = ["supplier", "order", "location"]
    search_fields = ["delivery_note", "lines__sku__code"]
    fields = [
        "supplier",
        "purchase",
        "location",
        "delivery_note",
        "received_by",
        "received_at",
        "freight",
        "duty",
        "costs",
    ]
    inlines = [ReceiptLineInline]

    def get_queryset(self, request):
        may_cost = Value(request.user.has_perm("inventory.change_purchaseorder"))
        return super().get_queryset(request).annotate(may_cost=may_cost)

    @admin.display(description="Purchase order")
    def purchase(self, receipt):
        if not receipt.order_id:
            return "blind"
        url = reverse("admin:inventory_purchaseorder_change", args=[receipt.order_id])
        return format_html('<a href="{}">{}</a>', url, receipt.order)

    @admin.display(description="Landed cost")
    def costs(self, receipt):
        if receipt.costed_at:
            return f"entered {timezone.localdate(receipt.costed_at)}"
        if not receipt.may_cost:
            return "not entered"
        return format_html('<a href="{}">Enter freight and duty</a>', reverse("buying:land", args=[receipt.pk]))


class SupplierReturnLineInline(ReadOnly, TabularInline):
    model = SupplierReturnLine
    fields = ["sku", "supplier_code", "bin", "quantity", "cost"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("sku", "bin")


@admin.register(SupplierReturn)
class SupplierReturnAdmin(ReadOnly, ConsoleAdmin):
    """Goods that went back to their suppliers, with the slip."""

    list_display = ["number", "at", "supplier", "location", "order", "reason", "slip"]
    list_filter = ["supplier", "location"]
    list_select_related = ["supplier", "location", "order"]
    search_fields = ["reason", "lines__sku__code"]
    inlines = [SupplierReturnLineInline]

    @admin.display(description="Slip")
    def slip(self, row):
        return format_html('<a href="{}" target="_blank">PDF</a>', reverse("buying:slip", args=[row.pk]))
