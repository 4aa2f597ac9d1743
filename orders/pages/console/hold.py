"""Holds: put and released from the order's page or from a list, each to be undone for ten seconds."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from oms.lib.console import actor_of, back, console_page, form_page, posted_id, refuse, say, say_undoable
from oms.lib.errors import DomainError
from orders.models import Hold, Order
from orders.pages.console.forms import OneHoldForm, ReleaseForm
from orders.services import holds


@console_page("orders.hold_order")
def hold(request, pk):
    order = get_object_or_404(Order, pk=pk)

    def run(data):
        put = holds.put(pk, data["kind"], data["reason"], until=data["until"], actor=actor_of(request))
        url = reverse("console:release_now", args=[pk])
        say_undoable(request, f"Order {order} is on hold.", url=url, hold=put.pk, next=_order(pk))

    form = OneHoldForm(request.POST or None)
    return form_page(request, form, run=run, title=f"Hold order {order}", back_to=_order(pk), button="Hold")


@console_page("orders.hold_order")
def release(request, pk):
    """Release one hold, or those that are ticked where several stack."""
    order = get_object_or_404(Order, pk=pk)
    active = list(Hold.objects.active().filter(order=order))
    form = ReleaseForm(request.POST or None)
    form.fields["holds"] = forms.MultipleChoiceField(
        choices=[(hold.pk, f"{hold.get_kind_display().capitalize()}: {hold.reason}") for hold in active],
        initial=[request.GET.get("hold")] if request.GET.get("hold") else [hold.pk for hold in active],
        widget=forms.CheckboxSelectMultiple,
        label="Release",
    )

    def run(data):
        for hold_id in data["holds"]:
            holds.release(pk, int(hold_id), note=data["note"], actor=actor_of(request))
        lifted = next(hold for hold in active if str(hold.pk) == data["holds"][0])
        fields = {"kind": lifted.kind, "reason": lifted.reason, "next": _order(pk)}
        say_undoable(request, f"Order {order}: released.", url=reverse("console:hold", args=[pk]), **fields)

    return form_page(request, form, run=run, title=f"Release order {order}", back_to=_order(pk), button="Release")


@console_page("orders.hold_order")
def release_now(request, pk):
    """Take a hold back at once: the Undo of putting it."""
    if request.method == "POST":
        try:
            holds.release(pk, posted_id(request, "hold"), note="undone", actor=actor_of(request))
            say(request, "Undone: the hold is gone.")
        except DomainError as error:
            refuse(request, error)
    return back(request, _order(pk))


def _order(pk):
    return reverse("admin:orders_order_change", args=[pk])
