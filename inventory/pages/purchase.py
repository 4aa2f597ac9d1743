"""A purchase order in the console: its lines by SKU type-ahead, what it costs, what came, what to do next."""

from decimal import Decimal
from itertools import zip_longest

from django import forms
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.models import Location, PurchaseLine, PurchaseOrder, Receipt, Sku, Supplier, SupplierSku
from inventory.pages.forms import PlaceField
from inventory.services import draft_purchase
from inventory.services.purchase_advice import advise
from oms.lib import cells
from oms.lib.console import actor_of, alarm, blame, console_page, form_page, say, show
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from oms.lib.plugins import named
from oms.outbox.models import Event
from oms.panels import ORDERS_WAITING
from oms.partners.actors import actor_names

BLANK_ROWS = 3
MOST_ROWS = 500
MOST_EVENTS = 50
# Of papers and e-mails what their names leave open, and the steps that say nothing of their own.
WORDS = {"message.sent": "e-mail sent", "message.stopped": "e-mail stopped", "document.made": "PDF made"}
UNTOLD = ("message.queued", "document.requested")
LIST = "admin:inventory_purchaseorder_changelist"


class NewForm(forms.Form):
    supplier = forms.ModelChoiceField(Supplier.objects.active())
    location = PlaceField(Location.objects.active().filter(tracks_stock=True), label="Deliver to")


class LinesForm(forms.Form):
    note = forms.CharField(
        label="Note for the supplier", max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )


@console_page("inventory.add_purchaseorder")
def new(request):
    """Begin a purchase order: with whom, and where the goods go."""

    def run(data):
        order = draft_purchase.draft(data["supplier"], data["location"], actor=actor_of(request))
        return HttpResponseRedirect(page_of(order.pk))

    form = NewForm(request.POST or None, initial={"supplier": request.GET.get("supplier")})
    return form_page(request, form, run=run, title="New purchase order", back_to=reverse(LIST), button="Go on")


@console_page("inventory.view_purchaseorder")
def purchase(request, pk):
    """Show one purchase order; of a draft, take its lines as they were typed."""
    order = get_object_or_404(PurchaseOrder.objects.select_related("supplier", "location"), pk=pk)
    may_change = request.user.has_perm("inventory.change_purchaseorder")
    may_edit = order.is_draft and may_change
    if request.method == "POST" and may_change and not order.is_draft:
        alarm(
            request,
            InvalidTransition(f"{order} is {order.get_status_display().lower()} and cannot be changed any more."),
        )
        return HttpResponseRedirect(page_of(pk))
    form, rows = LinesForm(request.POST or None, initial={"note": order.note}), None
    if request.method == "POST" and may_edit and form.is_valid():
        rows = _rows(request.POST)
        try:
            _save(order, rows, form.cleaned_data["note"], actor_of(request))
        except DomainError as error:
            blame(form, error)
        else:
            say(request, f"{order} is saved.")
            return HttpResponseRedirect(page_of(pk))
    context = _context(order) | {"form": form, "may_edit": may_edit, "back_to": reverse(LIST)}
    if may_edit:
        context["rows"] = rows or _typed(order, context["lines"])
        context["blank_rows"] = range(BLANK_ROWS)
    status = 422 if form.errors else 200
    return show(request, "inventory/console/purchase.html", title=f"Purchase order {order}", status=status, **context)


@require_safe
@console_page("inventory.view_purchaseorder")
def overdue(request):
    """Pieces that should have come, the longest overdue first, with the orders they hurt; bounded."""
    today = timezone.localdate()
    late = PurchaseLine.objects.late(today).select_related("order__supplier", "order__location", "sku")
    lines = list(late.order_by("arrives_on", "pk")[:MOST_ROWS])
    _wait(lines)
    for line in lines:
        line.days = (today - line.arrives_on).days
    return show(
        request, "inventory/console/overdue.html", title="Overdue purchases", lines=lines, back_to=reverse(LIST)
    )


def page_of(pk):
    """Return the address of a purchase order's page."""
    return reverse("admin:inventory_purchaseorder_change", args=[pk])


def _context(order):
    lines = list(order.lines.select_related("sku").order_by("pk"))
    warnings, about = advise(order, lines) if order.is_draft else ({}, [])
    _wait(lines)
    for line in lines:
        line.warnings = warnings.get(line.pk, [])
    receipts = Receipt.objects.filter(order=order).prefetch_related("lines__sku").order_by("-pk")
    return {
        "order": order,
        "lines": lines,
        "about": about,
        "total": sum((line.amount for line in lines), Decimal(0)),
        "receipts": receipts,
        "notices": order.notices.all(),
        "returns": order.returns.prefetch_related("lines__sku"),
        "events": _events(order),
        "today": timezone.localdate(),
    }


def _events(order):
    """Return what happened to the order, newest first, each with `what` in words and `who` did it by name."""
    events = list(Event.objects.filter(subject=order.subject).exclude(name__in=UNTOLD).order_by("-pk")[:MOST_EVENTS])
    names = actor_names(event.actor for event in events)
    for event in events:
        event.who = names[event.actor]
        event.what = WORDS.get(event.name) or event.name.partition(".")[2].replace("_", " ")
    return events


def _wait(lines):
    waiting = named(ORDERS_WAITING)({line.sku_id for line in lines}) if lines else {}
    for line in lines:
        line.waiting = waiting.get(line.sku_id)


def _typed(order, lines):
    """Return the rows of the form; a cost that is the list's is left empty, so that it follows the quantity."""
    listed = SupplierSku.objects.with_prices().filter(supplier=order.supplier, sku__in=[line.sku_id for line in lines])
    costs = {row.sku_id: row for row in listed}
    return [
        {
            "sku": line.sku.code,
            "name": line.sku.name,
            "quantity": line.quantity,
            "price": "" if _is_list_price(costs.get(line.sku_id), line) else f"{line.cost.normalize():f}",
            "line": line,
        }
        for line in lines
    ]


def _is_list_price(listed, line):
    return listed is not None and listed.cost_of(line.quantity) == line.cost


def _rows(data):
    columns = (data.getlist(name) for name in ("sku", "quantity", "price"))
    fields = zip_longest(*columns, fillvalue="")
    rows = [
        {"sku": sku.strip(), "quantity": quantity.strip(), "price": price.strip()} for sku, quantity, price in fields
    ]
    rows = [row for row in rows if row["sku"]][:MOST_ROWS]
    for row in rows:
        row["wrong"] = "" if row["quantity"].strip("0") else "How many?"
    return rows


def _save(order, rows, note, actor):
    skus = Sku.objects.by_codes([row["sku"] for row in rows])
    lines = [_line(number, row, skus) for number, row in enumerate(rows, start=1)]
    draft_purchase.rewrite(order.pk, lines, note=note, actor=actor)


def _line(number, row, skus):
    sku = skus.get(row["sku"].upper()) or Sku.objects.scanned(row["sku"])
    if sku is None:
        raise Invalid(f"Row {number}: nothing has the code {row['sku'][:48]}.", field="lines")
    if row["wrong"]:
        raise Invalid(f"Row {number}: say how many pieces of {sku}, or empty the row.", field="lines")
    try:
        quantity = cells.whole(row["quantity"], "pieces")
        return sku, quantity, cells.amount(row["price"], "cost") if row["price"] else None
    except Invalid as error:
        raise Invalid(f"Row {number}: {error.message}", field="lines") from None
