from django.contrib import admin
from django.db.models import Value
from django.urls import reverse
from django.utils.html import format_html_join
from unfold.admin import TabularInline

from inventory.models import Supplier, SupplierPrice, SupplierSku
from oms.lib.admin import ConsoleAdmin
from oms.lib.money import show


@admin.register(Supplier)
class SupplierAdmin(ConsoleAdmin):
    """Those we buy from; one with history is closed, not deleted."""

    list_display = [
        "code",
        "name",
        "email",
        "currency",
        "language",
        "lead_days",
        "lead_days_late",
        "goods",
        "is_active",
    ]
    export_display = ["code", "name", "email", "currency", "language", "lead_days", "lead_days_late", "is_active"]
    list_filter = ["is_active", "currency", "language"]
    search_fields = ["code", "name", "email"]
    autocomplete_fields = ["location"]
    readonly_fields = ["goods"]
    fieldsets = [
        (None, {"fields": ["code", "name", "email", "phone", "language", "account_number", "is_active", "goods"]}),
        ("Address", {"fields": ["address"]}),
        ("Ordering", {"fields": ["currency", "lead_days", "lead_days_late", "approval_over", "free_freight_from"]}),
        ("Delivering", {"fields": ["over_delivery_percent", "location", "partner"]}),
    ]

    def get_queryset(self, request):
        may_order = Value(request.user.has_perm("inventory.add_purchaseorder"))
        may_give_back = Value(request.user.has_perm("inventory.add_supplierreturn"))
        return super().get_queryset(request).annotate(may_order=may_order, may_give_back=may_give_back)

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="Goods")
    def goods(self, supplier):
        if not supplier.pk:
            return ""
        listed = f"supplier__id__exact={supplier.pk}"
        links = [
            (reverse("admin:inventory_suppliersku_changelist"), listed, "SKUs"),
            (reverse("admin:inventory_purchaseorder_changelist"), listed, "orders"),
        ]
        if supplier.may_order:
            links.append((reverse("buying:new"), f"supplier={supplier.pk}", "new order"))
        if supplier.may_give_back:
            links.append((reverse("buying:give_back_to", args=[supplier.pk]), "", "send back"))
        return format_html_join(" ", '<a class="oms-link" href="{}?{}">{}</a>', links)


class PriceInline(TabularInline):
    model = SupplierPrice
    verbose_name, verbose_name_plural = "price", "prices"
    extra = 0
    fields = ["min_quantity", "cost"]


@admin.register(SupplierSku)
class SupplierSkuAdmin(ConsoleAdmin):
    """What each supplier sells, in which lots, at which prices; lead times are learned from deliveries."""

    list_display = ["sku", "supplier", "code", "price", "moq", "pack_size", "days", "is_preferred"]
    list_filter = ["supplier", "is_preferred"]
    search_fields = ["sku__code", "sku__name", "code"]
    autocomplete_fields = ["supplier", "sku"]
    readonly_fields = ["days"]
    fields = ["supplier", "sku", "code", "moq", "pack_size", "days", "is_preferred"]
    inlines = [PriceInline]

    def get_queryset(self, request):
        return super().get_queryset(request).with_prices()

    @admin.display(description="Price")
    def price(self, row):
        cost = row.cost_of(row.moq)
        return "" if cost is None else show(cost, row.supplier.currency)

    @admin.display(description="Lead time, usual and late")
    def days(self, row):
        if not row.supplier_id:
            return ""
        learned = "learned" if row.lead_days_p50 is not None else "as the supplier says"
        return f"{row.lead_days} and {row.lead_days_late} days, {learned}"
