"""Holds: put and released from the order's page or from a list, each to be undone for ten seconds."""

from contextlib import suppress

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from oms.lib.choices import is_key
from oms.lib.console import actor_of, at_once, console_page, form_page, posted_id, say_undoable
from oms.lib.once import Done, once
from orders.models import Hold, Order
from orders.pages.console.forms import OneHoldForm, ReleaseForm
from orders.pages.console.links import order_page
from orders.services import holds


@console_page("orders.hold_order")
def hold(request, pk):
    order = get_object_or_404(Order, pk=pk)

    def run(data):
        put = holds.put(pk, data["kind"], data["reason"], until=data["until"], actor=actor_of(request))
        url = reverse("console:release_now", args=[pk])
        say_undoable(request, f"Order {order} is on hold.", url=url, hold=put.pk, next=order_page(pk))

    form = OneHoldForm(request.POST or None)
    return form_page(request, form, run=run, title=f"Hold order {order}", back_to=order_page(pk), button="Hold")


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
        error_messages={"invalid_choice": "This hold was released already."},
    )

    def run(data):
        for hold_id in data["holds"]:
            holds.release(pk, int(hold_id), note=data["note"], actor=actor_of(request))
        url = reverse("console:hold_again", args=[pk])
        say_undoable(request, f"Order {order}: released.", url=url, holds=",".join(data["holds"]), next=order_page(pk))

    return form_page(request, form, run=run, title=f"Release order {order}", back_to=order_page(pk), button="Release")


@console_page("orders.hold_order")
def release_now(request, pk):
    """Take a hold back at once: the Undo of putting it."""

    def run():
        holds.release(pk, posted_id(request, "hold"), note="undone", actor=actor_of(request))

    return at_once(request, run, said="Undone: the hold is gone.", back_to=order_page(pk))


@console_page("orders.hold_order")
def hold_again(request, pk):
    """Put holds as they were on an order again: the Undo of releasing them."""
    pks = [int(word) for word in request.POST.get("holds", "").split(",") if is_key(word)]

    def put():
        for hold in Hold.objects.filter(order=pk, pk__in=pks):
            holds.put(pk, hold.kind, hold.reason, owner=hold.owner, until=hold.until, actor=actor_of(request))

    def run():
        with suppress(Done):
            once(request.POST.get("once", ""), put)

    return at_once(request, run, said="Undone: it is held again.", back_to=order_page(pk))
