"""The pack bench: scan the tote, scan the items, weigh, ship. What is in a parcel is in its rows, so it resumes.

At a station that prints labels the last item fetches weight, slip and label; scanning the label on its parcel ships.
"""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from fulfilment.documents.carton_drawing import draw
from fulfilment.documents.customs_form import gaps, needs_form
from fulfilment.models import Carrier, FulfilmentOrder, Parcel, Postage, Station
from fulfilment.pages import sorting
from fulfilment.pages.door import ask_place, attempt, go, number, place_of, show, station_of
from fulfilment.pages.home import find_work
from fulfilment.pages.shipped import is_undoable
from fulfilment.pages.stations import print_here
from fulfilment.services import box, cancel_work, label, pack, photograph, pickup, refused, seal, shop
from fulfilment.services.ship import ship
from oms.lib.console import actor_of, alarm, console_page, say
from oms.lib.errors import Invalid, NotFound
from oms.papers.models import Document

Status = FulfilmentOrder.Status
MOST_SHOWN = 100
CARRIER = "floor_carrier"
WEIGHED = "floor_weighed"  # the parcel and weight that was found to be off


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.pack_parcel")
def packing(request):
    """What waits at the bench; a tote, parcel or order that is scanned opens."""
    place = place_of(request)
    if place is None:
        return ask_place(request)
    if request.method == "POST":
        row = find_work(request.POST.get("scan", ""), place)
        if row:
            return go("floor:bench", row.pk)
        if answer := sorting.sorted_out(request, place, _scan):
            return answer
        scanned = request.POST.get("scan", "").strip()[:40]
        alarm(request, NotFound(f"{scanned} is no tote, parcel or order here." if scanned else "Scan a tote first."))
        return go("floor:packing")
    rows = FulfilmentOrder.objects.filter(location=place, status__in=[Status.PICKING, Status.PACKED])
    rows = rows.filter(picked_at__isnull=False).with_stop().select_related("order")
    rows = rows.order_by("priority", "ship_by", "pk")[:MOST_SHOWN]
    return show(request, "packing", title="Pack", work=rows, **sorting.shown(request, place))


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.pack_parcel")
def bench(request, pk):
    """One order at the bench."""
    row = get_object_or_404(FulfilmentOrder.objects.with_stop().select_related("order", "location", "pick_list"), pk=pk)
    if request.method == "POST":
        return _act(request, row)
    lines = list(row.lines.select_related("sku", "order_line"))
    parcels = row.parcels.exclude(status=Parcel.Status.CANCELLED)
    parcels = parcels.select_related("carrier", "postage", "packed_in__carton")
    parcels = list(parcels.prefetch_related("lines__sku", "lines__lot", "lines__serials__serial", "labels"))
    open_parcel = next((parcel for parcel in parcels if parcel.status == Parcel.Status.PACKING), None)
    at_bench = box.at_bench(row, open_parcel) if open_parcel else None
    carriers, is_complete = list(Carrier.objects.active()), _is_complete(row)
    is_shopped = any(row.plugin != "manual" for row in carriers)
    return show(
        request,
        "bench",
        title=f"Order {row.order}",
        work=row,
        lines=[line for line in lines if line.wanted or line.stopped],
        parcels=parcels,
        open_parcel=open_parcel,
        weight_g=_scale(request) or at_bench.expected_g if at_bench else None,
        cartons=at_bench,
        drawing=draw(at_bench.fit) if at_bench and at_bench.fit and at_bench.fit.is_drawn else "",
        notes=pack.unread_notes(row),
        is_declared=needs_form(row),
        undeclared=gaps(row),
        is_complete=is_complete,
        may_ship_part=not is_complete and _may_ship_part(request, row, parcels),
        is_labelled=_is_labelled(row),
        prints_labels=_prints_labels(request, row),
        to_seal=[parcel for parcel in parcels if parcel.status == Parcel.Status.PACKED and not parcel.sealed_at],
        is_pickup=row.method == FulfilmentOrder.Method.PICKUP,
        carriers=carriers,
        is_shopped=is_shopped,
        carrier="" if is_shopped else request.session.get(CARRIER) or (carriers[0].code if carriers else ""),
        undoable=_last_line(open_parcel),
        may_take_back=is_undoable(request, row, parcels),
    )


def _act(request, row):
    name = request.POST.get("do", "scan")
    act, permission = ACTIONS.get(name, ACTIONS["scan"])
    if not request.user.has_perm(permission):
        raise PermissionDenied
    answer, _ = attempt(request, lambda: act(request, row))
    return answer or go("floor:bench", row.pk)


