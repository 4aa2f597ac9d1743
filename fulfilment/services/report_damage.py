"""Goods that arrived damaged: noted, sent again or paid back, and claimed from the carrier."""

from django.utils import timezone

from fulfilment.documents.contents import contents
from fulfilment.models import Parcel, ParcelCase
from fulfilment.services.give_up import make_good
from fulfilment.services.settle_case import settle
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition, NotFound
from oms.lib.text import check_text
from orders.models import Order

Kind, Outcome = ParcelCase.Kind, ParcelCase.Outcome


@command
def report_damage(parcel_id, *, note, pieces, remedy="", claimed=None, reference="", actor):
    """Note that `pieces` {order line id: pieces} of a parcel arrived damaged, and make them good by a Remedy.

    Returns the ParcelCase, which is closed at once, as is another that is open. `claimed` is asked of the carrier.
    Raises Invalid without a note or for pieces that were not in it, InvalidTransition where it has not left, or was
    lost or reported before, and what `make_good` raises: then nothing is noted.
    """
    order, parcel = _locked(parcel_id)
    note = check_text(note, max_length=200, field="note")
    if not note:
        raise Invalid("Say what is damaged: the next one who looks wants to know.", field="note")
    if parcel.status not in Parcel.GONE:
        raise InvalidTransition(f"Parcel {parcel} has not left.")
    if parcel.cases.filter(outcome__in=ParcelCase.MADE_GOOD).exists():
        raise InvalidTransition(f"Parcel {parcel} was lost or reported as damaged before.")
    inside = {row.line.pk: row.quantity for row in contents(parcel)}
    if not any(pieces.values()) or any(not 0 <= count <= inside.get(pk, 0) for pk, count in pieces.items()):
        raise Invalid("Say how many pieces of those in the parcel are damaged.", field="note")
    now = timezone.now()
    closed = {"closed_at": now, "closed_by": actor, "outcome": Outcome.DAMAGED, "note": note}
    case = ParcelCase.objects.create(parcel=parcel, kind=Kind.DAMAGED, since=parcel.delivered_at or now, **closed)
    order.publish("parcel.damaged", actor=actor, parcel=parcel.pk, case=case.pk)
    for stuck in parcel.cases.open():
        settle(stuck.pk, note=note, actor=actor)
    goods = contents(parcel, only=pieces)
    return make_good(case, goods, remedy=remedy, claimed=claimed, reference=reference, actor=actor)


def _locked(parcel_id):
    """Lock the order of a parcel and return (Order, Parcel); raises NotFound."""
    order_id = Parcel.objects.filter(pk=parcel_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotFound("There is no such parcel.")
    order = Order.objects.lock(order_id)
    return order, Parcel.objects.select_related("order__channel__seller", "order__customer").get(pk=parcel_id)
