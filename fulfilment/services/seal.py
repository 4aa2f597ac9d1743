"""Closing a parcel with its label: the one that is scanned must be its own."""

from django.utils import timezone

from fulfilment.documents.shipping_label import sscc
from fulfilment.models import Parcel
from fulfilment.services.claim import claim
from fulfilment.services.pack import check_bench
from oms.lib.commands import command
from oms.lib.errors import Invalid


def find(fulfilment_order_id, code):
    """Return the closed parcel of a fulfilment order whose label reads `code`, its tracking number or SSCC; or None."""
    parcels = Parcel.objects.filter(fulfilment_order=fulfilment_order_id, status=Parcel.Status.PACKED)
    return next((parcel for parcel in parcels.exclude(tracking_number="") if _reads(parcel, code)), None)


@command
def seal(fulfilment_order_id, code):
    """Note that the label that reads `code` is on its parcel; return whether all closed parcels have theirs.

    Raises Invalid for a label of something else, saying whose it is; InvalidTransition when the order must not move.
    """
    work = claim(fulfilment_order_id)
    check_bench(work)
    parcels = [row for row in Parcel.objects.lock_of(work.fulfilment_order) if row.status == Parcel.Status.PACKED]
    found = next((row for row in parcels if row.tracking_number and _reads(row, code)), None)
    if found is None:
        raise Invalid(_whose(code), field="code")
    found.sealed_at = timezone.now()
    found.save(update_fields=["sealed_at"])
    return all(row.sealed_at for row in parcels)


def _reads(parcel, code):
    """Say whether a scanner reads `code` off the label; an SSCC comes with its identifier 00, as GS1 has it."""
    return code == parcel.tracking_number or (len(code) == 20 and code == f"00{sscc(parcel.pk)}")


def _whose(code):
    other = (
        Parcel.objects.filter(tracking_number=code).select_related("order").order_by("-pk").first() if code else None
    )
    if other:
        return f"This is the label of parcel {other} of order {other.order}. Take it off."
    return f"{code[:40] or 'Nothing'} is not the label of a parcel of this order."
