"""Parcels that are late, stuck or damaged, and after how long they are late or stuck."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from fulfilment.models import ParcelCase, WatchRule
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from oms.lib.money import show
from orders.admin.links import order_link
from orders.services import search

MAY = "fulfilment.change_parcel"
# (name of the dialog, what it is called)
ACTIONS = [("work:tell", "Tell the customer"), ("work:settle_case", "Settle"), ("work:lost", "It is lost")]


@admin.register(ParcelCase)
class ParcelCaseAdmin(ReadOnly, ConsoleAdmin):
    """The queue of customer service: what wants a word with the carrier or the customer, the oldest first."""

    list_display = ["order_page", "parcel", "kind", "since", "tracking", "ended", "claimed", "act"]
    list_display_links = None
    export_display = [
        *list_display[:5],
        "carrier",
        "location",
        "outcome",
        "closed_by",
        "note",
        "made_good",
        "claimed",
    ]
    list_filter = [
        "kind",
        ("closed_at", admin.EmptyFieldListFilter),
        "outcome",
        "claim__status",
        "parcel__carrier",
        "parcel__fulfilment_order__location",
    ]
    list_select_related = [
        "parcel__order",
        "parcel__carrier",
        "parcel__fulfilment_order__location",
        "replacement",
        "refund",
        "claim",
    ]
    search_fields = ["parcel__tracking_number"]
    search_help_text = "order, parcel or tracking number"
    ordering = ["since"]

    def get_list_display(self, request):
        return self.list_display if request.user.has_perm(MAY) else self.list_display[:-1]

    def get_search_results(self, request, queryset, search_term):
        """Ask the one index of everything that orders are found by."""
        if not search_term:
            return queryset, False
        return queryset.filter(parcel__order__in=search.find(search_term, among=queryset, by="parcel__order")), False

    @admin.display(description="order")
    def order_page(self, case):
        return order_link(case.parcel.order)

    @admin.display(description="carrier")
    def carrier(self, case):
        return case.parcel.carrier or ""

    @admin.display(description="tracking")
    def tracking(self, case):
        """The carrier's number, with its page behind it."""
        url, number = case.parcel.tracking_url, case.parcel.tracking_number
        return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', url, number) if url else number

    @admin.display(description="from")
    def location(self, case):
        return case.parcel.fulfilment_order.location

    @admin.display(description="outcome", ordering="outcome")
    def ended(self, case):
        """How it ended, what was found, and what the customer got."""
        words = [part for part in (case.get_outcome_display(), case.note, self.made_good(case)) if part]
        return format_html_join(" · ", "{}", ((word,) for word in words))

    @admin.display(description="made good")
    def made_good(self, case):
        if case.replacement:
            return format_html("sent again: {}", order_link(case.replacement))
        if case.refund:
            return f"refund: {case.refund.get_status_display()}"
        return ""

    @admin.display(description="claim", ordering="claim__status")
    def claimed(self, case):
        claim = getattr(case, "claim", None)
        if claim is None:
            return ""
        amount = show(claim.amount, case.parcel.order.currency)
        return format_html("{} {} {}", state_badge(claim, "status"), amount, claim.reference)

    @admin.display(description="Do")
    def act(self, case):
        return format_html_join(" · ", '<a href="{}" data-dialog>{}</a>', _actions(case))


def _actions(case):
    """Return [(address of the dialog, what it is called)]."""
    if case.closed_at is None:
        damaged = (reverse("work:damaged", args=[case.parcel_id]), "It is damaged")
        return [*[(reverse(name, args=[case.pk]), label) for name, label in ACTIONS], damaged]
    claim = getattr(case, "claim", None)
    if case.outcome not in ParcelCase.MADE_GOOD or (claim and claim.status == claim.Status.PAID):
        return []
    return [(reverse("work:claim", args=[case.pk]), "Claim")]


@admin.register(WatchRule)
class WatchRuleAdmin(ConsoleAdmin):
    list_display = ["__str__", "unseen_days", "silent_days", "late_days", "tells_customer"]
    list_filter = ["channel", "carrier"]
    list_select_related = ["channel", "carrier"]
