"""Invoices, credit notes, payments and refunds: to be found and read. What moves money is done on the order."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from oms.lib.money import show
from oms.papers.models import Document
from oms.partners.actors import actor_names
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
    fields = ["code", "order_number", "issued_on", "seller", "buyer_name", "net_", "tax_", "total", "paper", "rated"]
    readonly_fields = fields

    @admin.display(description="Order")
    def order_number(self, bill):
        return order_link(bill.order)

    @admin.display(description="Buyer")
    def buyer_name(self, bill):
        return bill.buyer.get("company") or bill.buyer.get("name", "")

    @admin.display(description="Net")
    def net_(self, bill):
        return _amount(bill.net, bill.currency)

    @admin.display(description="Tax")
    def tax_(self, bill):
        return _amount(bill.tax, bill.currency)

    @admin.display(description="Total")
    def total(self, bill):
        return _amount(bill.gross, bill.currency)

    @admin.display(description="PDF")
    def paper(self, bill):
        found = Document.objects.latest_of(bill._meta.verbose_name.replace(" ", "_"), bill.pk)
        if found is None:
            return "–"
        address = reverse("console:document", args=[bill.order_id, found.pk])
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500" href="{}" target="_blank">{}</a>',
            address,
            found.title or found.filename,
        )

    @admin.display(description="Tax at home")
    def rated(self, bill):
        if not bill.home_currency:
            return "–"
        if bill.home_rate is None:
            return f"no rate for {bill.home_currency} was known"
        return format_html("{} at {}", _amount(bill.home_tax, bill.home_currency), bill.home_rate.normalize())


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
    list_display = ["requested_at", "order_number", "state", "amount_", "reason", "requester", "decider"]
    list_filter = ["status", OfOrdersChannel]
    list_filter_submit = True
    list_select_related = ["order"]
    export_display = [*list_display[:-2], "requested_by", "decided_by"]
    fields = [*list_display, "decided_at"]
    readonly_fields = fields

    def get_changelist_instance(self, request):
        """The list with the names of the people in it, asked for once."""
        found = super().get_changelist_instance(request)
        rows = found.result_list
        names = actor_names(actor for row in rows for actor in (row.requested_by, row.decided_by) if actor)
        for row in rows:
            row.names = names
        return found

    @admin.display(description="Requested by", ordering="requested_by")
    def requester(self, refund):
        return _name(refund, refund.requested_by)

    @admin.display(description="Decided by", ordering="decided_by")
    def decider(self, refund):
        return _name(refund, refund.decided_by)

    @admin.display(description="Order")
    def order_number(self, refund):
        return order_link(refund.order)

    @admin.display(description="State")
    def state(self, refund):
        return state_badge(refund, "status")

    @admin.display(description="Amount")
    def amount_(self, refund):
        return _amount(refund.amount, refund.order.currency)


def _name(refund, actor):
    """Return what `actor` is called; a row that is not of a list asks for it itself."""
    names = getattr(refund, "names", None) or actor_names([actor])
    return names[actor] if actor else ""


def _amount(amount, currency):
    return format_html('<span class="oms-number">{}</span>', show(amount, currency))
