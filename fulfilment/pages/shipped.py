"""What has shipped and still stands here: look it up, print again, take it back."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.pages.door import ask_place, attempt, place_of, show, station_of
from fulfilment.services.unship import shippers
from fulfilment.services.unship import unship as take_back
from oms.lib.console import actor_of, back, console_page

MOST_SHOWN = 200


@require_safe
@console_page("fulfilment.ship_parcel")
def shipped(request):
    """The shipments that can still be taken back, the newest first."""
    place = place_of(request)
    if place is None:
        return ask_place(request)
    parcels = list(_here(place).order_by("-shipped_at")[:MOST_SHOWN])
    returnable = may_take_back(request, [parcel.fulfilment_order for parcel in parcels])
    return show(request, "shipped", title="Shipped", parcels=parcels, returnable=returnable)


@require_safe
@console_page("fulfilment.pack_parcel")
def sent(request, pk):
    """What was shipped just now: its papers, and the next scan."""
    row = get_object_or_404(FulfilmentOrder.objects.select_related("order"), pk=pk)
    parcels = row.parcels.gone().select_related("carrier")
    return show(
        request,
        "sent",
        title=f"Order {row.order} shipped",
        work=row,
        parcels=parcels,
        station=station_of(request),
        may_take_back=is_undoable(request, row, parcels),
    )


@require_POST
@console_page("fulfilment.ship_parcel")
def unship(request, pk):
    """Take the shipment of a fulfilment order back: it is packed again."""
    row = get_object_or_404(FulfilmentOrder.objects.select_related("order"), pk=pk)
    if row.pk not in may_take_back(request, [row]):
        raise PermissionDenied
    words = f"Order {row.order} is taken back: it is packed, not shipped."
    attempt(request, lambda: take_back(pk, actor=actor_of(request)), done=words)
    return back(request, reverse("floor:shipped"))


def is_undoable(request, row, parcels):
    """Return whether the user may take `row`, of which `parcels` were shipped, back: it still stands here."""
    is_here = all(parcel.status == Parcel.Status.SHIPPED for parcel in parcels)
    return row.status == FulfilmentOrder.Status.SHIPPED and is_here and row.pk in may_take_back(request, [row])


def may_take_back(request, works):
    """Return the ids of those of `works` that the user may take back: a lead all, others what they shipped."""
    if request.user.has_perm("fulfilment.unship_parcel"):
        return {row.pk for row in works}
    return {pk for pk, actor in shippers(works).items() if actor == actor_of(request)}


def _here(place):
    """Return the parcels that are shipped in the books and stand at `place`."""
    rows = Parcel.objects.to_hand_over().filter(fulfilment_order__location=place)
    return rows.select_related("order", "carrier", "fulfilment_order")
