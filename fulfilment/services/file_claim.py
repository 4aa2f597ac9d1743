"""Asking a carrier to pay for what it lost or damaged, and noting what it answers."""

from fulfilment.models import CarrierClaim, ParcelCase
from fulfilment.services.settle_case import lock_case
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.money import quantise
from oms.lib.text import check_text

Status = CarrierClaim.Status


@command
def file_claim(case_id, *, amount, reference="", status=Status.OPEN, actor):
    """Note the claim for a lost or damaged parcel, or change it: its amount, its reference, what became of it.

    Returns the CarrierClaim. Raises Invalid, naming the field, and InvalidTransition where the parcel is neither or
    the claim is paid.
    """
    order, case = lock_case(case_id)
    if case.outcome not in ParcelCase.MADE_GOOD:
        raise InvalidTransition(f"{case} is neither lost nor damaged: there is nothing to claim.")
    if amount <= 0 or amount != quantise(amount, order.currency):
        raise Invalid(f"{amount} is no amount of {order.currency} to claim.", field="amount")
    claim = CarrierClaim.objects.filter(case=case).first() or CarrierClaim(case=case, filed_by=actor)
    if claim.status == Status.PAID:
        raise InvalidTransition(f"{claim} is paid already.")
    claim.amount, claim.reference = amount, check_text(reference, max_length=60, field="reference")
    claim.save()
    if status != claim.status:
        claim.move_to(status, by=actor)
    order.publish(f"parcel.claim_{claim.status}", actor=actor, parcel=case.parcel_id, case=case.pk)
    return claim
