"""What a station's print agent calls: fetch the jobs, fetch a job's bytes, say what became of it, tell the weight.

It shows its station's key, `Authorization: Bearer <key>`; it is no user and sees nothing but its own jobs.
"""

from functools import wraps

from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fulfilment.models import Station
from fulfilment.services import printing
from oms.lib.api.problems import problem
from oms.lib.errors import DomainError, Invalid


def for_agents(method):
    """Make a view (request, station, ...) one that a print agent calls by `method`."""

    def decorate(view):
        @csrf_exempt
        @require_http_methods([method])
        @wraps(view)
        def checked(request, *args, **kwargs):
            scheme, _, key = request.headers.get("Authorization", "").partition(" ")
            station = Station.objects.by_key(key.strip()) if scheme.lower() == "bearer" else None
            if station is None:
                return problem(request, 401, "This key is no station's: copy the new one from the console.")
            try:
                return view(request, station, *args, **kwargs)
            except DomainError as error:
                return problem(request, error.status, error.message)

        return checked

    return decorate


@for_agents("POST")
def jobs(request, station):
    """Hand over what waits: {"station", "jobs": [{"id", "kind", "title"}]}; each job once."""
    rows = printing.take(station)
    return JsonResponse(
        {"station": station.code, "jobs": [{"id": row.pk, "kind": row.kind, "title": str(row)} for row in rows]}
    )


@for_agents("GET")
def content(request, station, pk):
    """The bytes of a job that was handed over."""
    job = station.jobs.select_related("document", "station").filter(pk=pk, status="sent").first()
    if job is None:
        return problem(request, 404, "This station has no such job with its printer.")
    data, form = printing.content_of(job)
    return HttpResponse(data, content_type="application/pdf" if form == "pdf" else "x-application/zpl")


@for_agents("POST")
def outcome(request, station, pk):
    """`outcome` is printed, failed or unsure, `error` says why."""
    job = printing.settle(station, pk, request.POST.get("outcome", ""), request.POST.get("error", ""))
    return JsonResponse({"id": job.pk, "status": job.status})


@for_agents("POST")
def weight(request, station):
    """`grams` lie on the scale."""
    text = request.POST.get("grams", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("Whole grams.", field="grams")
    printing.note_weight(station, int(text))
    return HttpResponse(status=204)


urlpatterns = [
    path("jobs", jobs),
    path("jobs/<int:pk>", content),
    path("jobs/<int:pk>/outcome", outcome),
    path("weight", weight),
]
