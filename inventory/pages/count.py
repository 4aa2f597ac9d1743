"""Counting blind: scan what lies there; who reviews sees the book beside it, and posts."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from inventory.models import CountSession, Sku
from inventory.pages.door import attempt, go, show, stock_page, whole
from inventory.services import counts as counting
from inventory.services import scan
from inventory.services.count_expect import expect
from oms.lib.console import actor_of, posted_id, say
from oms.lib.errors import Invalid
from oms.lib.money import ZERO


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.count_stock")
def counts(request, place):
    """The open counts of the place; sent, begin one of a bin, or of the whole place."""
    if request.method == "POST":
        session, _ = attempt(request, lambda: _open(request, place))
        return go("stock:count", session.pk) if session else go("stock:counts")
    recent = CountSession.objects.filter(location=place).select_related("bin").order_by("-pk")
    context = {
        "open": recent.open()[:50],
        "to_approve": recent.to_approve()[:20],
        "posted": recent.filter(status=CountSession.Status.POSTED)[:10],
    }
    return show(request, "counts", title="Count", **context)


def _open(request, place):
    code = request.POST.get("bin", "").strip()
    if not code and not request.POST.get("whole"):
        raise Invalid("Scan the bin to be counted.")
    if code:
        return counting.count_bin(scan.read_bin(code, place), actor=actor_of(request))
    return counting.count_across(place, actor=actor_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.count_stock")
def count(request, place, pk):
    """What was counted so far, not what the book says; each scan adds its pieces, a typed number replaces them."""
    session = _session(place, pk)
    if not session.is_open:
        return go("stock:review", pk)
    if request.method == "POST":
        line, done = attempt(request, lambda: _enter(request, session))
        return go("stock:count", pk, sku=line.sku_id if done else "", bin=request.POST.get("where", "")[:20])
    lines = session.lines.select_related("sku", "bin").order_by("-pk")
    if session.is_recount:
        lines = lines.filter(is_doubtful=True)
    last = next((line for line in lines if str(line.sku_id) == request.GET.get("sku")), None)
    context = {"session": session, "lines": lines[:200], "last": last, "where": request.GET.get("bin", "")[:20]}
    return show(request, "count", title=str(session), **context)


def _enter(request, session):
    where = request.POST.get("where", "").strip()
    bin = session.bin or (scan.read_bin(where, session.location) if where else None)
    if "pieces" in request.POST:
        pieces = whole(request.POST["pieces"])
        if pieces is None:
            raise Invalid("Type how many pieces there are.", field="pieces")
        sku = get_object_or_404(Sku, pk=posted_id(request, "sku"))
        return counting.enter(session.pk, sku, pieces, bin=bin, actor=actor_of(request))
    sku, pieces = scan.read(request.POST.get("code", ""))
    return counting.enter(session.pk, sku, pieces, bin=bin, add=True, actor=actor_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
@stock_page("inventory.adjust_stock")
def review(request, place, pk):
    """What was counted beside what the book says, and what the difference is worth; post it or throw it away."""
    session = _session(place, pk)
    if request.method == "POST":
        _, done = attempt(request, lambda: _decide(request, session))
        return go("stock:review", pk) if session.is_open or done else go("stock:counts")
    lines = list(session.lines.select_related("sku", "bin").order_by("bin__sort_key", "sku__code"))
    if session.status != CountSession.Status.POSTED:
        expect(session, lines)
    for line in lines:
        line.value = line.sku.unit_cost * line.difference
    is_first = session.is_open and not session.is_recount
    missing = Sku.objects.filter(pk__in=counting.uncounted(session)) if is_first else []
    worth = sum((line.value for line in lines), ZERO)
    context = {"session": session, "lines": lines, "missing": missing, "worth": worth}
    return show(request, "review", title=str(session), **context)


def _decide(request, session):
    if request.POST.get("do") == "cancel":
        counting.cancel(session.pk)
        say(request, f"{session} was thrown away.")
        return
    if request.POST.get("missing"):
        counting.enter_missing(session.pk, actor=actor_of(request))
    if request.POST.get("do") == "approve":
        posted = _approve(request, session)
    else:
        posted = counting.post_count(session.pk, actor=actor_of(request))
    say(request, told(posted))


def _approve(request, session):
    if not request.user.has_perm("inventory.approve_count"):
        raise PermissionDenied
    return counting.approve(session.pk, actor=actor_of(request))


def told(posted):
    """Return what came of posting a count, in words."""
    if posted.is_recount:
        return f"{posted}: large differences. Somebody else counts these items again, then it is posted."
    if posted.waits_for_approval:
        return f"{posted}: the differences are worth so much that a lead approves them first."
    wrong = posted.lines.different().count()
    lines = "1 line" if wrong == 1 else f"{wrong} lines"
    return f"{posted} is posted: {lines} differed." if wrong else f"{posted} is posted: the book was right."


def _session(place, pk):
    session = CountSession.objects.filter(location=place, pk=pk).select_related("location", "bin").first()
    if session is None:
        raise Http404
    return session
