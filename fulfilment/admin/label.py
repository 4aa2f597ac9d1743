"""The labels that were bought over the network, what they cost, and what became of them."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.decorators import action

from fulfilment.models import Label
from fulfilment.services import buy_label
from oms.lib.admin import ConsoleAdmin, ReadOnly
from oms.lib.badges import state_badge
from oms.lib.console import actor_of, alarm, say
from oms.lib.errors import DomainError
from orders.admin.links import order_link


@admin.register(Label)
class LabelAdmin(ReadOnly, ConsoleAdmin):
    list_display = [
        "__str__",
        "order_page",
        "carrier",
        "service",
        "state",
        "tracking_number",
        "amount",
        "currency",
        "error",
        "created_at",
    ]
    list_filter = ["status", "carrier"]
    list_select_related = ["parcel__order", "carrier"]
    search_fields = ["tracking_number", "external_id"]
    search_help_text = "tracking number, or the carrier's id"
    actions_detail = ["ask_now"]

    @admin.display(description="order", ordering="parcel")
    def order_page(self, row):
        return order_link(row.parcel.order)

    @admin.display(description="state", ordering="status")
    def state(self, row):
        return state_badge(row, "status")

    def has_ask_permission(self, request, object_id=None):
        return request.user.has_perm("fulfilment.change_label")

    @action(description="Ask the carrier now", permissions=["ask"])
    def ask_now(self, request, object_id):
        """Ask about a label that is awaited or given back; of any other there is nothing to ask."""
        label = get_object_or_404(Label, pk=object_id)
        try:
            label = buy_label.ask(label.pk, actor=actor_of(request)) if label.status == "pending" else label
            label = buy_label.give_back(label.pk) if label.status == "voiding" else label
            say(request, f"{label} is {label.state}.")
        except DomainError as error:
            alarm(request, error)
        return HttpResponseRedirect(reverse("admin:fulfilment_label_change", args=[object_id]))
