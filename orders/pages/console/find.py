"""Omnisearch: paste anything, Enter opens it. Orders through SearchKey, goods by code, barcode, lot or serial."""

import hashlib

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from inventory.models import Lot, Serial, Sku
from oms.lib.console import console_page, say
from oms.lib.text import clean
from orders.models import Order, SearchKey
from orders.services import search

MOST_SHOWN = 12
MOST_PASTED = 300
MOST_TYPED = 20_000  # characters
KEPT_LISTS = 5


@console_page("orders.view_order")
def find(request):
    """The dialog's content for what is typed: hits with their kind, the first to be opened by Enter."""
    text = clean(request.GET.get("q", "")[:MOST_TYPED]).strip()
    numbers = search.pasted(text)
    if len(numbers) > 1:
        return render(request, "orders/console/find_many.html", {"text": text, "count": len(numbers)})
    exact = search.exact(text, limit=MOST_SHOWN)
    kinds = exact or search.starting(text, limit=MOST_SHOWN)
    sku = Sku.objects.scanned(text) if text and request.user.has_perm("inventory.view_sku") else None
    context = {"text": text, "hits": _hits(kinds), "is_exact": bool(exact), "sku": sku, "most": MOST_SHOWN}
    context |= {"lots": _called(Lot, text, request.user), "serials": _called(Serial, text, request.user)}
    return render(request, "orders/console/find.html", context)


@console_page("orders.view_order")
def pasted(request):
    """Open the order list with the orders of a pasted list of numbers; those that name none are told."""
    text = clean(request.POST.get("q", "")[:MOST_TYPED])
    numbers = search.numbers_in(text) or text.split()
    pks, missing = search.find_all(numbers[:MOST_PASTED])
    key = hashlib.sha256(text.encode()).hexdigest()[:8]
    lists = {name: kept for name, kept in request.session.get("pasted", {}).items() if name != key}
    newest = list(lists.items())[-KEPT_LISTS + 1 :]
    request.session["pasted"] = dict([*newest, (key, sorted(pks))])
    request.session["pasted_missing"] = {key: missing}
    if len(numbers) > MOST_PASTED:
        say(request, f"Only the first {MOST_PASTED} numbers were looked up.")
    return HttpResponseRedirect(f"{reverse('admin:orders_order_changelist')}?{urlencode({'pasted': key})}")


def _hits(kinds):
    """Return [(order, what it was found by)] in the order of `kinds` ({order id: kind})."""
    orders = Order.objects.select_related("channel").in_bulk(kinds)
    return [(orders[pk], SearchKey.Kind(kind).label) for pk, kind in kinds.items()]


def _called(model, text, user):
    """Return the lots or serials that are called exactly `text`; [] for those who may not see them."""
    if not text or not user.has_perm(f"inventory.view_{model._meta.model_name}"):
        return []
    return list(model.objects.filter(code=text.upper()).select_related("sku").order_by("-pk")[:MOST_SHOWN])
