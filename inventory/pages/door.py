"""The frame of the stock pages: who is where, what he may open, and how a refusal is shown."""

from functools import wraps

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from inventory.models import Location
from oms.lib.console import alarm, console_page
from oms.lib.errors import DomainError

# The floor's pages keep it under the same name: whoever has said where he works says it once.
PLACE = "floor_location"
# (name of the URL, what it is called, permission)
TABS = [
    ("stock:receive", "Receive", "inventory.receive_stock"),
    ("stock:put_away", "Put away", "inventory.move_stock"),
    ("stock:refills", "Refill", "inventory.move_stock"),
    ("stock:move", "Move", "inventory.move_stock"),
    ("stock:transfers", "Transfer", "inventory.receive_stock"),
    ("stock:counts", "Count", "inventory.count_stock"),
    ("stock:adjust", "Adjust", "inventory.adjust_stock"),
    ("stock:item", "Look up", "inventory.view_stocklevel"),
]


def stock_page(permission):
    """Make `view(request, place)` a stock page for staff with `permission`; without a place it asks for one."""

    def decorate(view):
        @wraps(view)
        def at_place(request, *args, **kwargs):
            place = place_of(request)
            if place is None:
                return go("stock:home", next=request.path)
            return view(request, place, *args, **kwargs)

        return console_page(permission)(at_place)

    return decorate


def show(request, template, *, title, status=200, **context):
    """Answer with a stock page."""
    tabs = [
        {"url": reverse(name), "label": label, "is_here": request.path.startswith(reverse(name))}
        for name, label, permission in TABS
        if request.user.has_perm(permission)
    ]
    frame = {"title": title, "place": place_of(request), "tabs": tabs, "home_url": reverse("stock:home")}
    return render(request, f"inventory/stock/{template}.html", frame | context, status=status)


def place_of(request):
    """Return the Location that the user works at: the one he chose, or the only one there is; else None."""
    chosen = places().filter(pk=request.session.get(PLACE)).first()
    if chosen:
        return chosen
    own = places()[:2]
    return own[0] if len(own) == 1 else None


def places():
    """Return the locations that count their stock and where our own people work."""
    return Location.objects.active().staffed().filter(tracks_stock=True).order_by("code")


def attempt(request, run):
    """Call `run()`; a DomainError is shown instead. Returns (what it returned or None, was it done)."""
    try:
        return run(), True
    except DomainError as error:
        alarm(request, error)
        return None, False


def go(name, *args, **query):
    """Go to a page of ours; the query leaves out what is empty."""
    query = {key: value for key, value in query.items() if value not in (None, "")}
    return HttpResponseRedirect(reverse(name, args=args) + (f"?{urlencode(query)}" if query else ""))


def whole(text, *, most=100_000_000):
    """Return the whole number that `text` is, perhaps with a minus; None for anything else or beyond `most`."""
    digits = text.strip().removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12) or int(digits) > most:
        return None
    return -int(digits) if text.strip().startswith("-") else int(digits)
