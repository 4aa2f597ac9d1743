"""ABC classes: few SKUs make most of the turnover, and deserve most of the care (Pareto; Dickie 1951)."""

from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone

from inventory.models import CountClass, Location, Sku, StockEntry
from inventory.services.posting import ON_HAND
from oms.lib.commands import command

DAYS = 90
# Shares of the turnover at which A and B end.
A_ENDS, B_ENDS = 80, 95


def classify_all():
    """Class every SKU of every location that counts its stock; run by the schedule."""
    for location in Location.objects.active().filter(tracks_stock=True):
        classify(location)


@command
def classify(location):
    """Write the ABC classes of what `location` shipped in the last DAYS, by its value at cost."""
    pieces = shipped(location, since=timezone.now() - timedelta(days=DAYS))
    costs = dict(Sku.objects.filter(pk__in=pieces).values_list("pk", "unit_cost"))
    letters = letters_of({sku_id: count * costs[sku_id] for sku_id, count in pieces.items()})
    CountClass.objects.filter(location=location).delete()
    CountClass.objects.bulk_create(
        (
            CountClass(sku_id=sku_id, location=location, letter=letter, pieces=pieces[sku_id])
            for sku_id, letter in sorted(letters.items())
        ),
        batch_size=1000,
    )


def shipped(location, *, since):
    """Return {sku id: pieces} that `location` shipped since then and did not take back."""
    entries = StockEntry.objects.filter(location=location, bucket=ON_HAND, reason__in=["ship", "unship"], at__gte=since)
    rows = entries.order_by().values_list("sku_id").annotate(n=Sum("delta"))
    return {sku_id: -pieces for sku_id, pieces in rows if pieces < 0}


def letters_of(values):
    """Return {key: "A", "B" or "C"} of `values` ({key: value}), the greatest first; pure.

    The one that crosses a border is on its upper side, so there is an A wherever something has a value.
    """
    total = sum(values.values())
    letters, before = {}, 0
    for key, value in sorted(values.items(), key=lambda item: (-item[1], item[0])):
        share = before * 100
        letters[key] = "A" if share < A_ENDS * total else "B" if share < B_ENDS * total else "C"
        before += value
    return letters
