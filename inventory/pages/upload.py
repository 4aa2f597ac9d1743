"""SKUs, a dated count, or bins on a floor plan, from a CSV: see row by row what would happen, then take it."""

from collections import Counter

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminFileFieldWidget

from inventory.imports import upload as uploading
from inventory.imports.floor_plan import FloorBins
from inventory.imports.skus import Skus
from inventory.imports.stock import Stock
from inventory.models import Location, TableUpload
from inventory.pages.forms import PlaceField
from oms.lib.console import actor_of, alarm, console_page, form_page, say, show
from oms.lib.errors import DomainError

MAY = "inventory.add_tableupload"
LAST = 10
SIZE = f"CSV, at most {uploading.MOST_ROWS:,} rows"
TEXTS = {
    TableUpload.Kind.SKUS: {
        "title": "Upload SKUs",
        "hint": "A SKU whose code is new is made, any other changed in the columns the file has. An empty cell leaves "
        "it as it is. Barcodes and components, CODE:pieces|CODE:pieces, replace those it has.",
        "table": Skus,
        "list": "admin:inventory_sku_changelist",
    },
    TableUpload.Kind.STOCK: {
        "title": "Upload counted stock",
        "hint": "The stock is corrected to what was there when the day began; what was booked since stays. SKUs that "
        "are not in the file stay as they are. Bins are made as they are named.",
        "table": Stock,
        "list": "admin:inventory_stocklevel_changelist",
    },
    TableUpload.Kind.PLAN: {
        "title": "Upload a floor plan",
        "hint": "Where bins are: how far down the plan and at which x their aisle is, in metres. Bins that are new are "
        "made; aisles that are not drawn yet are when aisle_x says where. An empty position takes a bin off the plan.",
        "table": FloorBins,
        "list": "admin:inventory_bin_changelist",
    },
}
SUBJECTS = {TableUpload.Kind.SKUS: "SKU", TableUpload.Kind.STOCK: "SKU, bin", TableUpload.Kind.PLAN: "Bin"}


class SkusForm(forms.Form):
    file = forms.FileField(label="File", widget=UnfoldAdminFileFieldWidget, help_text=SIZE)


class StockForm(SkusForm):
    location = PlaceField(Location.objects.active().filter(tracks_stock=True), label="Counted at")
    counted_on = forms.DateField(label="Counted before the first movement of", widget=UnfoldAdminDateWidget)


class PlanForm(SkusForm):
    location = PlaceField(Location.objects.active().staffed(), label="Floor of")


FORMS = {TableUpload.Kind.SKUS: SkusForm, TableUpload.Kind.STOCK: StockForm, TableUpload.Kind.PLAN: PlanForm}


@console_page(MAY)
def uploads(request, kind):
    """Show the form with the columns, and the last uploads; a file that is sent is checked."""
    texts = TEXTS[kind]
    _check_may(request, kind)
    return form_page(
        request,
        FORMS[kind](request.POST or None, request.FILES or None),
        run=lambda cleaned: _received(request, kind, cleaned),
        only_reads=True,
        title=texts["title"],
        template="inventory/console/uploads.html",
        upload_url="tables:upload",
        button="Check the file",
        back_to=reverse(texts["list"]),
        hint=texts["hint"],
        columns=[(name, name in texts["table"].required) for name in texts["table"].known],
        last=TableUpload.objects.filter(kind=kind).select_related("uploaded_by").defer("content", "rows")[:LAST],
    )


@console_page(MAY)
def upload(request, pk):
    """Show row by row what taking the file would do, or did."""
    found = get_object_or_404(TableUpload.objects.select_related("location").defer("content"), pk=pk)
    counts = Counter(row[1] for row in found.rows)
    context = {
        "upload": found,
        "counts": counts,
        "good": counts["created"] + counts["changed"],
        "button": "Take",
        "subject": SUBJECTS[found.kind],
        "created": "new",
        "take_url": reverse("tables:take", args=[pk]),
        "another_url": reverse(f"tables:{found.kind}"),
        "back_to": reverse(TEXTS[found.kind]["list"]),
    }
    return show(request, "inventory/console/upload.html", title=f"{found}", **context)


@console_page(MAY)
@require_POST
def take(request, pk):
    """Take the rows that are good."""
    _check_may(request, get_object_or_404(TableUpload, pk=pk).kind)
    try:
        uploading.take(pk, actor=actor_of(request))
        say(request, "The file is taken.")
    except DomainError as error:
        uploading.check_again(pk)
        alarm(request, error)
    return HttpResponseRedirect(reverse("tables:upload", args=[pk]))


def _check_may(request, kind):
    """Refuse a floor plan to who may not change one."""
    if kind == TableUpload.Kind.PLAN and not request.user.has_perm("inventory.change_floorplan"):
        raise PermissionDenied


def _received(request, kind, cleaned):
    received = uploading.receive(cleaned.pop("file"), kind=kind, user=request.user, **cleaned)
    return HttpResponseRedirect(reverse("tables:upload", args=[received.pk]))


app_name = "tables"
urlpatterns = [
    path("inventory/import/skus/", uploads, {"kind": TableUpload.Kind.SKUS}, name="skus"),
    path("inventory/import/stock/", uploads, {"kind": TableUpload.Kind.STOCK}, name="stock"),
    path("inventory/import/plan/", uploads, {"kind": TableUpload.Kind.PLAN}, name="plan"),
    path("inventory/import/<int:pk>/", upload, name="upload"),
    path("inventory/import/<int:pk>/take/", take, name="take"),
]
