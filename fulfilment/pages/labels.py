"""Labels for items and bins, printed as many as are wanted, and labels of parcels on A4 sheets."""

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fulfilment.pages.door import ask_place, place_of, show
from fulfilment.services.print_sheet import print_sheets, waiting
from inventory.documents.item_label import MOST_COPIES, ItemLabel, render_labels
from inventory.models import Bin, BinStock
from inventory.services import scan
from oms.lib.console import actor_of, blame, console_page
from oms.lib.errors import DomainError

PLACES = [(1, "top left"), (2, "top right"), (3, "bottom left"), (4, "bottom right")]
BANDS = [("", "none"), ("QUARANTINE", "QUARANTINE"), ("RETURN A", "RETURN A"), ("RETURN B", "RETURN B")]


class LabelForm(forms.Form):
    """What stands on the labels."""

    code = forms.CharField(max_length=48, label="Item: scan or type")
    quantity = forms.IntegerField(min_value=1, max_value=1_000_000, initial=1, label="Pieces")
    bin = forms.CharField(max_length=20, required=False, label="Bin (none: its own)")
    lot = forms.CharField(max_length=30, required=False)
    expires_on = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}), label="Expires")
    reference = forms.CharField(max_length=30, required=False, label="PO or delivery note")
    band = forms.ChoiceField(choices=BANDS, required=False)
    copies = forms.IntegerField(min_value=1, max_value=MOST_COPIES, initial=1)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.view_picklist")
def labels(request):
    """Ask what to print; sent, it answers with the PDF."""
    form = LabelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _pdf(request, form.cleaned_data)
        except DomainError as error:
            blame(form, error)
    return show(request, "labels", title="Labels", form=form, status=422 if form.errors else 200)


class SheetForm(forms.Form):
    """Which labels, and where on a sheet that was begun."""

    labels = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple, label="Parcels")
    start = forms.TypedChoiceField(choices=PLACES, coerce=int, label="Begin at")


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.pack_parcel")
def sheets(request):
    """The parcels here whose labels nobody has printed; sent, it answers with the PDF."""
    place = place_of(request)
    if place is None:
        return ask_place(request)
    labels = {row.pk: str(row) for row in waiting(place)}
    form = SheetForm(request.POST or None, initial={"labels": list(labels)})
    form.fields["labels"].choices = labels.items()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            pdf = print_sheets(place, data["labels"], start=data["start"], actor=actor_of(request))
            return _answer(pdf, "sheets.pdf")
        except DomainError as error:
            blame(form, error)
    return show(request, "sheets", title="Label sheets", form=form, status=422 if form.errors else 200)


def _pdf(request, data):
    sku, _ = scan.read(data["code"])
    label = ItemLabel(
        sku=sku.code,
        name=sku.name,
        quantity=data["quantity"],
        bin=data["bin"] or _home_of(sku, place_of(request)),
        lot=data["lot"],
        expires_on=data["expires_on"],
        reference=data["reference"],
        receiver=request.user.get_username(),
        printed_on=timezone.localdate(),
        band=data["band"],
    )
    return _answer(render_labels([label] * data["copies"]).content, "labels.pdf")


def _answer(content, name):
    return HttpResponse(content, "application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _home_of(sku, place):
    """Return the code of the shelf that holds most of `sku` at `place`, or ""."""
    rows = BinStock.objects.filter(sku=sku, bin__location=place, bin__kind=Bin.Kind.SHELF, quantity__gt=0)
    return rows.order_by("-quantity").values_list("bin__code", flat=True).first() or ""
