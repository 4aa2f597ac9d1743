"""Proposals in the console: what to buy again by supplier, why, and what becomes of it."""

import csv
from itertools import groupby

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_safe

from inventory.models import Location, Proposal, ReorderPolicy, SupplierSku
from inventory.pages.course_chart import draw
from inventory.services import decide_proposal
from inventory.services.demand_history import monday
from inventory.services.explain_proposal import course, words
from inventory.services.forecast_quality import quality as quality_of
from inventory.services.order_by_itself import left_of
from oms.lib.console import actor_of, alarm, console_page, form_page, say, show
from oms.lib.csv import neutral
from oms.lib.errors import DomainError, Invalid
from oms.lib.money import ZERO

MOST = 200  # proposals on a page; what is taken makes room for the others
MOST_HISTORY = 10
MOST_BUDGETS = 10


class DeclineForm(forms.Form):
    reason = forms.CharField(max_length=200, label="Why?", help_text="it stays declined until more is missing than now")


@console_page("inventory.view_proposal")
def proposals(request):
    """List what is open, by supplier and location; take what is pressed, with the quantities typed."""
    place = Location.objects.filter(code=request.GET.get("location", "")).first()
    if request.method == "POST" and request.user.has_perm("inventory.decide_proposal"):
        try:
            return _take(request)
        except DomainError as error:
            alarm(request, error)
    rows = Proposal.objects.open().shown()
    rows = list((rows.filter(location=place) if place else rows)[: MOST + 1])
    _put_terms(rows, request.POST)
    context = {
        "groups": _groups(rows[:MOST]),
        "is_more": len(rows) > MOST,
        "count": min(len(rows), MOST),
        "most": MOST,
        "place": place,
        "places": Location.objects.active().filter(tracks_stock=True),
        "budgets": _budgets(),
    }
    status = 422 if request.method == "POST" else 200
    return show(request, "inventory/console/proposals.html", title="What to buy again", status=status, **context)


@console_page("inventory.view_proposal")
def proposal(request, pk):
    """Show one proposal: why, the course of demand and stock, what was decided before; take it."""
    row = get_object_or_404(Proposal.objects.shown().select_related("policy"), pk=pk)
    if request.method == "POST" and request.user.has_perm("inventory.decide_proposal"):
        try:
            return _take(request)
        except DomainError as error:
            alarm(request, error)
    _put_terms([row], request.POST)
    earlier = Proposal.objects.shown().filter(sku=row.sku, location=row.location).exclude(pk=pk).order_by("-pk")
    context = {
        "row": row,
        "chart": draw(course(row)),
        "words": list(words(row)),
        "earlier": earlier[:MOST_HISTORY],
        "back_to": reverse("replenish:proposals"),
    }
    status = 422 if request.method == "POST" else 200
    return show(
        request, "inventory/console/proposal.html", title=f"{row.sku} for {row.location}", status=status, **context
    )


@console_page("inventory.decide_proposal")
def decline(request, pk):
    """Ask why, and decline."""
    row = get_object_or_404(Proposal.objects.select_related("sku", "location"), pk=pk)

    def run(data):
        decide_proposal.decline(pk, reason=data["reason"], actor=actor_of(request))
        say(request, f"{row.sku} for {row.location} is declined.")

    form = DeclineForm(request.POST or None)
    back_to = reverse("replenish:proposals")
    return form_page(request, form, run=run, title=f"Decline {row}", back_to=back_to, button="Decline")


@require_safe
@console_page("inventory.view_forecast")
def quality(request):
    """Show how good forecasts and service were by class; as CSV week by week."""
    place = Location.objects.filter(code=request.GET.get("location", "")).first()
    week = monday(timezone.localdate())
    if request.GET.get("format") == "csv":
        return _csv(quality_of(week=week, location=place, by_week=True), week)
    context = {"rows": quality_of(week=week, location=place), "place": place}
    context["places"] = Location.objects.active().filter(tracks_stock=True)
    return show(request, "inventory/console/quality.html", title="Forecast quality", **context)


