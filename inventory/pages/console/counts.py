"""Counts for those who answer for them: what is due, and what is worth so much that they decide."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from inventory.models import CountSession, Location
from inventory.services import counts as counting
from inventory.services import cycle_counts
from oms.lib.console import actor_of, at_once, console_page, posted_id, show
from oms.partners.actors import actor_names

COUNTS = "admin:inventory_countsession_changelist"
MOST_SHOWN = 200


@console_page("inventory.view_countsession")
def due(request):
    """The bins whose cycle count is due, by location."""
    places = list(Location.objects.active().staffed().filter(tracks_stock=True))
    chosen = next((place for place in places if str(place.pk) == request.GET.get("location")), None)
    chosen = chosen or (places[0] if places else None)
    rows = cycle_counts.due(chosen, now=timezone.now()) if chosen else []
    context = {"places": places, "place": chosen, "rows": rows[:MOST_SHOWN], "number": len(rows)}
    return show(request, "inventory/console/due.html", title="Cycle counts due", **context)


@console_page("inventory.adjust_stock")
@require_POST
def open_due(request):
    """Open the counts that are due at a location now, not in the night."""
    place = get_object_or_404(Location, pk=posted_id(request, "location"))
    back_to = f"{reverse('book:due_counts')}?location={place.pk}"
    return at_once(
        request,
        lambda: cycle_counts.open_for(place, actor=actor_of(request)),
        said=f"Today's cycle counts of {place} are open under Count on the stock desk.",
        back_to=back_to,
    )


@console_page("inventory.view_countsession")
def count(request, pk):
    """A count's lines beside the book; one that waits for approval can be approved or thrown away."""
    session = get_object_or_404(CountSession.objects.select_related("location", "bin"), pk=pk)
    lines = list(session.lines.select_related("sku", "bin").order_by("bin__sort_key", "sku__code")[:1000])
    for line in lines:
        line.value = line.sku.unit_cost * line.difference if line.difference is not None else None
    names = actor_names([session.submitted_by, session.approved_by])
    context = {
        "session": session,
        "lines": lines,
        "submitted_by": names[session.submitted_by],
        "approved_by": names[session.approved_by],
    }
    return show(request, "inventory/console/count.html", title=str(session), **context)


@console_page("inventory.approve_count")
def approve(request, pk):
    """Approve a count and post it."""
    return _decide(request, pk, lambda: counting.approve(pk, actor=actor_of(request)), "approved and posted")


@console_page("inventory.approve_count")
def decline(request, pk):
    """Throw a count away that waits for approval: it must be counted anew."""
    return _decide(request, pk, lambda: counting.cancel(pk), "thrown away")


def _decide(request, pk, run, done):
    session = get_object_or_404(CountSession, pk=pk)
    return at_once(request, run, said=f"{session} is {done}.", back_to=reverse("book:count", args=[pk]))