def _scan(request, row):
    """An item goes into the parcel; a parcel's own label, or the order's number, once all is packed, ships it."""
    code = request.POST.get("scan", "").strip()
    if code == row.order.number:
        return _send_all(request, row)
    if seal.find(row.pk, code) or _is_labelled(row):
        return _send(request, row) if seal.seal(row.pk, code) and _is_complete(row) else None
    try:
        pack.scan(row.pk, code, actor=actor_of(request))
    except Invalid:
        refused.note_in_tote(row.pk, code, actor=actor_of(request))
        raise
    if _prints_labels(request, row) and _is_complete(row) and _is_weighed(request, row):
        return _labels(request, row)


def _undo(request, row):
    pack.undo(number(request, "line") or 0, pieces=number(request, "pieces") or 1, actor=actor_of(request))


def _close(request, row):
    """Close the open parcel, weighed; the next scan opens another."""
    parcel = row.parcels.filter(status=Parcel.Status.PACKING).first()
    if parcel is None:
        raise Invalid("No parcel is open: scan something first.")
    size = tuple(number(request, name) for name in ("length_mm", "width_mm", "height_mm"))
    weight_g = number(request, "weight_g") or _scale(request)
    weighed = [parcel.pk, weight_g]
    is_sure = request.session.pop(WEIGHED, None) == weighed
    try:
        shown = request.POST.get("carton", "")
        box.close(parcel.pk, weight_g=weight_g, size_mm=size, shown=shown, is_sure=is_sure, actor=actor_of(request))
    except box.OffWeight:
        request.session[WEIGHED] = weighed
        raise
    shop.shop(parcel.pk, carrier=request.POST.get("carrier", ""), actor=actor_of(request))
    for kind in ("packing_slip", "customs_form"):
        print_here(request, Document.objects.latest_of(kind, parcel.pk))


def _carton(request, row):
    """Take another carton for the open parcel: it gives sides and expected weight."""
    parcel = row.parcels.filter(status=Parcel.Status.PACKING).first()
    if parcel is None:
        raise Invalid("No parcel is open: scan something first.")
    box.choose(parcel.pk, request.POST.get("carton", ""), actor=actor_of(request))


def _next_box(request, row):
    """Close the open parcel; where labels are printed at once it gets its own while it is in hand."""
    _close(request, row)
    if _prints_labels(request, row):
        _labels(request, row)


def _labels(request, row):
    """Close what is open, get the labels of what is closed and print them."""
    if not _is_weighed(request, row):
        raise Invalid("Weigh the parcel: the book does not know what its goods weigh.", field="weight_g")
    if row.parcels.filter(status=Parcel.Status.PACKING).exists():
        _close(request, row)
    parcels = list(row.parcels.filter(status=Parcel.Status.PACKED))
    for parcel in parcels:
        label.buy(
            parcel.pk,
            carrier=_carrier(request, parcel),
            service=request.POST.get("service", ""),
            tracking_number=request.POST.get("tracking", "") if len(parcels) == 1 else "",
            form=_form(request),
            actor=actor_of(request),
        )
        print_here(request, Document.objects.latest_of("shipping_label", parcel.pk))


def _carrier(request, parcel):
    """Return the code of who brings a parcel: as posted, "" for what was shopped for, else as it was last time."""
    code = request.POST.get("carrier", "")
    if code:
        request.session[CARRIER] = code = label.choose(code).code
        shop.shop(parcel.pk, carrier=code, actor=actor_of(request))
    is_chosen = Postage.objects.filter(parcel=parcel).exists()
    return code or ("" if is_chosen else request.session.get(CARRIER, ""))


def _option(request, row):
    """Send a closed parcel by another service that was offered; its label is voided and bought again."""
    parcel = get_object_or_404(row.parcels, pk=number(request, "parcel") or 0)
    had_label = bool(parcel.tracking_number)
    if had_label and not request.user.has_perm("fulfilment.ship_parcel"):
        raise PermissionDenied
    if had_label:
        label.void(parcel.pk, actor=actor_of(request))
    chosen = number(request, "option")
    shop.take(parcel.pk, -1 if chosen is None else chosen, actor=actor_of(request))
    if had_label:
        _labels(request, row)


def _send_all(request, row):
    """Ship an order of which everything is packed: a barcode that is scanned too early sends no half of it."""
    if not _is_complete(row) and row.status in pack.BENCH:
        raise Invalid(f"Not all of order {row.order} is packed: scan the items first. A part ships by its button.")
    return _send(request, row)


