"""The returns desk's dialogs: open, approve, decline, on its way, receive, inspect, resolve."""

from django.forms import Form as NoFields
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from inventory.models import Sku
from oms.lib.console import actor_of, alarm, back, console_page, form_page, say
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.money import show as show_money
from orders.models import Order
from orders.pages.console.links import order_page
from returns.models import Return
from returns.pages.console import forms
from returns.services import receive as receiving
from returns.services import request as requesting
from returns.services.inspect import DispositionIn, dispose, in_quarantine, undecided
from returns.services.request import ReturnLineIn
from returns.services.resolve import refund_lines
from returns.services.resolve import resolve as finish


@console_page("returns.add_return")
def open_return(request, pk):
    order = get_object_or_404(Order.objects.select_related("channel"), pk=pk)
    lines = [line for line in order.lines.leaves() if line.returnable > 0]
    form = forms.OpenForm(
        request.POST or None, lines=lines, may_override=request.user.has_perm("returns.approve_return")
    )

    def run(data):
        wanted = [
            ReturnLineIn(line.pk, data[f"line-{line.pk}"], data["reason"], data["note"])
            for line in lines
            if data[f"line-{line.pk}"]
        ]
        ignores = data.get("ignores_window", False)
        rma = requesting.request(pk, wanted, note="", actor=actor_of(request), ignores_window=ignores)
        say(request, f"Return {rma} is open: {rma.get_status_display()}.")
        return HttpResponseRedirect(_desk(rma.pk))

    closes_at = requesting.window_closes_at(order, requesting.policy_of(order.channel))
    back_to = order_page(pk)
    template = "returns/console/open.html"
    title = f"Return goods of order {order}"
    return form_page(
        request, form, run=run, title=title, back_to=back_to, template=template, button="Open", closes_at=closes_at
    )


@console_page("returns.approve_return")
def approve(request, pk):
    def run(data):
        rma = requesting.approve(pk, actor=actor_of(request))
        say(request, f"Return {rma} is approved; the customer gets the return slip by e-mail.")

    return _page(request, pk, NoFields, run, title="Approve", button="Approve")


@console_page("returns.approve_return")
def decline(request, pk):
    def run(data):
        say(request, f"Return {requesting.decline(pk, data['reason'], actor=actor_of(request))} is declined.")

    return _page(request, pk, forms.DeclineForm, run, title="Decline", button="Decline", is_danger=True)


@console_page("returns.change_return")
def transit(request, pk):
    def run(data):
        requesting.mark_in_transit(pk, tracking_number=data["tracking_number"], actor=actor_of(request))
        say(request, "Noted: it is on its way.")

    return _page(request, pk, forms.TransitForm, run, title="On its way", button="Save")


@console_page("returns.inspect_return")
def receive(request, pk):
    rma = get_object_or_404(Return.objects.select_related("location"), pk=pk)
    lines = list(rma.lines.select_related("line__sku"))
    numbered = [row for row in lines if row.line.sku.tracking == Sku.Tracking.SERIAL and receiving.is_stocked(rma, row)]

    def run(data):
        pieces = {row.pk: data[f"line-{row.pk}"] for row in lines}
        serials = {row.pk: data[f"serials-{row.pk}"] for row in numbered}
        receiving.receive(pk, pieces, serials=serials, actor=actor_of(request))
        say(request, f"Return {rma}: booked in, in quarantine at {rma.location}. Inspect it next.")

    form = forms.ReceiveForm(request.POST or None, lines=lines, numbered=numbered)
    return form_page(request, form, run=run, title=f"What came of {rma}?", back_to=_desk(pk), button="Book in")


@console_page("returns.inspect_return")
def inspect(request, pk):
    """Decide on pieces, one kind at a time; the page comes again while any wait."""
    rma = get_object_or_404(Return, pk=pk)
    choices = _waiting(rma)
    form = forms.InspectForm(request.POST or None, choices=[(key, label) for key, label, _ in choices])
    form.fields["quantity"].initial = choices[0][2] if choices else 1

    def run(data):
        line_id, _, source = data["line"].partition(":")
        if not line_id:
            raise Invalid("Nothing of this return waits for a decision.", field="line")
        decision = DispositionIn(
            int(line_id), data["quantity"], data["outcome"], data["grade"], source=source, note=data["note"]
        )
        done = dispose(pk, [decision], actor=actor_of(request))
        say(request, f"{data['quantity']} pieces: {data['outcome']}.")
        is_waiting = done.status == Return.Status.RECEIVED
        return HttpResponseRedirect(reverse("returns:inspect", args=[pk]) if is_waiting else _desk(pk))

    return form_page(request, form, run=run, title=f"Inspect {rma}", back_to=_desk(pk), button="Book")


@console_page("orders.refund_order")
def resolve(request, pk):
    rma = get_object_or_404(Return.objects.select_related("order__channel"), pk=pk)
    if rma.status == Return.Status.RESOLVED:
        alarm(request, InvalidTransition(f"Return {rma} is done already."))
        return back(request, _desk(pk))
    lines = refund_lines(rma.order, rma)

    def run(data):
        done = finish(pk, pays=data["pays"], actor=actor_of(request))
        paid = show_money(done.refund.amount, rma.order.currency) if done.refund else "nothing"
        say(request, f"Return {rma} is done; {paid} goes back to the customer.")

    return _page(
        request,
        pk,
        forms.ResolveForm,
        run,
        title="Pay back and finish",
        button="Finish",
        template="returns/console/resolve.html",
        lines=lines,
        total=sum(line.amount for line in lines),
        rma=rma,
    )


def _page(request, pk, form_class, run, *, title, **context):
    rma = get_object_or_404(Return, pk=pk)
    form = form_class(request.POST if request.method == "POST" else None)
    return form_page(request, form, run=run, title=f"{title}: {rma}", back_to=_desk(pk), **context)


def _waiting(rma):
    """Return [(value, label, pieces)] of what waits for a first or, in quarantine, a later decision."""
    found = []
    for row in rma.lines.select_related("line"):
        name = f"{row.line.sku_code} {row.line.name}"
        if pieces := undecided(row):
            found.append((f"{row.pk}:", f"{name}: {pieces} to inspect", pieces))
        if pieces := in_quarantine(row):
            found.append((f"{row.pk}:quarantine", f"{name}: {pieces} in quarantine", pieces))
    return found


def _desk(pk):
    return reverse("admin:returns_return_change", args=[pk])
