"""What is done to a purchase order from its page: approved, sent, confirmed, ended, its papers, its costs."""

from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import UnfoldAdminDateWidget

from inventory.models import PurchaseOrder, Receipt, SupplierReturn
from inventory.pages.purchase import page_of
from inventory.services import (
    approve_purchase,
    confirm_purchase,
    draft_purchase,
    end_purchase,
    land_costs,
    send_purchase,
)
from oms.lib.console import actor_of, alarm, at_once, back, console_page, form_page, say
from oms.lib.errors import DomainError
from oms.lib.money import AmountField
from oms.lib.plugins import named
from oms.panels import COMPANY
from oms.papers.models import Document
from oms.papers.services.read_document import read_document
from oms.papers.services.request_document import request_document


class SendForm(forms.Form):
    by_hand = forms.BooleanField(label="I tell the supplier myself: no e-mail", required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200)


class LandForm(forms.Form):
    freight = AmountField(min_value=0, max_digits=12, decimal_places=2)
    duty = AmountField(min_value=0, max_digits=12, decimal_places=2, initial=0)


@require_POST
@console_page("inventory.approve_purchaseorder")
def approve(request, pk):
    order = _order(pk)
    run = partial(approve_purchase.approve, pk, actor=actor_of(request))
    return at_once(request, run, said=f"{order} is approved.", back_to=page_of(pk))


@require_POST
@console_page("inventory.change_purchaseorder")
def reopen(request, pk):
    order = _order(pk)
    run = partial(draft_purchase.reopen, pk, actor=actor_of(request))
    return at_once(request, run, said=f"{order} is a draft again.", back_to=page_of(pk))


@console_page("inventory.send_purchaseorder")
def send(request, pk):
    """Ask whether the supplier is mailed, then send."""
    order = _order(pk)

    def run(data):
        send_purchase.send(pk, by_hand=data["by_hand"], actor=actor_of(request))
        said = "was sent by hand" if data["by_hand"] else f"goes to {order.supplier.email or order.supplier.name}"
        say(request, f"{order} {said}.")

    form = SendForm(request.POST or None, initial={"by_hand": not order.supplier.email})
    return form_page(request, form, run=run, title=f"Send {order}", back_to=page_of(pk), button="Send")


@console_page("inventory.change_purchaseorder")
def confirm(request, pk):
    """Take the supplier's days: one for all, or a line each."""
    order = _order(pk)
    lines = [line for line in order.lines.select_related("sku") if line.open]
    form = forms.Form(request.POST or None)
    form.fields["reference"] = forms.CharField(
        label="The supplier's number", max_length=60, required=False, initial=order.supplier_reference
    )
    if len(lines) > 1:
        form.fields["day"] = forms.DateField(label="All arrive on", required=False, widget=UnfoldAdminDateWidget)
    for line in lines:
        form.fields[f"day-{line.pk}"] = forms.DateField(
            label=f"{line.open} × {line.sku} arrive on",
            required=False,
            initial=line.due_on,
            widget=UnfoldAdminDateWidget,
        )

    def run(data):
        days = {line.pk: data.get("day") or data[f"day-{line.pk}"] for line in lines}
        days = {key: day for key, day in days.items() if day}
        unmoved = {line.pk: line.expected_on for line in lines if line.confirmed_on is None}
        today = timezone.localdate()
        days = {key: day for key, day in days.items() if day >= today or unmoved.get(key) != day}
        confirm_purchase.confirm(pk, days, reference=data["reference"], actor=actor_of(request))
        say(request, f"The days of {order} are noted.")

    return form_page(request, form, run=run, title=f"Confirm {order}", back_to=page_of(pk), button="Confirm")


@console_page("inventory.change_purchaseorder")
def close_short(request, pk):
    return _end(request, pk, end_purchase.close_short, "Close short", "{} is closed: the rest is not awaited.")


@console_page("inventory.change_purchaseorder")
def cancel(request, pk):
    return _end(request, pk, end_purchase.cancel, "Cancel", "{} is cancelled.")


@console_page("inventory.change_purchaseorder")
def land(request, pk):
    """Enter what carrying a delivery here and customs cost."""
    receipt = get_object_or_404(Receipt.objects.select_related("order", "supplier"), pk=pk)
    currency = receipt.order.home_currency if receipt.order else named(COMPANY)().get("currency", "EUR")

    def run(data):
        land_costs.land(pk, freight=data["freight"], duty=data["duty"], currency=currency, actor=actor_of(request))
        say(request, f"Freight and duty of {receipt} are in the unit costs.")

    form = LandForm(request.POST or None)
    form.fields["freight"].label, form.fields["duty"].label = f"Freight, {currency}", f"Duty, {currency}"
    back_to = page_of(receipt.order_id) if receipt.order_id else receipt_list()
    return form_page(request, form, run=run, title=f"Freight and duty of {receipt}", back_to=back_to)


@require_safe
@console_page("inventory.view_purchaseorder")
def paper(request, pk):
    """The PDF of a purchase order; of a draft as it is now, and nothing is kept."""
    order = _order(pk)
    if order.sent_at is None:
        return _pdf(send_purchase.preview(order), f"{order}.pdf")
    return _stored(request, send_purchase.paper(pk, actor=actor_of(request)), page_of(pk))


@require_safe
@console_page("inventory.view_supplierreturn")
def slip(request, pk):
    """The slip that goes with goods back to their supplier."""
    row = get_object_or_404(SupplierReturn.objects.select_related("supplier"), pk=pk)
    document = Document.objects.latest_of("supplier_return", row.pk) or request_document(
        "supplier_return", row.subject, row.pk, title=f"Return {row}", language=row.supplier.language
    )
    return _stored(request, document, page_of(row.order_id) if row.order_id else receipt_list())


def receipt_list():
    """Return the address of the list of deliveries."""
    return reverse("admin:inventory_receipt_changelist")


def _end(request, pk, run, title, said):
    order = _order(pk)

    def end(data):
        run(pk, reason=data["reason"], actor=actor_of(request))
        say(request, said.format(order))

    form = ReasonForm(request.POST or None)
    return form_page(
        request, form, run=end, title=f"{title} {order}", back_to=page_of(pk), button=title, is_danger=True
    )


def _stored(request, document, back_to):
    try:
        return _pdf(read_document(document), document.filename)
    except DomainError as error:
        alarm(request, error)
        return back(request, back_to)


def _pdf(content, name):
    return HttpResponse(content, "application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _order(pk):
    return get_object_or_404(PurchaseOrder.objects.select_related("supplier", "location"), pk=pk)
