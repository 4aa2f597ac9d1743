"""What the stock is worth, and how old it is, on a day: by location and SKU, on the page and as CSV."""

from datetime import datetime, time, timedelta
from heapq import nlargest

from django import forms
from django.utils import timezone
from django.views.decorators.http import require_safe
from unfold.widgets import UnfoldAdminDateWidget

from inventory.models import Location, Sku
from inventory.services.stock_value import totals, worth_at
from oms.lib import csv
from oms.lib.clock import countable
from oms.lib.console import console_page, show

MOST_SHOWN = 200
GROUPS = ["0-30 days", "31-90 days", "91-180 days", "over 180 days"]
HEADER = ["SKU", "Name", "Location", "Pieces", "Moving average", "FIFO", *GROUPS]
ON_THE_WAY = "on the way"


class DayForm(forms.Form):
    day = forms.DateField(required=False, widget=UnfoldAdminDateWidget, label="At the end of", help_text="empty: now")
    location = forms.ModelChoiceField(
        Location.objects.filter(tracks_stock=True), required=False, empty_label="all locations"
    )


@require_safe
@console_page("inventory.see_value")
def value(request):
    """The value by location, and the SKUs worth most."""
    form, rows, _ = _asked(request)
    seen = []
    in_all, by_place = totals(_noting(rows, seen))
    places = Location.objects.in_bulk([pk for pk in by_place if pk])
    skus = Sku.objects.in_bulk([row.sku_id for row in seen])
    context = {
        "form": form,
        "groups": GROUPS,
        "in_all": in_all,
        "by_place": [(places.get(pk, ON_THE_WAY), worth) for pk, worth in by_place.items()],
        "rows": [(skus[row.sku_id], places.get(row.location_id, ON_THE_WAY), row) for row in seen],
        "query": request.GET.urlencode(),
        "most": MOST_SHOWN,
    }
    return show(request, "inventory/console/value.html", title="Stock value", **context)


@require_safe
@console_page("inventory.see_value")
def export(request):
    """All rows as CSV, streamed."""
    _, rows, moment = _asked(request)
    places = dict(Location.objects.values_list("pk", "code"))
    stamp = timezone.localtime(moment).strftime("%Y-%m-%d")
    return csv.download(f"stock-value-{stamp}", HEADER, _cells(rows, places))


def _asked(request):
    """Return (form, Worth of what it asks for, the moment)."""
    form = DayForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    moment = _end_of(chosen.get("day"))
    rows = worth_at(moment)
    place = chosen.get("location")
    return form, (row for row in rows if place is None or row.location_id == place.pk), moment


def _end_of(day):
    """Return the last moment of `day` here, or now where that is earlier or no day is given."""
    now = timezone.now()
    if day is None:
        return now
    return min(now, timezone.make_aware(datetime.combine(countable(day) + timedelta(days=1), time.min)))


def _noting(rows, seen):
    """Yield `rows`, and keep those worth most in `seen`: never more than can be shown."""
    for row in rows:
        seen.append(row)
        if len(seen) >= 2 * MOST_SHOWN:
            seen[:] = nlargest(MOST_SHOWN, seen, key=lambda row: row.average)
        yield row
    seen[:] = nlargest(MOST_SHOWN, seen, key=lambda row: row.average)


def _cells(rows, places):
    sku = None
    for row in rows:
        sku = sku if sku and sku.pk == row.sku_id else Sku.objects.only("code", "name").get(pk=row.sku_id)
        place = places.get(row.location_id, ON_THE_WAY)
        yield [sku.code, sku.name, place, row.pieces, f"{row.average:.2f}", f"{row.fifo:.2f}", *row.ages]
