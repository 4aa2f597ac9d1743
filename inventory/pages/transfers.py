"""Transfers in the console: make one by SKU, make it ready, print its slip, ship, receive, explain what is missing."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inventory.documents.transfer_slip import render_slip
from inventory.models import Location, Transfer
from inventory.pages import goods
from inventory.pages.forms import PlaceField
from inventory.services import draft_transfer, receive_transfer, ship_transfer
from oms.lib.console import actor_of, alarm, blame, console_page, say, show
from oms.lib.errors import DomainError, Invalid

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
Status = Transfer.Status


class TransferForm(forms.Form):
    source = PlaceField(Location.objects.active().filter(tracks_stock=True), label="From")
    target = PlaceField(Location.objects.active().filter(tracks_stock=True), label="To")
    expected_on = forms.DateField(label="Arrives on", required=False, widget=DAY)
    note = forms.CharField(max_length=200, required=False)


class EditForm(forms.Form):
    expected_on = TransferForm.base_fields["expected_on"]
    note = TransferForm.base_fields["note"]


@console_page("inventory.add_transfer")
def new(request):
    """Begin a transfer; nothing is reserved before it is made ready."""
    form = TransferForm(
        request.POST or None, initial={"expected_on": timezone.localdate() + timedelta(draft_transfer.USUAL_DAYS)}
    )
    rows = goods.rows_of(request.POST)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            made = draft_transfer.draft(**data, lines=goods.lines_of(rows), actor=actor_of(request))
        except DomainError as error:
            blame(form, error)
        else:
            say(request, f"{made} is drafted. Nothing is reserved until it is made ready.")
            return HttpResponseRedirect(page_of(made.pk))
    return _form(request, form, rows, title="New transfer", back_to=reverse("admin:inventory_transfer_changelist"))


@console_page("inventory.add_transfer")
def edit(request, pk):
    """Change what goes with a draft."""
    transfer = _transfer(pk)
    rows = goods.rows_of(request.POST) if request.method == "POST" else _rows(transfer)
    initial = {"expected_on": transfer.expected_on, "note": transfer.note}
    form = EditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            draft_transfer.edit(pk, lines=goods.lines_of(rows), **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
        else:
            return HttpResponseRedirect(page_of(pk))
    return _form(request, form, rows, title=f"Transfer {transfer}", transfer=transfer, back_to=page_of(pk))


@require_safe
@console_page("inventory.view_transfer")
def transfer(request, pk):
    """Show one transfer: what goes, what came, what is missing, and what can be done now."""
    found = _transfer(pk)
    lines = list(found.lines.select_related("sku").order_by("sku__code"))
    missing = [line for line in lines if line.missing] if found.status == Status.RECEIVED else []
    context = {"transfer": found, "lines": lines, "missing": missing, "token": uuid4(), "back_to": _list()}
    return show(request, "inventory/console/transfer.html", title=f"Transfer {found}", **context)


@require_POST
@console_page("inventory.add_transfer")
def ready(request, pk):
    return _act(request, pk, draft_transfer.make_ready, "{} is ready: its pieces are reserved.")


@require_POST
@console_page("inventory.add_transfer")
def reopen(request, pk):
    return _act(request, pk, draft_transfer.reopen, "{} is a draft again: its pieces are free.")


@require_POST
@console_page("inventory.add_transfer")
def cancel(request, pk):
    return _act(request, pk, draft_transfer.cancel, "{} is cancelled.")


@require_POST
@console_page("inventory.ship_transfer")
def ship(request, pk):
    """Send it off with the pieces that stand in its fields."""
    return _act(request, pk, _ship_typed, "{} has left.", request.POST)


@require_POST
@console_page("inventory.receive_stock")
def receive(request, pk):
    """Book what stands in its fields; "more" leaves it open for the rest."""
    return _act(request, pk, _receive_typed, "{} is booked.", request.POST)


@require_POST
@console_page("inventory.adjust_stock")
def resolve(request, pk):
    """Write missing pieces off, or say that they are still at the source."""
    return _act(request, pk, _resolve_typed, "It is booked.", request.POST)


@require_safe
@console_page("inventory.view_transfer")
def slip(request, pk):
    """Answer with the PDF that goes with the goods."""
    pdf = render_slip(_transfer(pk))
    return HttpResponse(
        pdf.content, "application/pdf", headers={"Content-Disposition": f'inline; filename="{pdf.title}.pdf"'}
    )


def page_of(pk):
    """Return the address of a transfer's page."""
    return reverse("transfers:transfer", args=[pk])


def _ship_typed(pk, data, *, actor):
    lines = _transfer(pk).lines.all()
    return ship_transfer.ship(pk, pieces={line.pk: _typed(data, f"ship-{line.pk}") for line in lines}, actor=actor)


def _receive_typed(pk, data, *, actor):
    arrived = {}
    for line in _transfer(pk).lines.all():
        pair = _typed(data, f"fit-{line.pk}"), _typed(data, f"damaged-{line.pk}")
        if any(pair):
            arrived[line.pk] = pair
    is_all, token = data.get("do") != "part", data.get("token", "")[:40]
    return receive_transfer.receive(pk, arrived, is_all=is_all, key=token or None, actor=actor)


def _resolve_typed(pk, data, *, actor):
    line = int(data["line"]) if data.get("line", "").isdigit() and len(data["line"]) < 18 else 0
    is_lost = data.get("do") == "lost"
    return receive_transfer.resolve(pk, line, _typed(data, "pieces"), is_lost=is_lost, actor=actor)


def _typed(data, name):
    """Return the pieces typed into a field, none where it is empty; raises Invalid for what is no number."""
    text = data.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(f"{text[:20]} is no number of pieces.", field="pieces")
    return int(text)


def _act(request, pk, run, done, *args):
    _transfer(pk)
    try:
        row = run(pk, *args, actor=actor_of(request))
        say(request, done.format(row))
    except DomainError as error:
        alarm(request, error)
    return HttpResponseRedirect(page_of(pk))


def _form(request, form, rows, *, title, **context):
    blank = range(max(goods.BLANK_ROWS - len(rows), 1))
    context |= {"form": form, "rows": rows, "blank_rows": blank}
    status = 422 if form.errors else 200
    return show(request, "inventory/console/transfer_form.html", title=title, status=status, **context)


def _rows(transfer):
    lines = transfer.lines.select_related("sku")
    return [{"sku": line.sku.code, "quantity": line.quantity} for line in lines]


def _transfer(pk):
    return get_object_or_404(Transfer.objects.select_related("source", "target"), pk=pk)


def _list():
    return reverse("admin:inventory_transfer_changelist")


ONE = "inventory/transfer/<int:pk>/"
app_name = "transfers"
urlpatterns = [
    path("inventory/transfer/goods/", goods.skus, name="skus"),
    path("inventory/transfer/new/", new, name="new"),
    path(f"{ONE}change/", transfer, name="transfer"),
    path(f"{ONE}edit/", edit, name="edit"),
    path(f"{ONE}ready/", ready, name="ready"),
    path(f"{ONE}reopen/", reopen, name="reopen"),
    path(f"{ONE}cancel/", cancel, name="cancel"),
    path(f"{ONE}ship/", ship, name="ship"),
    path(f"{ONE}receive/", receive, name="receive"),
    path(f"{ONE}resolve/", resolve, name="resolve"),
    path(f"{ONE}slip/", slip, name="slip"),
]
