"""Proofs about refills of pick faces: what a task says was carried is what the ledger booked for it."""

from django.db.models import CharField, F, IntegerField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from inventory.models import RefillTask, StockEntry
from oms.lib.doctor import Violation, check


@check(8, "refills carried what their tasks say")
def refills_are_booked():
    """Count the pick face and the bulk bin: the recount posts what differs."""
    entries = StockEntry.objects.filter(
        subject=OuterRef("subject_"), bin=OuterRef("face__bin"), bucket=StockEntry.Bucket.ON_HAND
    )
    carried = entries.order_by().values("subject").annotate(n=Sum("delta")).values("n")
    tasks = RefillTask.objects.annotate(
        subject_=Concat(Value("refill:"), Cast("pk", CharField()), output_field=CharField())
    ).annotate(carried=Coalesce(Subquery(carried, output_field=IntegerField()), 0))
    for task in tasks.exclude(moved=F("carried")).select_related("face__sku", "face__bin", "source").order_by("pk"):
        yield Violation(8, f"refill {task.pk}: {task}", f"says {task.moved} carried, the ledger {task.carried}")
