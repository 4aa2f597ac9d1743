"""Pieces that keep missing: what somebody found who looked into it."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from inventory.models import StockAlert
from inventory.services import settle_drift
from oms.lib.console import actor_of, console_page, form_page, say

ALERTS = "admin:inventory_stockalert_changelist"


class SettleForm(forms.Form):
    note = forms.CharField(
        max_length=200,
        label="What was found?",
        help_text="it is closed; what is missing from now on counts anew",
    )


@console_page("inventory.adjust_stock")
def settle(request, pk):
    """Ask what was found, and close the alert."""
    alert = get_object_or_404(StockAlert.objects.select_related("sku", "location"), pk=pk)

    def run(cleaned):
        settle_drift.settle(pk, note=cleaned["note"], actor=actor_of(request))
        say(request, f"{alert.sku} at {alert.location} is settled.")

    title = f"{alert.sku} at {alert.location}: {-alert.pieces} pieces missing"
    form = SettleForm(request.POST or None)
    return form_page(request, form, run=run, title=title, back_to=reverse(ALERTS), button="Settle")
