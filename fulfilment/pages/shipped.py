"""What has shipped and still stands here: look it up, print again, take it back."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.pages.door import ask_place, attempt, go, place_of, show, station_of
from fulfilment.services.unship import unship as take_back
from oms.lib.console import actor_of, console_page

MOST_SHOWN = 200


@require_safe
@console_page("fulfilment.ship_parcel")
def shipped(request):
    """The shipments that can still be taken back, the newest first."""
    place = place_of(request)
    if place is None:
        return ask_place(request)
    return show(request, "shipped", title="Shipped", parcels=_here(place).order_by("-shipped_at")[:MOST_SHOWN])


@require_safe
@console_page("fulfilment.pack_parcel")
def sent(request, pk):
    """What was shipped just now: its papers, and the next scan."""
    row = get_object_or_404(FulfilmentOrder.objects.select_related("order"), pk=pk)
    parcels = row.parcels.gone().select_related("carrier")
    station = station_of(request)
    return show(request, "sent", title=f"Order {row.order} shipped", work=row, parcels=parcels, station=station)


@require_POST
@console_page("fulfilment.unship_parcel")
def unship(request, pk):
    """Take the shipment of a fulfilment order back: it is packed again."""
    row = get_object_or_404(FulfilmentOrder.objects.select_related("order"), pk=pk)
    words = f"Order {row.order} is taken back: it is packed, not shipped."
    attempt(request, lambda: take_back(pk, actor=actor_of(request)), done=words)
    return go("floor:shipped")


def _here(place):
    """Return the parcels that are shipped in the books and stand at `place`."""
    rows = Parcel.objects.to_hand_over().filter(fulfilment_order__location=place)
    return rows.select_related("order", "carrier", "fulfilment_order")
