"""Handing over: parcels are scanned into their carrier's manifest, then it is closed and printed."""

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from fulfilment.models import Carrier, Manifest, Parcel
from fulfilment.pages.collections import coming
from fulfilment.pages.door import ask_place, attempt, go, number, place_of, show, station_of
from fulfilment.pages.stations import print_here
from fulfilment.services.ask_manifest import ask_again
from fulfilment.services.hand_over import MOST_PARCELS, STOP, hand_over
from fulfilment.services.load import load
from oms.lib.console import actor_of, alarm, at_once, console_page, say
from oms.lib.errors import InvalidTransition
from oms.papers.models import Document

MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.add_manifest")
def handover(request):
    """Parcels by carrier, those on its open manifest ticked; `?carrier=` says which one is being loaded."""
    place = place_of(request)
    if place is None:
        return ask_place(request)
    if request.method == "POST":
        return _load(request, place) if "scan" in request.POST else _close(request, place)
    groups = _groups(place)
    who = coming(place, [group["carrier"] for group in groups])
    for group in groups:
        group["comes"] = next((row for row in who if row["carrier"] == group["carrier"]), None)
    packed = Parcel.objects.not_manifested().filter(status=Parcel.Status.PACKED, fulfilment_order__location=place)
    return show(
        request,
        "handover",
        title="Hand over",
        groups=groups,
        loading=_loading(request.GET.get("carrier", "")),
        packed=packed.select_related("order")[:MOST_SHOWN],
        manifests=_last(place),
        coming=who,
        station=station_of(request),
    )


@require_POST
@console_page("fulfilment.add_manifest")
def ask_carrier(request, pk):
    """Have the carrier asked once more for its own manifest."""
    manifest = get_object_or_404(Manifest, pk=pk)
    return at_once(
        request,
        lambda: ask_again(manifest.pk, actor=actor_of(request)),
        said=f"{manifest.carrier} is asked again for its own manifest.",
        back_to=reverse("floor:handover"),
    )


def _last(place):
    rows = Manifest.objects.closed().filter(location=place)
    return rows.select_related("carrier").prefetch_related("carrier_manifests")[:10]


def _load(request, place):
    """Scan a parcel into the manifest of the carrier that is being loaded, or of its own."""
    carrier = _loading(request.POST.get("carrier", ""))
    parcel, is_done = attempt(request, lambda: load(place, request.POST["scan"], carrier=carrier))
    if is_done:
        say(request, f"{parcel} is on the manifest {parcel.manifest} of {parcel.carrier or 'no carrier'}.")
    return HttpResponseRedirect(reverse("floor:handover") + (f"?carrier={carrier.pk}" if carrier else ""))


def _close(request, place):
    chosen, seen = _ids(request.POST.getlist("parcel")), _ids(request.POST.get("seen", "").split())
    carrier = Carrier.objects.filter(pk=number(request, "carrier") or 0).first()
    answer, is_done = attempt(
        request, lambda: hand_over(place, chosen, carrier=carrier, seen=seen, actor=actor_of(request))
    )
    if is_done:
        manifest, kept = answer
        _say_kept(request, kept)
        loaded = manifest.parcels.count()
        parcels = "1 parcel is" if loaded == 1 else f"{loaded} parcels are"
        say(request, f"{parcels} handed over, manifest {manifest}.")
        print_here(request, Document.objects.latest_of("manifest", manifest.pk))
    return go("floor:handover")


def _ids(texts):
    return [int(pk) for pk in texts if pk.isascii() and pk.isdigit() and len(pk) < 18]


def _say_kept(request, kept):
    """What must be stopped is shown in red and must be acknowledged, parcel by parcel; the rest in one line."""
    stops = [reason for reason in kept.values() if reason.startswith(STOP)]
    others = [reason for reason in kept.values() if not reason.startswith(STOP)]
    for reason in stops:
        alarm(request, InvalidTransition(f"{reason}. Take it off the pallet."))
    if others:
        alarm(request, InvalidTransition("Not handed over: " + "; ".join(others) + "."))


def _loading(text):
    """Return the Carrier that is being loaded, or None: whichever a parcel goes with."""
    pk = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return Carrier.objects.filter(pk=pk).first()


def _groups(place):
    """Return [{carrier, parcels, count, more, scanned, manifest}] of what is shipped and stands at `place`.

    Of each carrier all that was scanned is shown, and of the rest as much as fits on one manifest.
    """
    rows = Parcel.objects.to_hand_over().filter(fulfilment_order__location=place)
    scanned_first = [F("manifest").asc(nulls_last=True), F("pk").asc()]
    rows = rows.annotate(
        nth=Window(RowNumber(), partition_by="carrier", order_by=scanned_first),
        of_carrier=Window(Count("pk"), partition_by="carrier"),
    )
    rows = rows.filter(Q(nth__lte=MOST_PARCELS) | Q(manifest__isnull=False))
    rows = rows.select_related("order", "carrier", "manifest").order_by("carrier__name", "pk")
    by_carrier = {}
    for parcel in rows:
        parcel.is_stopped = parcel.order.is_held or parcel.order.cancel_requested_at is not None
        by_carrier.setdefault(parcel.carrier, []).append(parcel)
    return [_group(carrier, parcels) for carrier, parcels in by_carrier.items()]


def _group(carrier, parcels):
    """Ticked is what was scanned; where nothing was, all that may go."""
    scanned = [parcel for parcel in parcels if parcel.manifest_id]
    for parcel in parcels:
        parcel.is_ticked = not parcel.is_stopped and (parcel.manifest_id is not None or not scanned)
    count = parcels[0].of_carrier
    return {
        "carrier": carrier,
        "parcels": parcels,
        "count": count,
        "more": count - len(parcels),
        "scanned": scanned,
        "manifest": scanned[0].manifest if scanned else None,
    }
