"""One stock level: its safety stock, and pieces taken out of sale wherever they lie."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from inventory.models import StockLevel
from inventory.services import stock
from inventory.services.whereabouts import unfit_at
from oms.lib.console import actor_of, console_page, form_page, say

LEVELS = "admin:inventory_stocklevel_changelist"
MOST_TYPED = 9_999_999
WHY = [("damaged", "Damaged"), ("expired", "Expired"), ("recall", "Recalled"), ("fit", "Fit again"), ("other", "Other")]


class SafetyForm(forms.Form):
    safety = forms.IntegerField(
        min_value=0, max_value=MOST_TYPED, label="Safety stock", help_text="pieces never promised to anybody"
    )


class UnavailableForm(forms.Form):
    pieces = forms.IntegerField(
        min_value=-MOST_TYPED,
        max_value=MOST_TYPED,
        label="Pieces out of sale",
        help_text="wherever they lie; -3: three can be sold again",
    )
    reason = forms.ChoiceField(choices=WHY)


@console_page("inventory.set_safety")
def safety(request, pk):
    """Ask for the safety stock of a level, and set it."""
    level = _level(pk)

    def run(cleaned):
        stock.set_safety(level.sku, level.location, cleaned["safety"], actor=actor_of(request))
        say(request, f"{level.sku} at {level.location}: {cleaned['safety']} pieces are kept.")

    form = SafetyForm(request.POST or None, initial={"safety": level.safety})
    return _page(request, form, run, level, "Safety stock")


@console_page("inventory.adjust_stock")
def unavailable(request, pk):
    """Ask how many pieces of a level cannot be sold, or can again, and book it."""
    level = _level(pk)

    def run(cleaned):
        pieces, reason = cleaned["pieces"], cleaned["reason"]
        stock.set_unavailable(level.sku, level.location, pieces, reason=reason, actor=actor_of(request))
        say(request, f"{level.sku} at {level.location}: {pieces:+} out of sale.")

    return _page(request, UnavailableForm(request.POST or None), run, level, "Out of sale")


def _page(request, form, run, level, what):
    return form_page(
        request,
        form,
        run=run,
        title=f"{what}: {level.sku} at {level.location}",
        template="inventory/console/level.html",
        back_to=reverse(LEVELS),
        level=level,
        unfit=unfit_at(level),
    )


def _level(pk):
    return get_object_or_404(StockLevel.objects.with_available().select_related("sku", "location"), pk=pk)
