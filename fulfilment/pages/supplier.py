"""Where a supplier answers a request by its link: takes it on, refuses it, reports the parcel, reads it as CSV."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from fulfilment.documents.dropship_request import page
from fulfilment.documents.supplier_links import row_of
from fulfilment.documents.supplier_words import WORDS
from fulfilment.documents.work_table import COLUMNS, table_of
from fulfilment.models import Carrier, FulfilmentOrder
from fulfilment.services import assign, direct
from fulfilment.services import reject as rejecting
from oms.lib import csv
from oms.lib.console import blame
from oms.lib.errors import DomainError
from orders.customer.brand import brand_of
from orders.pages.door import private

Status = FulfilmentOrder.Status


class RefuseForm(forms.Form):
    reason = forms.CharField(max_length=200)


class ParcelForm(forms.Form):
    carrier = forms.ChoiceField(required=False)
    tracking_number = forms.CharField(max_length=60, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["carrier"].choices = [("", "–"), *Carrier.objects.active().values_list("code", "name")]

    def field_of(self, name):
        return (name or "").rpartition(".")[2]


FORMS = {"refuse": RefuseForm, "ship": ParcelForm}


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    """Show the request and what can be answered now; a forged or old link is 404 and tells nothing."""
    row = row_of(token)
    if row is None:
        return private(HttpResponse(WORDS["en"]["dead"], status=404, content_type="text/plain; charset=utf-8"))
    context = page(row)
    what = request.POST.get("do", "") if request.method == "POST" else ""
    forms_ = _forms(context["words"], request.POST, what)
    form = forms_.get(what)
    if what and (form is None or form.is_valid()):
        try:
            _do(row, what, form.cleaned_data if form else {}, context["supplier"])
            return private(redirect(request.path))
        except DomainError as error:
            blame(form or forms_["ship"], error)
    context |= forms_ | {
        "token": token,
        "is_open": row.status in (Status.RELEASED, Status.PICKING),
        "is_taken": row.status == Status.PICKING,
        "is_gone": row.status in (Status.SHIPPED, Status.CLOSED),
        "brand": brand_of(row.order.channel),
    }
    return private(render(request, "fulfilment/supplier/request.html", context, status=422 if what else 200))


@require_safe
def as_csv(request, token):
    """The request as CSV: a line a SKU, with the address."""
    row = row_of(token)
    if row is None:
        return private(HttpResponse(status=404))
    return private(csv.download(str(row), COLUMNS, table_of([row], row.location.supplier)))


def _do(row, what, data, supplier):
    actor = f"supplier:{supplier.pk}"
    if what == "take":
        assign.acknowledge(row.pk, actor=actor)
    elif what == "refuse":
        rejecting.reject(row.pk, reason=data["reason"], actor=actor)
    elif what == "ship":
        pieces = {line.pk: line.wanted - line.packed for line in row.lines.all() if line.wanted > line.packed}
        direct.ship_reported(row.pk, [direct.ParcelIn(pieces=pieces, **data)], actor=actor)


def _forms(words, data, what):
    """Return {"refuse": form, "ship": form}; the one that was sent is bound."""
    refuse, ship = (kind(data if what == name else None) for name, kind in FORMS.items())
    refuse.fields["reason"].label = words["reason"]
    ship.fields["carrier"].label, ship.fields["tracking_number"].label = words["carrier"], words["tracking"]
    return {"refuse": refuse, "ship": ship}


app_name = "supply"
urlpatterns = [
    path("<str:token>/", answer, name="request"),
    path("<str:token>/csv/", as_csv, name="csv"),
]
