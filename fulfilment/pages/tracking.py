"""Partners without an API: their work as CSV, and back what they sent as CSV, seen row by row before it ships."""

from collections import Counter

from django import forms
from django.db.models import Count, Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import UnfoldAdminFileFieldWidget

from fulfilment.documents.work_table import COLUMNS, open_table
from fulfilment.imports import tracking as table
from fulfilment.imports import upload as uploading
from fulfilment.models import FulfilmentOrder, TrackingUpload
from inventory.models import Location
from inventory.pages.forms import PlaceField
from oms.lib import csv
from oms.lib.console import actor_of, at_once, console_page, form_page, show

MAY = "fulfilment.add_trackingupload"
LAST = 10
OUTSIDE = (Location.Kind.THIRD_PARTY, Location.Kind.SUPPLIER)


def places():
    """The locations that others run."""
    return Location.objects.active().filter(kind__in=OUTSIDE)


class TrackingForm(forms.Form):
    location = PlaceField(Location.objects.none(), label="Sent by")
    file = forms.FileField(
        label="File", widget=UnfoldAdminFileFieldWidget, help_text=f"CSV, at most {table.MOST_ROWS} rows"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = places()


@console_page(MAY)
def uploads(request):
    """Show what waits at each location, the form with the columns, and the last files; one that is sent is checked."""
    assigned = Q(fulfilment_orders__status__in=FulfilmentOrder.ASSIGNED, fulfilment_orders__order__is_held=False)
    return form_page(
        request,
        TrackingForm(request.POST or None, request.FILES or None),
        run=lambda cleaned: _received(request, cleaned),
        only_reads=True,
        title="Tracking files",
        template="fulfilment/console/tracking.html",
        upload_url="tracking:upload",
        button="Check the file",
        back_to=reverse("admin:fulfilment_fulfilmentorder_changelist"),
        places=places().annotate(waiting=Count("fulfilment_orders", assigned)).order_by("code"),
        columns=[(name, name in table.REQUIRED) for name in table.KNOWN],
        last=TrackingUpload.objects.select_related("location", "uploaded_by").defer("content", "rows")[:LAST],
    )


@require_safe
@console_page(MAY)
def work(request, pk):
    """All that a location has to send, as CSV."""
    place = get_object_or_404(places(), pk=pk)
    stamp = timezone.localtime().strftime("%Y-%m-%d-%H%M")
    return csv.download(f"work-{place.code}-{stamp}", COLUMNS, open_table(place))


@console_page(MAY)
def upload(request, pk):
    """Show row by row what taking the file would ship, or shipped."""
    found = get_object_or_404(TrackingUpload.objects.select_related("location").defer("content"), pk=pk)
    counts = Counter(row[1] for row in found.rows)
    context = {
        "upload": found,
        "counts": counts,
        "good": counts["created"],
        "button": "Ship",
        "subject": "Work, SKU",
        "created": "leaves" if found.status == TrackingUpload.Status.CHECKED else "left",
        "take_url": reverse("tracking:take", args=[pk]),
        "another_url": reverse("tracking:uploads"),
        "back_to": reverse("admin:fulfilment_fulfilmentorder_changelist"),
    }
    return show(request, "fulfilment/console/tracking_upload.html", title=f"{found}", **context)


@console_page(MAY)
@require_POST
def take(request, pk):
    """Ship what the good rows report."""
    get_object_or_404(TrackingUpload, pk=pk)
    return at_once(
        request,
        lambda: uploading.take(pk, actor=actor_of(request)),
        said="The file is taken.",
        back_to=reverse("tracking:upload", args=[pk]),
    )


def _received(request, cleaned):
    received = uploading.receive(cleaned["file"], location=cleaned["location"], user=request.user)
    return HttpResponseRedirect(reverse("tracking:upload", args=[received.pk]))


app_name = "tracking"
urlpatterns = [
    path("fulfilment/tracking/", uploads, name="uploads"),
    path("fulfilment/tracking/<int:pk>/", upload, name="upload"),
    path("fulfilment/tracking/<int:pk>/take/", take, name="take"),
    path("fulfilment/tracking/work/<int:pk>/", work, name="work"),
]
