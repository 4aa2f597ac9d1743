"""Goods that wait for customers in a store: found by name, order or code, handed over by code or name."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fulfilment.models import FulfilmentOrder
from fulfilment.pages.door import ask_place, attempt, go, number, place_of, show
from fulfilment.services import pickup
from oms.lib.console import actor_of, console_page, say
from orders.models import Order

Status = FulfilmentOrder.Status
MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.collect_fulfilmentorder")
def pickups(request):
    """What waits on which shelf, what is not ready yet, and who did not come."""
    place = place_of(request)
    if place is None:
        return ask_place(request)
    if request.method == "POST":
        return _collect(request, place)
    rows = FulfilmentOrder.objects.filter(location=place, method=FulfilmentOrder.Method.PICKUP)
    rows = rows.select_related("order__customer").order_by("ship_by", "pk")
    waiting = rows.filter(status=Status.READY_FOR_PICKUP)
    is_overdue = request.GET.get("show") == "uncollected"
    if is_overdue:
        waiting = waiting.uncollected().order_by("pickup_until", "pk")
    asked = request.GET.get("name", "").strip()[:100]
    return show(
        request,
        "pickups",
        title="Pickups",
        name=asked,
        is_overdue=is_overdue,
        now=timezone.now(),
        waiting=(waiting.filter(_is_meant(asked)) if asked else waiting)[:MOST_SHOWN],
        coming=rows.open().exclude(status=Status.READY_FOR_PICKUP)[:MOST_SHOWN],
    )


def _is_meant(asked):
    """Return the condition that a pickup's name, order or code is what somebody at the counter says."""
    numbered = Order.objects.numbered(asked)
    return Q(order__ship_name__icontains=asked) | Q(pickup_code=asked) | Q(order__in=numbered)


def _collect(request, place):
    row = get_object_or_404(FulfilmentOrder.objects.select_related("order"), pk=number(request, "work"), location=place)
    if request.POST.get("do") == "give_up":
        is_given_up, is_done = attempt(request, lambda: pickup.give_up(row.pk, actor=actor_of(request)))
        if is_done:
            words = "was not collected: its goods are to be put back" if is_given_up else f"is {row.state} already"
            say(request, f"Order {row.order} {words}.")
        return go("floor:pickups")
    shown = {name: request.POST.get(name, "")[:100] for name in ("code", "name")} | {"has_id": "has_id" in request.POST}
    words = f"Order {row.order} is handed over."
    attempt(request, lambda: pickup.collect(row.pk, actor=actor_of(request), **shown), done=words)
    return go("floor:pickups")
