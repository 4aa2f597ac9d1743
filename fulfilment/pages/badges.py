"""Logging in by badge at a device that stands at a station, and who has one."""

from django.contrib.auth import get_user_model, login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from fulfilment.documents.badge_card import BADGE, render_badge
from fulfilment.models import Badge
from fulfilment.pages.door import PLACE, attempt, device_station, go, show
from fulfilment.services import badges
from oms.lib.console import actor_of, console_page, say, way_back
from oms.lib.tries import forget_tries, has_tries_left

BY_BADGE = "by_badge"
FLOOR = ("/floor/", "/stock/")
A_SHIFT_S = 10 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_TRIES, PER_S = 20, 600


class FloorOnly:
    """Middleware: a device that stands at a station asks for a badge on the floor's pages, and who came in by
    badge sees those and the stock desk; for all else he is logged out and gives his password.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(FLOOR):
            is_page = request.method == "GET" and request.path != reverse("floor:badge")
            if is_page and not request.user.is_authenticated and device_station(request):
                return _to("floor:badge", request.path)
        elif request.session.get(BY_BADGE) and not request.path.startswith("/static/"):
            logout(request)
            return _to("admin:login", request.path)
        return self.get_response(request)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request):
    """Log in whoever scans his badge, on a device that stands at a station; others log in with their password."""
    station = device_station(request)
    if station is None:
        return _to("admin:login", reverse("floor:home"))
    page = {"title": "Badge", "station": station, "next": way_back(request)}
    if request.method != "POST":
        return render(request, "fulfilment/floor/badge.html", page)
    tries = f"badge:{station.pk}"
    secret = request.POST.get("scan", "").strip().upper().removeprefix(BADGE)
    found = Badge.objects.by_secret(secret) if has_tries_left(tries, most=MOST_TRIES, per_s=PER_S) else None
    if found is None:
        page["refused"] = "This badge is not known. Ask a lead for a new one, or log in with your password."
        return render(request, "fulfilment/floor/badge.html", page, status=403)
    forget_tries(tries)
    login(request, found.user, backend=BACKEND)
    request.session[BY_BADGE], request.session[PLACE] = True, station.location_id
    request.session.set_expiry(A_SHIFT_S)
    return HttpResponseRedirect(page["next"] or reverse("floor:home"))


@require_http_methods(["GET", "HEAD", "POST"])
@console_page("fulfilment.add_badge")
def people(request):
    """Who has a badge; a new one is printed at once, and its secret is never shown again."""
    users = get_user_model().objects.filter(is_active=True, is_staff=True, is_superuser=False).order_by("username")
    if request.method != "POST":
        return show(request, "badges", title="Badges", people=users.select_related("badge")[:500])
    user = get_object_or_404(users, pk=request.POST.get("user") if request.POST.get("user", "").isdecimal() else 0)
    if request.POST.get("do") == "withdraw":
        badges.withdraw(user.pk)
        say(request, f"The badge of {user} opens nothing any more.")
        return go("floor:badges")
    secret, is_done = attempt(request, lambda: badges.issue(user, actor=actor_of(request)))
    if not is_done:
        return go("floor:badges")
    pdf = render_badge(user, secret)
    return HttpResponse(pdf.content, "application/pdf", headers={"Content-Disposition": 'inline; filename="badge.pdf"'})


def _to(name, wanted):
    """Go to a page that leads on to the address `wanted`."""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': wanted})}")
