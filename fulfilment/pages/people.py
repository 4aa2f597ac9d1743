"""What each picker did, and where errors come from, on the page and as CSV."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.views.decorators.http import require_safe
from unfold.widgets import UnfoldAdminDateWidget

from fulfilment.services import productivity
from inventory.models import Location
from inventory.pages.forms import PlaceField
from oms.lib import csv
from oms.lib.clock import countable
from oms.lib.console import console_page, show

PERMISSION = "fulfilment.release_fulfilmentorder"
WEEK = timedelta(days=6)
MOST_SHOWN = 100
PEOPLE = ["Day", "Picker", "Lines", "Pieces", "Metres", "Hours", "Lines an hour", "Wrong scans", "Short picks"]
PEOPLE += ["Found at packing", "Accuracy %"]
ERRORS = ["What", "Bin", "SKU", "Picker", "Times"]


class DaysForm(forms.Form):
    """Which days, where."""

    location = PlaceField(Location.objects.active().staffed(), empty_label=None)
    first = forms.DateField(required=False, widget=UnfoldAdminDateWidget, label="From", help_text="empty: a week ago")
    last = forms.DateField(required=False, widget=UnfoldAdminDateWidget, label="To", help_text="empty: today")


@require_safe
@console_page(PERMISSION)
def people(request):
    """The pickers by day, and the errors that happened most often."""
    form, days = _asked(request)
    context = {
        "form": form,
        "shares": productivity.shares(*days) if days else [],
        "errors": productivity.errors(*days)[:MOST_SHOWN] if days else [],
        "query": request.GET.urlencode(),
    }
    return show(request, "fulfilment/console/people.html", title="Pickers", **context)


@require_safe
@console_page(PERMISSION)
def export(request, what):
    """All of it as CSV: "people" or "errors"."""
    _, days = _asked(request)
    if what == "errors":
        rows = productivity.errors(*days) if days else []
        return csv.download("picking-errors", ERRORS, ([row[key] for key in row] for row in rows))
    return csv.download("pickers", PEOPLE, map(_cells, productivity.shares(*days) if days else []))


def _asked(request):
    """Return (form, (location, first day, last day)); without a location there is nothing to show."""
    places = Location.objects.active().staffed()
    start = places.filter(kind=Location.Kind.WAREHOUSE).first() or places.first()
    data = request.GET.copy()
    data.setdefault("location", start.pk if start else "")
    form = DaysForm(data)
    if not form.is_valid():
        return form, None
    place = form.cleaned_data["location"]
    today = timezone.localdate(timezone=ZoneInfo(place.tz))  # the place's, not the reader's
    last = countable(form.cleaned_data["last"] or today)
    first = countable(form.cleaned_data["first"] or last - WEEK)
    return form, (place, min(first, last), last)


def _cells(share):
    counts = [share.lines, share.pieces, round(share.metres), share.hours, share.lines_an_hour]
    return [share.day, share.name, *counts, share.wrong_scans, share.shorts, share.found_packing, share.accuracy]
