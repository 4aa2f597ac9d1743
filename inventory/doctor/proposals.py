"""Proofs about proposals: what was accepted became an order or a transfer that says the same."""

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from inventory.models import Proposal, PurchaseLine
from oms.lib.doctor import Violation, check
from oms.outbox.models import Event


@check(19, "what an accepted proposal became goes the same way")
def proposals_went_their_way():
    """Open the proposal in the console, and the order or transfer it names: one of them was changed past the other."""
    bought = Q(kind="buy") & (~Q(purchase__supplier=F("supplier")) | ~Q(purchase__location=F("location")))
    carried = Q(kind="a_transfer") & (~Q(transfer__source=F("source")) | ~Q(transfer__target=F("location")))
    rows = Proposal.objects.taken().filter(bought | carried).select_related("sku", "location", "purchase", "transfer")
    for row in rows.order_by("pk").iterator():
        became = row.purchase or row.transfer
        yield _violation(row, f"became {became}, which goes another way")


@check(19, "an accepted proposal stands on its order or transfer")
def proposals_stand_on_lines():
    """Add the SKU to the draft named, or propose it again: `manage.py replenish`."""
    lines = PurchaseLine.objects.filter(order=OuterRef("purchase"), sku=OuterRef("sku"))
    subject = Concat(Value("purchase:"), Cast(OuterRef("purchase"), CharField()))
    # Who changes a draft afterwards may well take a line out of it.
    edited = Event.objects.filter(name="purchase.changed", subject=subject)
    rows = Proposal.objects.taken().filter(kind="buy").select_related("sku", "location", "purchase")
    for row in rows.filter(~Exists(lines), ~Exists(edited)).order_by("pk").iterator():
        yield _violation(row, f"is not on {row.purchase}")


def _violation(row, message):
    return Violation(19, f"proposal {row.pk}: {row}", message)
