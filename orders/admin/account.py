"""Credits, adjustments and write-offs that an import took over: to be found and read, never changed."""

from django.contrib import admin
from django.utils.html import format_html
from unfold.admin import TabularInline

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.money import show
from orders.admin.filters import OfChannel
from orders.admin.links import order_link
from orders.models import AccountEntry, AccountLine


class AccountLineInline(ReadOnly, TabularInline):
    model = AccountLine
    fields = ["code", "name", "quantity", "each", "amount", "effect", "order_number"]
    readonly_fields = fields
    show_change_link = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("entry", "order_line__order")

    @admin.display(description="Unit price")
    def each(self, line):
        return show(line.unit_price, line.entry.currency)

    @admin.display(description="Net")
    def amount(self, line):
        return show(line.net, line.entry.currency)

    @admin.display(description="Order")
    def order_number(self, line):
        if line.order_line is None:
            return "–"
        return order_link(line.order_line.order)


@admin.register(AccountEntry)
class AccountEntryAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["external_id", "kind", "at", "channel", "customer", "amount"]
    list_filter = ["kind", OfChannel]
    list_filter_submit = True
    list_select_related = ["channel", "customer"]
    search_fields = ["external_id__istartswith"]
    search_help_text = "Number, from its beginning"
    fields = ["external_id", "kind", "channel", "customer", "amount", "at", "imported_at"]
    inlines = [AccountLineInline]

    @admin.display(description="Net")
    def amount(self, entry):
        return format_html('<span class="oms-number">{}</span>', show(entry.net, entry.currency))
