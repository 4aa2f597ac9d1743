"""The station that a device stands at: chosen once, by its barcode or by hand, and what its printers do."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfilment.documents.command_card import AT, render_card
from fulfilment.models import PrintJob, Station
from fulfilment.pages.door import PLACE, STATION, attempt, go, place_of, show, station_of
from fulfilment.services import printing
from oms.lib.console import actor_of, alarm, back, console_page, say
from oms.lib.errors import NotFound

A_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.view_fulfilmentorder")
def choose(request):
    """Choose the station of this device; what is typed or scanned is its code, nothing at all leaves it."""
    rows = Station.objects.active().select_related("location").order_by("location__code", "code")
    if request.method != "POST":
        return show(request, "stations", title="Station", stations=rows, station=station_of(request))
    code = request.POST.get("scan", "").strip()
    station = rows.filter(code__iexact=code.upper().removeprefix(AT)).first()
    if code and station is None:
        alarm(request, NotFound(f"There is no station {code[:20]}."))
        return go("floor:station")
    answer = go("floor:home")
    if station is None:
        answer.delete_cookie(STATION)
        return answer
    request.session[PLACE] = station.location_id
    answer.set_signed_cookie(
        STATION,
        station.pk,
        salt=STATION,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    say(request, f"This device stands at {station}.")
    return answer


@require_safe
@console_page("fulfilment.view_fulfilmentorder")
def strip(request):
    """The line about the station's printers that pages of the floor fetch again and again."""
    return render(request, "fulfilment/floor/strip.html", strip_context(request))


def strip_context(request):
    """Return what the line about the station shows: {station, troubled, waiting, weight_g}."""
    station = station_of(request)
    if station is None:
        return {"station": None}
    troubled = list(station.jobs.troubled().select_related("document").order_by("pk")[:5])
    return {
        "station": station,
        "troubled": troubled,
        "waiting": station.jobs.waiting().count(),
        "weight_g": station.fresh_weight_g,
    }


@require_POST
@console_page("fulfilment.view_fulfilmentorder")
def answer(request, pk):
    """A person at the station's printer says whether it came out; `do` is yes, no or drop."""
    job = get_object_or_404(PrintJob, pk=pk, station=station_of(request))
    do = request.POST.get("do")
    if do == "drop":
        attempt(request, lambda: printing.drop(job.pk), done=f"{job} is not printed.")
    else:
        attempt(request, lambda: printing.came_out(job.pk, yes=do == "yes", actor=actor_of(request)))
    return back(request, reverse("floor:home"))


@require_safe
@console_page("fulfilment.view_fulfilmentorder")
def card(request):
    """The command barcodes, and those of the stations here, to hang up at the bench."""
    place = place_of(request)
    codes = Station.objects.active().filter(location=place).values_list("code", flat=True) if place else []
    pdf = render_card(codes)
    return HttpResponse(
        pdf.content, "application/pdf", headers={"Content-Disposition": 'inline; filename="commands.pdf"'}
    )


def print_here(request, document):
    """Have `document`, if there is one, printed at this device's station, if that has a printer for it."""
    if document:
        printing.send(station_of(request), document, actor=actor_of(request))
