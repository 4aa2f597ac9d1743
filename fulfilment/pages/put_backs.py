"""Goods that were picked for nothing: carried back to their bins."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from fulfilment.models import FulfilmentOrder, PutBack
from fulfilment.pages.door import ask_place, attempt, go, place_of, show
from fulfilment.services import cancel_work
from inventory.models import Bin
from oms.lib.console import actor_of, console_page
from oms.lib.errors import Invalid

MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.change_picktask")
def put_backs(request):
    """In walking order; and above it the orders that are stopped and still packed or in totes."""
    place = place_of(request)
    if place is None:
        return ask_place(request)
    if request.method == "POST":
        return _put_back(request, place)
    rows = PutBack.objects.open().filter(location=place).select_related("bin", "sku", "fulfilment_line")
    stopped = FulfilmentOrder.objects.on_floor().filter(location=place, lines__stopped__gt=0).distinct()
    return show(
        request,
        "put_backs",
        title="Put back",
        rows=rows.order_by("bin__sort_key", "pk")[:MOST_SHOWN],
        stopped=stopped.select_related("order")[:MOST_SHOWN],
    )


def _put_back(request, place):
    text = request.POST.get("row", "")
    row = get_object_or_404(PutBack, pk=int(text) if text.isascii() and text.isdigit() else 0, location=place)

    def run():
        code = request.POST.get("bin", "").strip()
        bin_ = Bin.objects.filter(location=place, code__iexact=code).first() if code else None
        if code and bin_ is None:
            raise Invalid(f"{place} has no bin {code[:20]}.", field="bin")
        return cancel_work.put_back(row.pk, bin=bin_, actor=actor_of(request))

    attempt(request, run, done=f"{row.quantity} × {row.sku} are back.")
    return go("floor:put_backs")
