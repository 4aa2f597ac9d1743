"""One action on many orders: shown first with its money, stock and e-mails, then done order by order."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.defaultfilters import pluralize
from django.urls import reverse

from oms.lib.console import actor_of, alarm, back, console_page, say, show
from oms.lib.errors import DomainError, Invalid
from oms.lib.once import Done, key_of, new_key, once
from orders.models import Hold, Order
from orders.pages.console import forms as order_forms
from orders.services import foresee, holds
from orders.services.cancel import cancel
from orders.services.prioritise import prioritise
from orders.services.tag import tag

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Action:
    """What is done to each order by `run(order, cleaned data, actor)`; `effects(orders)` says what it means.

    Where `run` returns False nothing was to be done.
    """

    title: str
    permission: str
    form: type[forms.Form]
    run: Callable
    effects: Callable
    asks_number: bool = False


def _hold(order, form, actor):
    holds.put(order.pk, Hold.Kind.MANUAL, form["reason"], until=form["until"], actor=actor)


def _release(order, form, actor):
    shown = [hold for hold in form["holds"] if hold.order_id == order.pk and not hold.released_at]
    for hold in shown:
        holds.release(order.pk, hold.pk, note=form["note"], actor=actor)
    return bool(shown)


def _tag(order, form, actor):
    is_new = not order.tags.filter(name__iexact=form["tag"]).exists()
    tag(order.pk, form["tag"], actor=actor)
    return is_new


def _prioritise(order, form, actor):
    is_new = order.priority != form["priority"]
    prioritise(order.pk, form["priority"], actor=actor)
    return is_new


def _cancel(order, form, actor):
    cancel(order.pk, reason=form["reason"], actor=actor)


ACTIONS = {
    "hold": Action("Hold", "orders.hold_order", order_forms.HoldForm, _hold, foresee.holding),
    "release": Action("Release", "orders.hold_order", order_forms.ManyReleaseForm, _release, foresee.releasing),
    "tag": Action("Tag", "orders.change_order", order_forms.TagForm, _tag, foresee.marking),
    "prioritise": Action(
        "Set the priority of", "orders.change_order", order_forms.PriorityForm, _prioritise, foresee.marking
    ),
    "cancel": Action(
        "Cancel", "orders.cancel_order", order_forms.CancelForm, _cancel, foresee.cancelling, asks_number=True
    ),
}


@console_page("orders.view_order")
def bulk(request, what):
    """Preview an action on the orders `ids`, and do it once when it is sent with all that it asks for."""
    action = ACTIONS.get(what)
    if action is None:
        raise Http404
    if not request.user.has_perm(action.permission):
        raise PermissionDenied
    orders = _orders(request)
    form = action.form(request.POST or None)
    if action.asks_number:
        form.fields["number"] = order_forms.NumberOfOrders(len(orders))
    if "holds" in form.fields:
        form.initial["holds"] = Hold.objects.active().filter(order__in=orders)
    if request.method == "POST" and form.is_valid():
        _run(request, action, orders, form.cleaned_data)
        return back(request, reverse("admin:orders_order_changelist"))
    return show(
        request,
        "orders/console/bulk.html",
        title=f"{action.title} {len(orders)} order{pluralize(orders)}",
        what=what,
        action=action,
        form=form,
        orders=orders,
        ids=",".join(str(order.pk) for order in orders),
        once=request.POST.get("once") or new_key(),
        effects=action.effects(orders),
    )


def _orders(request):
    """Return the orders of `ids`, in the list's order."""
    words = (request.POST.get("ids") or request.GET.get("ids", "")).split(",")
    pks = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 18][:MOST_AT_ONCE]
    found = Order.objects.select_related("channel").in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


def _run(request, action, orders, cleaned):
    """Do it order by order: one that is refused does not stop the others, one that was done already stays."""
    done, stay, refused = 0, 0, []
    of_all = f"of {len(orders)} order{pluralize(orders)}"
    sent = request.POST.get("once", "")
    for order in orders:
        try:
            if once(key_of(sent, order.pk), partial(action.run, order, cleaned, actor_of(request))) is False:
                stay += 1
            else:
                done += 1
        except Done:
            stay += 1
        except DomainError as error:
            refused.append(f"{order}: {error.message}")
    if done:
        say(request, f"{action.title}: {done} {of_all} done.")
    if stay:
        messages.warning(request, f"{action.title}: {stay} {of_all} unchanged.")
    if refused:
        more = f" … and {len(refused) - 5} more" if len(refused) > 5 else ""
        alarm(request, Invalid(" ".join(refused[:5]) + more))
