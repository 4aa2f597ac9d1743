"""The order list. The order itself is a page of its own: orders/pages/console/order.py."""

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.text import capfirst

from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import BAD, WARN, badge, state_badge
from oms.lib.clock import say_day
from oms.lib.lateness import late_badge
from oms.lib.money import show
from orders.admin import filters
from orders.models import Hold, Order, SavedView
from orders.services import search

MOST_AT_ONCE = 200


@admin.register(Order)
class OrderAdmin(ReadOnly, ConsoleAdmin):
    list_display = ["number", "customer_name", "ordered", "state", "payment", "fulfilment", "promise", "total"]
    export_display = [
        "number",
        "external_id",
        "channel",
        "ordered_at",
        "status",
        "payment_state",
        "fulfilment_state",
        "return_state",
        "is_held",
        "ship_name",
        "ship_country",
        "email",
        "promised_current",
        "currency",
        "net",
        "tax",
        "gross",
    ]
    list_filter = [
        filters.Status,
        filters.OnHold,
        filters.Promise,
        filters.OfChannel,
        filters.Payment,
        filters.Fulfilment,
        filters.Returns,
        filters.Ordered,
        filters.Shipped,
        filters.FromLocation,
        filters.Method,
        filters.Priority,
        filters.Tagged,
        filters.OfCustomer,
        filters.Pasted,
    ]
    list_filter_submit = True
    list_fullwidth = True
    search_fields = ["pk"]  # shows the box; what it finds: get_search_results
    search_help_text = "Number, e-mail, phone, name, SKU, tracking …"
    sortable_by = ["number", "ordered", "promise"]
    preserve_filters = False
    actions = ["hold", "release", "tag", "prioritise", "cancel"]
    change_list_template = "orders/console/order_list.html"

    def get_queryset(self, request):
        held = Prefetch("holds", Hold.objects.active(), to_attr="active_holds")
        tagged = Prefetch("tags", to_attr="its_tags")
        return super().get_queryset(request).select_related("channel").prefetch_related(held, tagged)

    def changelist_view(self, request, extra_context=None):
        query = request.GET.urlencode()
        missing = request.session.get("pasted_missing", {}).get(request.GET.get("pasted"), [])
        missing = missing or search.find_all(search.pasted(request.GET.get("q", "")))[1]
        own = SavedView.objects.filter(owner=request.user, query=query).first() if query else None
        return super().changelist_view(request, {"missing": missing, "own_view": own, **(extra_context or {})})

    def get_search_results(self, request, queryset, search_term):
        """Search through SearchKey alone: a list of numbers finds each of them, anything else what it begins.

        Only what the filters left is looked for, so that the bound cuts none of it for hits that they hide.
        """
        if not search_term.strip():
            return queryset, False
        numbers = search.pasted(search_term)
        if numbers:
            return queryset.filter(pk__in=search.find_all(numbers)[0]), False
        return queryset.filter(pk__in=search.find(search_term, among=queryset, limit=MOST_AT_ONCE)), False

    @admin.display(description="Order", ordering="-pk")
    def number(self, order):
        is_urgent = order.priority < Order.Priority.NORMAL
        sign = badge(order.get_priority_display(), BAD, icon="priority_high") if is_urgent else ""
        return format_html("<strong>{}</strong> {}", order.number, sign)

    @admin.display(description="Ordered", ordering="ordered_at")
    def ordered(self, order):
        local = timezone.localtime(order.ordered_at)
        is_recent = local.year == timezone.localdate().year
        return f"{say_day(local.date(), 'j M')} {local:%H:%M}" if is_recent else say_day(local.date(), "j M Y")

    @admin.display(description="Customer")
    def customer_name(self, order):
        name = order.ship_name or order.email or "–"
        return format_html(
            '<span class="oms-cut">{} <span class="oms-dim">{}</span></span><span class="oms-cut oms-dim">{}</span>',
            name,
            order.ship_country,
            order.channel.name,
        )

    @admin.display(description="Status")
    def state(self, order):
        marks = [state_badge(order, "status")]
        marks += [
            badge(capfirst(f"{hold.get_kind_display()} hold"), WARN, hint=hold.reason) for hold in order.active_holds
        ]
        if order.return_state != Order.ReturnState.NONE:
            asked = order.return_state == Order.ReturnState.REQUESTED
            marks.append(badge("Return requested" if asked else capfirst(order.get_return_state_display()), WARN))
        tags = [(tag.color, tag.name) for tag in order.its_tags]
        tags = format_html_join(" ", '<span class="oms-tag" style="--tag: {}">{}</span>', tags)
        return format_html("{} {}", format_html_join(" ", "{}", ((mark,) for mark in marks)), tags)

    @admin.display(description="Payment")
    def payment(self, order):
        return state_badge(order, "payment_state")

    @admin.display(description="Fulfilment")
    def fulfilment(self, order):
        return state_badge(order, "fulfilment_state")

    @admin.display(description="Promise", ordering="promised_current")
    def promise(self, order):
        return (order.is_due and late_badge(order.promised_current)) or "–"

    @admin.display(description="Total")
    def total(self, order):
        return format_html('<span class="oms-number">{}</span>', show(order.gross, order.currency))

    def has_hold_permission(self, request):
        return request.user.has_perm("orders.hold_order")

    def has_cancel_permission(self, request):
        return request.user.has_perm("orders.cancel_order")

    def has_edit_permission(self, request):
        return request.user.has_perm("orders.change_order")

    @admin.action(description="Hold …", permissions=["hold"])
    def hold(self, request, queryset):
        return self._preview(request, queryset, "hold")

    @admin.action(description="Release holds …", permissions=["hold"])
    def release(self, request, queryset):
        return self._preview(request, queryset, "release")

    @admin.action(description="Tag …", permissions=["edit"])
    def tag(self, request, queryset):
        return self._preview(request, queryset, "tag")

    @admin.action(description="Set priority …", permissions=["edit"])
    def prioritise(self, request, queryset):
        return self._preview(request, queryset, "prioritise")

    @admin.action(description="Cancel …", permissions=["cancel"])
    def cancel(self, request, queryset):
        return self._preview(request, queryset, "cancel")

    def _preview(self, request, queryset, what):
        """Open the page that shows what would happen to the chosen orders, and does it when told so."""
        pks = list(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(pks) > MOST_AT_ONCE:
            messages.error(request, f"At most {MOST_AT_ONCE} orders at once: narrow the list.")
            return None
        query = urlencode({"ids": ",".join(map(str, pks)), "next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('console:bulk', args=[what])}?{query}")
