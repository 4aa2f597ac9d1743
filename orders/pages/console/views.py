"""Saved views of the order list: a name, maybe shared, and how many orders it holds just now."""

import hashlib

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.cache import cache
from django.http import HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse

from oms.lib.console import back, console_page, say, show
from oms.lib.text import clean
from orders.models import Order, SavedView
from orders.pages.console.forms import SavedViewForm

MOST_COUNTED = 500
MOST_KEPT = SavedView._meta.get_field("query").max_length
MOST_VIEWS = 12
KEPT_S = 30


@console_page("orders.view_order")
def save(request):
    """Save the list's search and filters under a name; the same name again: saved anew."""
    query = clean(request.POST.get("query") or request.GET.get("query", ""))
    form = SavedViewForm(request.POST or None)
    if request.method == "POST" and len(query) > MOST_KEPT:
        form.add_error(None, "This search is too long to be kept. Name fewer orders, or narrow them by filters.")
    if request.method == "POST" and form.is_valid():
        SavedView.objects.update_or_create(
            owner=request.user,
            name=form.cleaned_data["name"],
            defaults={"query": query, "is_shared": form.cleaned_data["is_shared"]},
        )
        say(request, f"Saved as “{form.cleaned_data['name']}”: it stands in the sidebar.")
        return HttpResponseRedirect(f"{_list()}?{query}")
    return show(request, "orders/console/save_view.html", title="Save this view", form=form, query=query)


@console_page("orders.view_order")
def drop(request, pk):
    """Forget a view of one's own; another's stays."""
    if request.method == "POST":
        SavedView.objects.filter(pk=pk, owner=request.user).delete()
        say(request, "The view is gone. The orders are still there.")
    return back(request, _list())


@console_page("orders.view_order")
def counts(request):
    """Return {view id: "12" or "500+"} of the views in the user's sidebar; each is counted twice a minute at most."""
    views = SavedView.objects.seen_by(request.user)[:MOST_VIEWS]
    keys = {f"view-{view.pk}-{hashlib.sha256(view.query.encode()).hexdigest()[:16]}": view for view in views}
    known = cache.get_many(keys)
    new = {key: _count(request, view) for key, view in keys.items() if key not in known}
    if new:
        cache.set_many(new, KEPT_S)
    found = known | new
    return JsonResponse({str(view.pk): found[key] for key, view in keys.items()})


def _count(request, view):
    """Count the orders that the list would show, up to MOST_COUNTED; "?" where it knows no such filter any more."""
    request.GET = QueryDict(view.query)
    try:
        orders = admin.site.get_model_admin(Order).get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters:
        return "?"
    count = orders.order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def _list():
    return reverse("admin:orders_order_changelist")
