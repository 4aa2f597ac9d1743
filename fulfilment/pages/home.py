"""The door of the floor: choose where one works, scan what one has in hand."""

import re

from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fulfilment.models import FulfilmentOrder, Parcel, PickList
from fulfilment.pages.door import PLACE, go, number, place_of, places, show
from oms.lib.console import alarm, back, console_page
from oms.lib.errors import NotFound
from orders.models import Order

CODE = re.compile(r"(?P<kind>[LPF]?)(?P<pk>\d{1,15})(?:-(?P<tote>\d{1,3}))?")


@require_safe
@console_page("fulfilment.view_fulfilmentorder")
def home(request):
    return show(request, "home", title="Floor", places=places())


@require_POST
@console_page("fulfilment.view_fulfilmentorder")
def choose_place(request):
    """Remember where the user works until he logs out."""
    chosen = places().filter(pk=number(request, "place") or 0).first()
    if chosen:
        request.session[PLACE] = chosen.pk
    return back(request, reverse("floor:home"))


@require_POST
@console_page("fulfilment.view_fulfilmentorder")
def scan(request):
    """Open what was scanned: a pick list, a tote, a parcel, an order; else say that it is nothing of these."""
    code = request.POST.get("scan", "").strip()
    answer = _opened(code, place_of(request))
    if answer is None:
        alarm(request, NotFound(f"{code[:40]} is no pick list, tote, parcel or order of this place."))
        return go("floor:home")
    return answer


def _opened(code, place):
    parts = CODE.fullmatch(code.upper())
    if not parts:
        row = _work(Parcel.objects.filter(tracking_number=code)) if code else None
        return go("floor:bench", row) if row else None
    kind, pk, tote = parts["kind"], int(parts["pk"]), parts["tote"]
    if kind == "L" and tote is None:
        return go("floor:pick", pk) if PickList.objects.filter(pk=pk).exists() else None
    row = find_work(code, place)
    return go("floor:bench", row.pk) if row else None


def find_work(code, place):
    """Return the fulfilment order that a tote ("L3-1"), a parcel, its own number or an order's names, or None.

    Of an order with several, that of `place`, the one that is under way first.
    """
    parts = CODE.fullmatch(code.strip().upper())
    if not parts:
        return None
    kind, pk, tote = parts["kind"], int(parts["pk"]), parts["tote"]
    rows = FulfilmentOrder.objects.select_related("order", "location")
    if kind == "L":
        return rows.on_floor().filter(pick_list=pk, tote=tote).first() if tote else None
    if kind == "P":
        return rows.filter(parcels=pk).first()
    if kind == "F":
        return rows.filter(pk=pk).first()
    found = rows.filter(order__in=Order.objects.numbered(str(pk)))
    here = found.filter(location=place) if place else found
    return here.on_floor().order_by("pk").first() or here.first()


def _work(parcels):
    return parcels.order_by("-pk").values_list("fulfilment_order_id", flat=True).first()
