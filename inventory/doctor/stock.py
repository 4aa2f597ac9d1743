"""Proofs about stock: the ledger explains it, bins hold it, nothing of it is less than none."""

from django.db.models import Exists, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from inventory.models import BinStock, CountLine, Location, Sku, StockEntry, StockLevel
from inventory.services.stock import CARRIES
from oms.lib.doctor import Violation, check

Bucket = StockEntry.Bucket
REBUILD = "Open the level in the console (Stock levels) and choose Rebuild from the ledger; then count the SKU there."


def _booked(bucket):
    """The ledger's sum of `bucket` for the level of the outer query."""
    entries = StockEntry.objects.filter(sku=OuterRef("sku"), location=OuterRef("location"), bucket=bucket)
    total = entries.order_by().values("sku").annotate(n=Sum("delta")).values("n")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


@check(1, "on hand and unavailable are the sums of the ledger")
def levels_are_booked():
    levels = StockLevel.objects.annotate(
        booked=_booked(Bucket.ON_HAND), booked_unfit=_booked(Bucket.UNAVAILABLE)
    ).select_related("sku", "location")
    for level in levels.exclude(on_hand=F("booked"), unavailable=F("booked_unfit")).order_by("pk").iterator():
        for bucket, value, booked in (
            (Bucket.ON_HAND, level.on_hand, level.booked),
            (Bucket.UNAVAILABLE, level.unavailable, level.booked_unfit),
        ):
            if value != booked:
                yield _violation(1, level.sku, level.location, f"{bucket} is {value}, the ledger sums to {booked}")


@check(1, "no ledger entries without a level")
def entries_have_levels():
    levels = StockLevel.objects.filter(sku=OuterRef("sku_id"), location=OuterRef("location_id"))
    lost = list(StockEntry.objects.filter(~Exists(levels)).order_by().values_list("sku", "location").distinct())
    skus = dict(Sku.objects.filter(pk__in={sku for sku, _ in lost}).values_list("pk", "code"))
    places = dict(Location.objects.filter(pk__in={place for _, place in lost}).values_list("pk", "code"))
    for sku, place in lost:
        yield _violation(1, skus.get(sku, f"SKU {sku}"), places.get(place, place), "has ledger entries but no level")


@levels_are_booked.explain
@entries_have_levels.explain
def first_divergence(violation):
    """Say at which entry the chain of balances breaks, or that the level was changed past the ledger."""
    sku, location = violation.row.rsplit(" at ", 1)
    entries = StockEntry.objects.filter(sku__code=sku, location__code=location).order_by("pk")
    balance = dict.fromkeys(Bucket.values, 0)
    for entry in entries.iterator():
        balance[entry.bucket] += entry.delta
        if entry.balance_after != balance[entry.bucket]:
            where = f"The first that diverges is entry {entry.pk} ({entry.at:%F %T}, {entry.reason}, {entry.delta:+})"
            said = f"it says {entry.balance_after} {entry.bucket}, those up to it sum to {balance[entry.bucket]}"
            return f"{where}: {said}. {REBUILD}"
    last = entries.last()
    return f"The ledger agrees with itself; the level was changed past it after entry {last and last.pk}. {REBUILD}"


@check(1, "what is counted says of which moment")
def counts_have_moments():
    """Throw the count away on its review page, and count again."""
    lines = CountLine.objects.filter(entered_at=None, session__counted_at=None).order_by("pk")
    for line in lines.select_related("sku", "session__location").iterator():
        yield _violation(1, line.sku, line.session.location, f"count {line.session_id} does not say when")


@check(2, "no level is below nothing")
def levels_are_not_negative():
    """Count the SKU there in the console: the recount posts what is missing."""
    below = Q(on_hand__lt=0) | Q(reserved__lt=0) | Q(unavailable__lt=0) | Q(safety__lt=0)
    for level in StockLevel.objects.filter(below).select_related("sku", "location").iterator():
        numbers = f"{level.on_hand} on hand, {level.reserved} reserved, {level.unavailable} unavailable"
        yield _violation(2, level.sku, level.location, f"{numbers}, {level.safety} safety")


@check(2, "no bin holds less than nothing")
def bins_are_not_negative():
    """Count the bin in the console: the recount posts what is missing."""
    for row in BinStock.objects.filter(quantity__lt=0).select_related("sku", "bin__location").iterator():
        yield _violation(2, row.sku, row.bin.location, f"bin {row.bin} holds {row.quantity}")


@check(2, "no balance of the ledger is below nothing")
def balances_are_not_negative():
    """Look at the entry before it in the stock ledger: two wrote at once past the lock. Then rebuild the level."""
    below = StockEntry.objects.filter(balance_after__lt=0).select_related("sku", "location")
    for entry in below.order_by("pk").iterator():
        yield _violation(2, entry.sku, entry.location, f"entry {entry.pk} leaves {entry.balance_after} {entry.bucket}")


@check(4, "bins add up to what is on hand")
def bins_add_up():
    held = BinStock.objects.filter(sku=OuterRef("sku"), bin__location=OuterRef("location"))
    held = held.order_by().values("sku").annotate(n=Sum("quantity")).values("n")
    levels = StockLevel.objects.annotate(held=Coalesce(Subquery(held, output_field=IntegerField()), 0))
    for level in levels.exclude(on_hand=F("held")).select_related("sku", "location").order_by("pk").iterator():
        yield _violation(4, level.sku, level.location, f"{level.on_hand} on hand, {level.held} in bins")


@check(4, "no bin holds pieces without a level")
def bins_have_levels():
    levels = StockLevel.objects.filter(sku=OuterRef("sku_id"), location=OuterRef("bin__location_id"))
    lost = BinStock.objects.filter(~Exists(levels), quantity__gt=0).select_related("sku", "bin__location")
    for row in lost.iterator():
        yield _violation(4, row.sku, row.bin.location, f"bin {row.bin} holds {row.quantity}, but there is no level")


@bins_add_up.explain
@bins_have_levels.explain
def bin_that_differs(violation):
    """Name the bins that hold other than the ledger booked into them."""
    sku, location = violation.row.rsplit(" at ", 1)
    entries = StockEntry.objects.filter(sku__code=sku, location__code=location, bucket=Bucket.ON_HAND)
    booked = dict(entries.order_by().values_list("bin__code").annotate(n=Sum("delta")))
    held = BinStock.objects.filter(sku__code=sku, bin__location__code=location)
    held = dict(held.order_by().values_list("bin__code", "quantity"))
    differing = [
        f"{code} holds {held.get(code, 0)}, the ledger booked {booked.get(code, 0)}"
        for code in sorted(held.keys() | booked.keys(), key=str)
        if held.get(code, 0) != booked.get(code, 0)
    ]
    return f"{'; '.join(differing) or 'Bins and ledger agree; the level does not'}. {REBUILD}"


@check(8, "moves between bins sum to nothing per location")
def moves_sum_to_nothing():
    """Look in the stock ledger for the move's entry without its counterpart; then count both bins."""
    moves = StockEntry.objects.filter(bucket=Bucket.ON_HAND, reason__in=CARRIES)
    sums = moves.order_by().values("sku", "location").annotate(n=Sum("delta")).exclude(n=0)
    skus = Sku.objects.in_bulk({row["sku"] for row in sums})
    places = Location.objects.in_bulk({row["location"] for row in sums})
    for row in sums:
        yield _violation(8, skus[row["sku"]], places[row["location"]], f"moves sum to {row['n']:+}")


def _violation(number, sku, location, message):
    return Violation(number, f"{sku} at {location}", message)
