"""A recall: blocking a lot with the reason, and letting it go again."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from inventory.models import Lot
from inventory.services import withhold
from oms.lib.console import actor_of, console_page, form_page, say

LOTS = "admin:inventory_lot_changelist"


class BlockForm(forms.Form):
    reason = forms.CharField(max_length=200, label="Why is nothing of it to leave?")


@console_page("inventory.block_lot")
def block(request, pk):
    """Ask why a lot is blocked, and take its pieces out of sale."""
    lot = get_object_or_404(Lot.objects.select_related("sku"), pk=pk)

    def run(cleaned):
        withhold.block(lot.pk, cleaned["reason"], actor=actor_of(request))
        say(request, f"Lot {lot} of {lot.sku} is blocked.")

    form = BlockForm(request.POST or None)
    return form_page(request, form, run=run, title=f"Block lot {lot} of {lot.sku}", back_to=reverse(LOTS))


@console_page("inventory.block_lot")
def unblock(request, pk):
    """Ask whether a blocked lot may be sold again, and let it go."""
    lot = get_object_or_404(Lot.objects.select_related("sku"), pk=pk)

    def run(cleaned):
        withhold.unblock(lot.pk, actor=actor_of(request))
        say(request, f"Lot {lot} of {lot.sku} can be sold again, unless it expired.")

    form = forms.Form(request.POST if request.method == "POST" else None)
    return form_page(request, form, run=run, title=f"Unblock lot {lot} of {lot.sku}", back_to=reverse(LOTS))
