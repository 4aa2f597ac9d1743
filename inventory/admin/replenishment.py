from django.contrib import admin

from inventory.models import ReorderPolicy
from oms.lib.admin import ConsoleAdmin


@admin.register(ReorderPolicy)
class ReorderPolicyAdmin(ConsoleAdmin):
    """How goods are bought again; the narrowest that fits a SKU at a location holds."""

    list_display = [
        "__str__",
        "method",
        "service_percent",
        "review_days",
        "minimum",
        "maximum",
        "budget",
        "is_automatic",
    ]
    list_filter = ["method", "abc_class", "is_automatic", "location"]
    list_select_related = ["sku", "location"]
    search_fields = ["sku__code", "location__code"]
    autocomplete_fields = ["sku", "location"]
    readonly_fields = ["together"]
    fieldsets = [
        ("For what", {"fields": ["sku", "abc_class", "location"]}),
        (
            "When and how much",
            {"fields": ["method", "service_percent", "together", "review_days", "minimum", "maximum"]},
        ),
        ("Money", {"fields": ["order_cost", "holding_percent", "budget", "is_automatic"]}),
    ]

    @admin.display(description="All together")
    def together(self, policy):
        if not policy.is_pooled or policy.pooled_worth is None:
            return "worked out each night, where the method says so"
        return f"a piece that costs 1 is kept if its chance of being needed is {policy.pooled_worth:.2%} or more"
