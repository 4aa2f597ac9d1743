"""Carriers' drivers: who comes when, booked or noted on a form, and sent away again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fulfilment.models import Carrier, CarrierCollection
from fulfilment.pages.door import ask_place, place_of, places, show
from fulfilment.services import book_collection, cancel_collection
from oms.lib.console import actor_of, at_once, blame, console_page, say
from oms.lib.errors import DomainError

HERE = "floor:handover"
G_PER_KG = 1000


class BookForm(forms.Form):
    """When who is to come, and for how much."""

    day = forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label="From", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    until = forms.TimeField(widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    parcels = forms.IntegerField(min_value=1, max_value=10_000)
    weight_kg = forms.DecimalField(min_value=0, max_value=100_000, decimal_places=3, label="Weight in all, kg")
    instructions = forms.CharField(max_length=150, required=False, label="For the driver")
    confirmation = forms.CharField(max_length=60, required=False, label="Confirmation, if booked by phone")


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.add_carriercollection")
def book(request):
    """Ask when `?carrier=` is to come to `?place=`, or to where the user works; what is likely is filled in."""
    place = places().filter(pk=_asked(request, "place")).first() or place_of(request)
    if place is None:
        return ask_place(request)
    carriers = Carrier.objects.active()
    carrier = carriers.filter(pk=_asked(request, "carrier")).first() or Carrier.objects.default()
    form = BookForm(request.POST or None, initial=_likely(place, carrier))
    if request.method == "POST" and form.is_valid():
        try:
            row = book_collection.book(place, carrier, actor=actor_of(request), **_wish(place, form.cleaned_data))
        except DomainError as error:
            blame(form, error)
        else:
            say(request, f"{row.carrier}: the pickup is {'noted' if row.is_noted else 'asked for'}.")
            return HttpResponseRedirect(reverse(HERE))
    return show(
        request,
        "book_collection",
        title=f"Book a pickup by {carrier}",
        form=form,
        place=place,
        carrier=carrier,
        carriers=carriers,
        is_asked=book_collection.is_asked(carrier),
        status=422 if form.errors else 200,
    )


@require_POST
@console_page("fulfilment.change_carriercollection")
def cancel(request, pk):
    row = get_object_or_404(CarrierCollection.objects.select_related("carrier"), pk=pk)
    said = f"The pickup is cancelled: tell {row.carrier}." if row.is_noted else f"{row.carrier} is told not to come."
    return at_once(
        request, lambda: cancel_collection.cancel(pk, actor=actor_of(request)), said=said, back_to=reverse(HERE)
    )


@require_POST
@console_page("fulfilment.change_carriercollection")
def ask(request, pk):
    """Have the carrier asked once more for what it did not answer."""
    row = get_object_or_404(CarrierCollection.objects.select_related("carrier"), pk=pk)
    said = f"{row.carrier} is asked again."
    return at_once(
        request, lambda: book_collection.ask_again(pk, actor=actor_of(request)), said=said, back_to=reverse(HERE)
    )


def coming(place, carriers):
    """Return [{carrier, rows, today}]: the pickups from today on of `carriers` and of those that are booked.

    `today` is the one for which somebody comes, or may come, today; None: nobody does.
    """
    today = timezone.now().astimezone(ZoneInfo(place.tz)).date()
    found = {carrier: [] for carrier in carriers if carrier}
    for row in CarrierCollection.objects.told_at(place, today):
        row.is_today = row.day == today
        found.setdefault(row.carrier, []).append(row)
    return [{"carrier": carrier, "rows": _last(rows), "today": _today(rows)} for carrier, rows in found.items()]


def _today(rows):
    return next((row for row in rows if row.is_today and row.is_live), None)


def _last(rows):
    """Return one row for each day: what is booked, or else the last that was refused."""
    return list(({row.day: row for row in rows} | {row.day: row for row in rows if row.is_live}).values())


def _asked(request, name):
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _likely(place, carrier):
    starts, ends = book_collection.window(place, timezone.now())
    parcels, grams = book_collection.waiting(place, carrier)
    return {
        "day": starts.date(),
        "start": starts.time(),
        "until": ends.time(),
        "parcels": parcels or None,
        "weight_kg": grams / G_PER_KG,
    }


def _wish(place, data):
    """Return what the form says as `book` takes it."""
    zone = ZoneInfo(place.tz)
    return {
        "starts_at": datetime.combine(data["day"], data["start"], zone),
        "ends_at": datetime.combine(data["day"], data["until"], zone),
        "parcels": data["parcels"],
        "weight_g": int(data["weight_kg"] * G_PER_KG),
        "instructions": data["instructions"],
        "confirmation": data["confirmation"],
    }
