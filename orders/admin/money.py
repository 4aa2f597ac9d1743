"""Invoices, credit notes, payments and refunds: to be found and read. What moves money is done on the order."""

from django.contrib import admin
from django.utils.html import format_html

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from oms.lib.money import show
from orders.admin.filters import DayFilter, OfChannel
from orders.admin.links import order_link
from orders.models import CreditNote, Invoice, PaymentEntry, Refund


class OfOrdersChannel(OfChannel):
    path = "order__channel__code"


class OfPaymentsChannel(OfChannel):
    path = "payment__order__channel__code"


class IssuedOn(DayFilter):
    title, parameter_name, field, is_moment = "issued", "issued_on", "issued_on", False


class DoneOn(DayFilter):
    title, parameter_name, field = "done", "day", "done_at"


class RateMissing(admin.SimpleListFilter):
    title, parameter_name = "exchange rate", "rate"

    def lookups(self, request, model_admin):
        return [("missing", "missing")]

    def queryset(self, request, queryset):
        return queryset.without_rate() if self.value() == "missing" else queryset


class BillAdmin(ReadOnly, ConsoleAdmin):
    """What invoices and credit notes share: found by number, never changed."""

    list_display = ["code", "order_number", "issued_on", "seller", "buyer_name", "total"]
    list_filter = [IssuedOn, OfOrdersChannel, RateMissing, "seller"]
    list_filter_submit = True
    list_select_related = ["order", "seller"]
    search_fields = ["code__istartswith"]
    search_help_text = "Number, from its beginning"

    @admin.display(description="Order")
    def order_number(self, bill):
        return order_link(bill.order)

    @admin.display(description="Buyer")
    def buyer_name(self, bill):
        return bill.buyer.get("company") or bill.buyer.get("name", "")

    @admin.display(description="Total")
    def total(self, bill):
        return _amount(bill.gross, bill.currency)


@admin.register(Invoice)
class InvoiceAdmin(BillAdmin):
    pass


@admin.register(CreditNote)
class CreditNoteAdmin(BillAdmin):
    pass


@admin.register(PaymentEntry)
class PaymentEntryAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["created_at", "order_number", "kind", "state", "amount_", "tender", "provider_ref", "error"]
    list_filter = ["kind", "status", DoneOn, OfPaymentsChannel]
    list_filter_submit = True
    list_select_related = ["payment__order"]
    search_fields = ["payment__reference__startswith", "provider_ref__startswith"]
    search_help_text = "Reference at the bank or gateway"
    ordering = ["-pk"]

    @admin.display(description="Order")
    def order_number(self, entry):
        return order_link(entry.payment.order)

    @admin.display(description="State")
    def state(self, entry):
        return state_badge(entry, "status")

    @admin.display(description="Amount")
    def amount_(self, entry):
        return _amount(entry.amount, entry.payment.order.currency)

    @admin.display(description="Tender")
    def tender(self, entry):
        return entry.payment.method or entry.payment.gateway


@admin.register(Refund)
class RefundAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["requested_at", "order_number", "state", "amount_", "reason", "requested_by", "decided_by"]
    list_filter = ["status", OfOrdersChannel]
    list_filter_submit = True
    list_select_related = ["order"]

    @admin.display(description="Order")
    def order_number(self, refund):
        return order_link(refund.order)

    @admin.display(description="State")
    def state(self, refund):
        return state_badge(refund, "status")

    @admin.display(description="Amount")
    def amount_(self, refund):
        return _amount(refund.amount, refund.order.currency)


def _amount(amount, currency):
    return format_html('<span class="oms-number">{}</span>', show(amount, currency))
