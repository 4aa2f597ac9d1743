"""The door of the stock pages: choose where one works, then what one does."""

from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from inventory.models import CountSession
from inventory.pages.door import PLACE, place_of, places, show
from oms.lib.console import back, console_page, posted_id


@require_safe
@console_page("inventory.view_stocklevel")
def home(request):
    place = place_of(request)
    open_counts = CountSession.objects.open().filter(location=place).count() if place else 0
    context = {"places": places(), "open_counts": open_counts, "next": request.GET.get("next", "")}
    return show(request, "home", title="Stock", **context)


@require_POST
@console_page("inventory.view_stocklevel")
def choose_place(request):
    """Remember where the user works until he logs out, and go on to what he wanted."""
    chosen = places().filter(pk=posted_id(request, "place")).first()
    if chosen:
        request.session[PLACE] = chosen.pk
    return back(request, reverse("stock:home"))
