"""Waves: a preset, its preview, released, printed."""

from django.contrib.auth import get_user_model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfilment.documents.bundle import bundle
from fulfilment.models import PickList, Wave, WavePreset
from fulfilment.pages.board import MOST_PICKERS, open_lists, pickers
from fulfilment.pages.door import ask_place, attempt, go, number, place_of, show, station_of
from fulfilment.services import hand_out, printing, wave
from oms.lib.console import actor_of, console_page, say
from oms.papers.models import Document
from oms.papers.services.read_document import read_document

LEAD = "fulfilment.release_fulfilmentorder"
MOST_SHOWN = 30
MOST_PRINTED = 25  # lists in one PDF: laid out while somebody waits, where no worker was faster


@require_safe
@console_page(LEAD)
def waves(request):
    """The presets of this place, and its last waves."""
    place = place_of(request)
    if place is None:
        return ask_place(request)
    rows = Wave.objects.filter(location=place).exclude(status=Wave.Status.CANCELLED).order_by("-pk")[:MOST_SHOWN]
    presets = WavePreset.objects.active().filter(location=place)
    return show(request, "waves", title="Waves", presets=presets, waves=rows)


@require_POST
@console_page(LEAD)
def preview(request):
    """Show what a wave by a preset would be."""
    preset = get_object_or_404(WavePreset.objects.active().select_related("location"), pk=number(request, "preset"))
    planned, is_done = attempt(request, lambda: wave.preview(preset, actor=actor_of(request)))
    return go("floor:wave", planned.pk) if is_done else go("floor:board")


@require_http_methods(["GET", "HEAD", "POST"])
@console_page(LEAD)
def one(request, pk):
    """One wave: its preview, then how far its lists are."""
    row = get_object_or_404(Wave.objects.select_related("location"), pk=pk)
    if request.method == "POST":
        return _act(request, row)
    if place_of(request) is None:
        return ask_place(request)
    figures = row.figures
    risks = [risk | {key: wave.moment(risk[key]) for key in ("ship_by", "ready_at")} for risk in figures["at_risk"]]
    return show(
        request,
        "wave",
        title=f"Wave {row}",
        wave=row,
        figures=figures | {"weight_kg": round(figures["weight_g"] / 1000)},
        now=timezone.now(),
        saved=_saved(figures),
        risks=risks[:MOST_SHOWN],
        progress=wave.progress_of(row),
        lists=open_lists(row.location, wave=row),
        count=(count := _lists(row).count()),
        parts=[(first, first + 1, min(first + MOST_PRINTED, count)) for first in range(0, count, MOST_PRINTED)],
        left_out=row.orders.filter(state="left_out").select_related("fulfilment_order__order")[:MOST_SHOWN],
        pickers=pickers()[:MOST_PICKERS],
        prints_here=bool((station := station_of(request)) and station.has_paper_printer),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console_page(LEAD)
def papers(request, pk):
    """The lists of a wave: posted, all on the printer of this station; else one PDF, of so many from `first` on."""
    row = get_object_or_404(Wave, pk=pk)
    documents = list(_documents(row))
    station = station_of(request)
    if request.method == "POST" and station and station.has_paper_printer:
        for document in documents:
            printing.send(station, document, actor=actor_of(request))
        say(request, f"{len(documents)} lists go to the printer of {station}.")
        return go("floor:wave", pk)
    first = int(request.GET.get("first", "0")[:6]) if request.GET.get("first", "0").isdecimal() else 0
    some = documents[first : first + MOST_PRINTED]
    if not some:
        raise Http404("The wave has no such lists (yet).")
    content = bundle(read_document(document) for document in some)
    headers = {"Content-Disposition": f'inline; filename="wave-{row}.pdf"'}
    return HttpResponse(content, "application/pdf", headers=headers)


@require_POST
@console_page(LEAD)
def reassign(request):
    """Give all lists of one picker to another."""
    users = get_user_model().objects.filter(is_active=True)
    picker = get_object_or_404(users, pk=number(request, "picker") or 0)
    to = users.filter(pk=number(request, "to") or 0).first()
    place = place_of(request)
    moved, is_done = attempt(request, lambda: hand_out.reassign(place, picker=picker, to=to))
    if is_done:
        say(request, f"{moved} lists of {picker} go to {to or 'anybody'}.")
    return go("floor:board")


@require_POST
@console_page(LEAD)
def free(request, pk):
    """Let the list of a dead device wait for whoever takes it."""
    get_object_or_404(PickList, pk=pk)
    attempt(request, lambda: hand_out.free(pk), done=f"List L{pk} waits for whoever takes it.")
    return go("floor:board")


def _act(request, row):
    actor, do = actor_of(request), request.POST.get("do")
    if do == "release":
        released, is_done = attempt(request, lambda: wave.release_wave(row.pk, actor=actor))
        if is_done:
            _say_released(request, released)
    if do == "stop":
        attempt(request, lambda: wave.stop_wave(row.pk), done=f"Wave {row} makes no more lists.")
    if do == "withdraw":
        taken, is_done = attempt(request, lambda: wave.withdraw_wave(row.pk, actor=actor))
        if is_done:
            say(request, f"{taken} orders of wave {row} are back on the board.")
    return go("floor:wave", row.pk)


def _say_released(request, row):
    made, left = row.pick_lists.count(), len(wave.planned_carts(row.pk))
    coming = f", {left} more are being made" if left else ""
    state = "is done" if row.status == Wave.Status.DONE else "is released"
    why = "" if made or left else " Its orders are left out: see why below."
    say(request, f"Wave {row} {state}: {made} lists{coming}.{why}")


def _saved(figures):
    """Return how many percent less is walked than in first-come batches, or None where nothing is walked."""
    naive = figures["naive_metres"]
    return round(100 * (1 - figures["metres"] / naive)) if naive else None


def _lists(row):
    return row.pick_lists.exclude(status=PickList.Status.CANCELLED)


def _documents(row):
    """Yield the newest paper of each list of a wave, in the order of its carts."""
    for pk in _lists(row).order_by("cart").values_list("pk", flat=True):
        if document := Document.objects.latest_of("pick_list", pk):
            yield document