def _send(request, row):
    """Close what is open, get the labels, ship."""
    if not request.user.has_perm("fulfilment.ship_parcel"):
        raise PermissionDenied
    row.check_is_sent()
    if row.parcels.filter(status=Parcel.Status.PACKING).exists():
        _close(request, row)
    _labels(request, row)
    shipped = ship(row.pk, carrier=request.session.get(CARRIER, ""), actor=actor_of(request))
    return go("floor:sent", row.pk) if shipped else None


def _ready(request, row):
    """Put a packed pickup on its shelf; the customer is told."""
    if row.parcels.filter(status=Parcel.Status.PACKING).exists():
        _close(request, row)
    pickup.make_ready(row.pk, shelf=request.POST.get("shelf", ""), actor=actor_of(request))
    return go("floor:pickups")


def _void(request, row):
    parcel = get_object_or_404(row.parcels, pk=number(request, "parcel") or 0)
    label.void(parcel.pk, actor=actor_of(request))


def _photo(request, row):
    parcel = get_object_or_404(row.parcels, pk=number(request, "parcel") or 0)
    if "photo" not in request.FILES:
        raise Invalid("No photo came: take it again.", field="photo")
    say(request, f"{photograph.photograph(parcel.pk, request.FILES['photo'], actor=actor_of(request))} is kept.")


def _read(request, row):
    pack.read_notes(row.pk)


def _aside(request, row):
    """Take the order off the bench; without a reason it comes back."""
    pack.set_aside(row.pk, request.POST.get("reason", ""))
    return go("floor:packing") if request.POST.get("reason", "").strip() else None


def _accept(request, row):
    cancel_work.accept(row.pk, actor=actor_of(request))
    return go("floor:put_backs") if request.user.has_perm("fulfilment.change_picktask") else None


def _refuse(request, row):
    cancel_work.refuse(row.pk, actor=actor_of(request))


PACK = "fulfilment.pack_parcel"
ACTIONS = {
    "scan": (_scan, PACK),
    "undo": (_undo, PACK),
    "carton": (_carton, PACK),
    "close": (_next_box, PACK),
    "label": (_labels, "fulfilment.ship_parcel"),
    "send": (_send, "fulfilment.ship_parcel"),
    "ready": (_ready, PACK),
    "option": (_option, PACK),
    "void": (_void, PACK),
    "photo": (_photo, PACK),
    "read": (_read, PACK),
    "aside": (_aside, PACK),
    "accept": (_accept, PACK),
    "refuse": (_refuse, "fulfilment.stop_fulfilmentorder"),
}


def _prints_labels(request, row):
    """Whether the packer ships it, at a station with a printer for labels."""
    station = station_of(request) if row.method == FulfilmentOrder.Method.SHIP else None
    return bool(station and station.label_printer and request.user.has_perm("fulfilment.ship_parcel"))


def _may_ship_part(request, row, parcels):
    is_begun = any(parcel.status in (Parcel.Status.PACKING, Parcel.Status.PACKED) for parcel in parcels)
    is_sent = row.method == FulfilmentOrder.Method.SHIP and row.status in pack.BENCH
    return is_begun and is_sent and request.user.has_perm("fulfilment.ship_parcel")


def _form(request):
    """Return the file that labels are bought as: ZPL where the printer of this station speaks it."""
    station = station_of(request)
    return "zpl" if station and station.label_printer == Station.LabelPrinter.ZPL else "pdf"


def _is_complete(row):
    lines = list(row.lines.all())
    return all(line.packed == line.wanted for line in lines) and any(line.packed for line in lines)


def _is_labelled(row):
    """Whether all is packed and every parcel has its label: what is scanned now can only be one of these."""
    parcels = list(row.parcels.exclude(status=Parcel.Status.CANCELLED))
    is_labelled = all(parcel.status == Parcel.Status.PACKED and parcel.tracking_number for parcel in parcels)
    return bool(parcels) and is_labelled and _is_complete(row)


def _is_weighed(request, row):
    parcel = row.parcels.filter(status=Parcel.Status.PACKING).first()
    return parcel is None or bool(number(request, "weight_g") or _scale(request) or pack.expected_weight(parcel))


def _scale(request):
    """Return what the scale of this station says, in grams, or None."""
    station = station_of(request)
    return (station and station.fresh_weight_g) or None


def _last_line(parcel):
    """Return the ParcelLine that was scanned last, as far as one can tell, or None."""
    return parcel.lines.select_related("sku").order_by("-pk").first() if parcel else None
