"""What did we believe was available on that day? Answered by the ledger."""

from django import forms
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.models import Location, Sku
from inventory.services.past_stock import believed, in_transit_then
from oms.lib.console import console_page, show


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self):
        super().__init__(format="%Y-%m-%dT%H:%M")


class PastForm(forms.Form):
    sku = forms.CharField(max_length=48, label="SKU", help_text="code or barcode")
    at = forms.DateTimeField(widget=Moment, label="At", help_text="empty: now", required=False)
    location = forms.ModelChoiceField(
        Location.objects.filter(tracks_stock=True), required=False, empty_label="all locations"
    )

    def clean_sku(self):
        """Return the Sku."""
        sku = Sku.objects.scanned(self.cleaned_data["sku"])
        if sku is None:
            raise forms.ValidationError("There is no such SKU.")
        return sku


@require_safe
@console_page("inventory.view_stockentry")
def past(request):
    """On hand, reserved, unavailable and available of a SKU as the book had them at a moment."""
    form = PastForm(request.GET if "sku" in request.GET else None)
    context = {"form": form}
    if form.is_valid():
        sku, place = form.cleaned_data["sku"], form.cleaned_data["location"]
        moment = form.cleaned_data["at"] or timezone.now()
        rows = believed(sku, moment, locations=[place.pk] if place else None)
        context |= {"sku": sku, "moment": moment, "rows": rows, "available": sum(max(row.available, 0) for row in rows)}
        context["in_transit"] = in_transit_then(sku, moment)
    return show(request, "inventory/console/past.html", title="Stock on a day", **context)