def _budgets():
    """Return [(policy with a budget, what is left of it in these 30 days)]."""
    limited = ReorderPolicy.objects.filter(budget__isnull=False).select_related("sku", "location")
    return [(policy, left_of(policy)) for policy in limited[:MOST_BUDGETS]]


def _take(request):
    """Accept what the pressed button names: one, those of a supplier, or all that are shown."""
    data = request.POST
    pks = [name.removeprefix("pieces-") for name in data if name.startswith("pieces-")]
    what, _, key = data.get("take", "").partition(":")
    shown = Proposal.objects.filter(pk__in=[int(pk) for pk in pks if pk.isascii() and pk.isdigit() and len(pk) < 18])
    rows = list(shown.open().order_by("pk"))
    if what == "one":
        rows = [row for row in shown if str(row.pk) == key]
    elif what == "group":
        rows = [row for row in rows if key_of(row) == key and _is_orderable(row)]
    else:
        rows = [row for row in rows if _is_orderable(row) and not row.is_over_budget]
    if not rows:
        raise Invalid("Nothing of this can be ordered: look at each proposal.")
    pieces = {row.pk: _typed(data, f"pieces-{row.pk}") for row in rows}
    orders, transfers = decide_proposal.accept(pieces, actor=actor_of(request))
    links = [(reverse("buying:purchase", args=[order.pk]), order) for order in orders]
    links += [(reverse("transfers:transfer", args=[transfer.pk]), transfer) for transfer in transfers]
    made = format_html_join(", ", '<a href="{}">{}</a>', links)
    say(request, format_html("Drafted: {}. Look through each, then approve and send it.", made))
    return HttpResponseRedirect(request.get_full_path() if what != "one" else reverse("replenish:proposals"))


def _typed(data, name):
    """Return the pieces typed into a field, None (as proposed) where it is empty; raises Invalid for no number."""
    text = data.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(f"{text[:20]} is no number of pieces.", field="pieces")
    return int(text)


def _is_orderable(row):
    return row.kind == Proposal.Kind.TRANSFER or row.supplier_id is not None


def key_of(row):
    """Return what names the order that a proposal would become a line of."""
    return f"{row.kind}-{row.supplier_id or row.source_id or 0}-{row.location_id}"


def _put_terms(rows, typed):
    """Put the supplier's terms and what was typed on each row; two statements."""
    listed = SupplierSku.objects.filter(sku__in=[row.sku_id for row in rows]).with_prices()
    terms = {(one.supplier_id, one.sku_id): one for one in listed}
    for row in rows:
        row.terms = terms.get((row.supplier_id, row.sku_id))
        row.typed = typed.get(f"pieces-{row.pk}", row.pieces)


def _groups(rows):
    groups = []
    for key, some in groupby(rows, key=key_of):
        some = list(some)
        total = sum(((row.cost or ZERO) * row.pieces for row in some), ZERO)
        supplier = some[0].supplier
        free_from = supplier.free_freight_from if supplier else None
        missing = max(free_from - total, ZERO) if free_from is not None else None
        groups.append({"key": key, "rows": some, "first": some[0], "total": total, "missing": missing})
    return groups


def _csv(rows, week):
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="forecast-quality-{week}.csv"'
    columns = ["week", "class", "rows", "sold", "rmsse", "bias", "service", "wanted"]
    writer = csv.writer(answer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutral(_said(row[name])) for name in columns])
    return answer


def _said(value):
    return round(value, 4) if isinstance(value, float) else value


app_name = "replenish"
urlpatterns = [
    path("inventory/proposal/", proposals, name="proposals"),
    path("inventory/proposal/<int:pk>/", proposal, name="proposal"),
    path("inventory/proposal/<int:pk>/decline/", decline, name="decline"),
    path("inventory/forecast/quality/", quality, name="quality"),
]
