"""Labels: bought from a parcel's carrier with no transaction open, kept with the parcel."""

from django.conf import settings

from fulfilment.models import Carrier, Parcel, Postage
from fulfilment.services.pack import claim_parcel
from fulfilment.services.shipment import shipment_of
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.plugins import load
from oms.lib.text import check_text
from oms.papers.services.request_document import request_document


def buy(parcel_id, *, carrier=None, service="", tracking_number="", actor):
    """Get the label of a packed parcel and keep its tracking number; return the Parcel.

    `carrier` is a Carrier's code (none: what was shopped for, else the first active one), `tracking_number` one
    that was typed. A parcel that has a number keeps it. Raises InvalidTransition when the order must not move,
    CarrierError when the carrier refuses.
    """
    parcel, shipment = _prepare(parcel_id, carrier, service, tracking_number)
    if parcel.tracking_number:
        return parcel
    label = load(settings.CARRIERS, parcel.carrier.plugin).buy_label(shipment)
    return _keep(parcel_id, label.tracking_number, actor=actor)


def void(parcel_id, *, actor):
    """Give the label of a parcel that has not left back to its carrier; without one nothing happens."""
    parcel = Parcel.objects.select_related("carrier").get(pk=parcel_id)
    if parcel.status not in (Parcel.Status.PACKING, Parcel.Status.PACKED):
        raise InvalidTransition(f"Parcel {parcel} is {parcel.state}; take the shipment back first.")
    if parcel.tracking_number and parcel.carrier:
        load(settings.CARRIERS, parcel.carrier.plugin).void_label(parcel.tracking_number)
        return _keep(parcel_id, "", actor=actor)
    return parcel


def choose(code):
    """Return the active Carrier `code`, in any case of letters, or the default one for ""; raises Invalid."""
    if not code:
        return Carrier.objects.default()
    found = Carrier.objects.active().filter(code__iexact=code).first()
    if found is None:
        known = ", ".join(Carrier.objects.active().values_list("code", flat=True)) or "none yet"
        raise Invalid(f"There is no carrier {code}; known: {known}.", field="carrier")
    return found


@command
def _prepare(parcel_id, carrier, service, tracking_number):
    work, parcel = claim_parcel(parcel_id)
    work.check_may_move()
    if not parcel.tracking_number:
        _address(parcel, carrier or "", check_text(service, max_length=40, field="service"))
    typed = check_text(tracking_number, max_length=60, field="tracking_number")
    parcel.order, parcel.fulfilment_order = work.order, work.fulfilment_order
    return parcel, shipment_of(parcel, tracking_number=typed)


def _address(parcel, carrier, service):
    """Write who brings the parcel; what was shopped for stays, and is forgotten when another is named."""
    postage = Postage.objects.filter(parcel=parcel).first()
    if postage and carrier.upper() in ("", postage.taken["carrier"].upper()) and service in ("", parcel.service):
        return
    if postage:
        postage.delete()
    parcel.carrier, parcel.service = choose(carrier), service
    parcel.save(update_fields=["carrier", "service"])


@command
def _keep(parcel_id, tracking_number, *, actor):
    work, parcel = claim_parcel(parcel_id)
    if parcel.tracking_number != tracking_number:
        parcel.tracking_number, parcel.sealed_at = tracking_number, None
        parcel.save(update_fields=["tracking_number", "sealed_at"])
        name = "parcel.labelled" if tracking_number else "parcel.label_voided"
        work.order.publish(name, actor=actor, parcel=parcel.pk)
        if tracking_number:
            print_label(work.order, parcel, actor=actor)
    return parcel


def print_label(order, parcel, *, actor):
    """Have our own label of a numbered parcel made; another number gets a new one."""
    title = f"Label {order}-{parcel}"
    request_document("shipping_label", order.subject, parcel.pk, title=title, new_revision=True, actor=actor)
