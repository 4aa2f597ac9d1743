"""Goods go back to their supplier: those of a purchase order, or what lies in quarantine of his."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from inventory.models import Bin, BinStock, PurchaseOrder, Sku, Supplier
from inventory.pages.purchase import page_of
from inventory.services.return_to_supplier import return_to_supplier
from oms.lib.console import actor_of, console_page, form_page, say

MOST_PICKED = 200


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200)


@console_page("inventory.add_supplierreturn")
def of_order(request, pk):
    """Send pieces of the order back to the supplier, from the bins where they lie."""
    order = get_object_or_404(PurchaseOrder.objects.select_related("supplier", "location"), pk=pk)
    rows = BinStock.objects.filter(sku__purchase_lines__order=order, bin__location=order.location)
    return _page(request, rows, order.supplier, order=order, back_to=page_of(pk))


@console_page("inventory.add_supplierreturn")
def of_supplier(request, pk):
    """Send pieces in quarantine back to a supplier who sells such, whatever they came with."""
    supplier = get_object_or_404(Supplier, pk=pk)
    rows = BinStock.objects.filter(sku__suppliers__supplier=supplier, bin__kind=Bin.Kind.QUARANTINE)
    return _page(request, rows, supplier, back_to=reverse("admin:inventory_supplierreturn_changelist"))


def _page(request, rows, supplier, *, back_to, order=None):
    """Ask how many pieces of each bin go, and which where they have numbers; then book them out."""
    rows = rows.filter(quantity__gt=0).select_related("sku", "bin__location", "lot")
    rows = list(rows.order_by("bin__location__code", "sku__code", "bin__sort_key")[:MOST_PICKED])
    form = ReasonForm(request.POST or None)
    for row in rows:
        lot = f" lot {row.lot}" if row.lot else ""
        form.fields[f"row-{row.pk}"] = forms.IntegerField(
            label=f"{row.sku}{lot}, {row.bin} at {row.bin.location} ({row.quantity})",
            min_value=0,
            max_value=row.quantity,
            required=False,
        )
        if row.sku.tracking == Sku.Tracking.SERIAL:
            form.fields[f"serials-{row.pk}"] = forms.CharField(
                label=f"Which of {row.sku}", required=False, help_text="serial numbers, with blanks between"
            )

    def run(data):
        pieces = [(row, data[f"row-{row.pk}"]) for row in rows if data[f"row-{row.pk}"]]
        serials = {row.pk: data.get(f"serials-{row.pk}", "").split() for row in rows}
        common = {"reason": data["reason"], "order": order, "serials": serials, "actor": actor_of(request)}
        made = return_to_supplier(supplier, pieces, **common)
        say(request, f"{made}: the pieces left the book. Its slip is {f'on the page of {order}' if order else 'here'}.")

    return form_page(request, form, run=run, title=f"Back to {supplier}", back_to=back_to, button="Send back")
