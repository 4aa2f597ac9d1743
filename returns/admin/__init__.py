"""Lists of the returns desk. A return itself is a page of its own: returns/pages/console/desk.py."""

from django.contrib import admin

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from oms.lib.money import show
from orders.admin.filters import OfChannel
from orders.services import search
from returns.models import Disposition, Return, ReturnPolicy


class OfReturnsChannel(OfChannel):
    path = "order__channel__code"


@admin.register(Return)
class ReturnAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["number", "state", "order", "customer", "location", "requested_at", "expires_at", "amount"]
    list_filter = ["status", "location", OfReturnsChannel]
    list_select_related = ["order", "location", "refund"]
    search_fields = ["pk"]
    search_help_text = "RMA, order number, e-mail, name …"

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        exact = Return.objects.numbered(search_term)
        if search_term.strip().upper().startswith("R") and exact.exists():
            return queryset.filter(pk__in=exact.values("pk")), False
        return queryset.filter(order__in=search.find(search_term, among=queryset, by="order")), False

    @admin.display(description="status", ordering="status")
    def state(self, rma):
        return state_badge(rma, "status")

    @admin.display(description="customer")
    def customer(self, rma):
        return rma.order.ship_name

    @admin.display(description="refund")
    def amount(self, rma):
        return show(rma.refund.amount, rma.order.currency) if rma.refund else None


@admin.register(ReturnPolicy)
class ReturnPolicyAdmin(ConsoleAdmin):
    list_display = ["channel", "window_days", "fee", "is_approved_at_once", "refunds_shipping", "location"]
    list_select_related = ["channel", "location"]


@admin.register(Disposition)
class DispositionAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["at", "line", "quantity", "outcome", "source", "grade", "note", "actor"]
    list_filter = ["outcome", "grade"]
    list_select_related = ["line__line"]
