"""The frame of the floor's pages: who is where, what he may open, and how a refusal is shown."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from fulfilment.models import Station
from inventory.models import Location
from oms.lib.console import alarm, say
from oms.lib.errors import DomainError

PLACE = "floor_location"
STATION = "station"  # the cookie of a device that stands at one
# (name of the URL, what it is called, permission)
TABS = [
    ("floor:board", "Board", "fulfilment.release_fulfilmentorder"),
    ("floor:waves", "Waves", "fulfilment.release_fulfilmentorder"),
    ("floor:picking", "Pick", "fulfilment.change_picktask"),
    ("floor:packing", "Pack", "fulfilment.pack_parcel"),
    ("floor:shipped", "Shipped", "fulfilment.ship_parcel"),
    ("floor:handover", "Hand over", "fulfilment.add_manifest"),
    ("floor:put_backs", "Put back", "fulfilment.change_picktask"),
    ("floor:pickups", "Pickups", "fulfilment.collect_fulfilmentorder"),
    ("floor:labels", "Labels", "fulfilment.view_picklist"),
    ("stock:home", "Stock", "inventory.receive_stock"),
]


def show(request, template, *, title, status=200, **context):
    """Answer with a page of the floor."""
    tabs = [
        {"url": reverse(name), "label": label, "is_here": request.path.startswith(reverse(name))}
        for name, label, permission in TABS
        if request.user.has_perm(permission)
    ]
    frame = {"title": title, "place": place_of(request), "tabs": tabs, "home_url": reverse("floor:home")}
    context = frame | context
    return render(request, f"fulfilment/floor/{template}.html", context, status=status)


def ask_place(request):
    """Ask where the user works, instead of the page that he wants; he comes back to it."""
    return show(request, "home", title="Floor", places=places(), next=request.get_full_path())


def place_of(request):
    """Return the Location that the user works at: the one he chose, or the only one there is; else None."""
    chosen = places().filter(pk=request.session.get(PLACE)).first()
    if chosen:
        return chosen
    own = places()[:2]
    return own[0] if len(own) == 1 else None


def station_of(request):
    """Return the active Station that this device stands at, if it is where its user works; else None."""
    station = device_station(request)
    return station if station and place_of(request) == station.location else None


def device_station(request):
    """Return the active Station that this device was told to stand at, whoever uses it, or None."""
    pk = request.get_signed_cookie(STATION, default="", salt=STATION)
    return Station.objects.active().select_related("location").filter(pk=pk).first() if pk else None


def places():
    """Return the locations where our own people work."""
    return Location.objects.active().staffed().order_by("code")


def attempt(request, run, *, done=""):
    """Call `run()` and say `done`; a DomainError is shown instead. Returns (what it returned or None, was it done)."""
    try:
        answer = run()
    except DomainError as error:
        alarm(request, error)
        return None, False
    if done:
        say(request, done)
    return answer, True


def go(name, *args, query=""):
    return HttpResponseRedirect(reverse(name, args=args) + (f"?{query}" if query else ""))


def number(request, name, *, most=10**9):
    """Return the whole number that the request posts as `name`; None for anything else, or more than `most`."""
    text = request.POST.get(name, "").strip()
    fits = text.isascii() and text.isdigit() and len(text) <= 10
    return int(text) if fits and int(text) <= most else None
