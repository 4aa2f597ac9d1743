"""Labels: bought from a parcel's carrier with no transaction open, kept with the parcel."""

from contextlib import suppress

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from fulfilment.carriers.base import CarrierError
from fulfilment.models import Carrier, Label, Parcel, Postage
from fulfilment.models.label import FIRST_WAIT
from fulfilment.services import buy_label
from fulfilment.services.abandon_label import abandon_label
from fulfilment.services.pack import claim_parcel
from fulfilment.services.shipment import shipment_of
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.plugins import load
from oms.lib.text import check_text
from oms.papers.services.request_document import request_document


def buy(parcel_id, *, carrier=None, service="", tracking_number="", form="pdf", actor):
    """Get the label of a packed parcel and keep its tracking number; return the Parcel.

    `carrier` is a Carrier's code (none: what was shopped for, else the first active one), `tracking_number` one
    that was typed, `form` the file wanted from carriers that sell labels ("pdf" or "zpl"). A parcel that has a number
    keeps it, and one that waits for its label asks for that again. Raises InvalidTransition when the order must not
    move or is collected, or the parcel is not packed, CarrierError when the carrier refuses or does not answer.
    """
    parcel, shipment, row = _prepare(parcel_id, carrier, service, tracking_number, form=form, actor=actor)
    if parcel.tracking_number:
        return parcel
    if row:
        buy_label.ask(row.pk, actor=actor)
        return Parcel.objects.select_related("carrier").get(pk=parcel_id)
    number = (
        shipment.tracking_number or load(settings.CARRIERS, parcel.carrier.plugin).buy_label(shipment).tracking_number
    )
    return _keep(parcel_id, number, actor=actor)


def void(parcel_id, *, actor):
    """Give the label of a parcel that has not left back to its carrier; without one nothing happens.

    The parcel is free at once: what its carrier does not answer now is asked again by the schedule.
    """
    parcel, row = _abandon(parcel_id, actor=actor)
    if row:
        with suppress(CarrierError):
            buy_label.give_back(row.pk)
    return parcel


def check_account(carrier):
    """Try the connection to a Carrier and say in a sentence what was found. Raises CarrierError, Invalid."""
    plugin = load(settings.CARRIERS, carrier.plugin)
    if plugin.is_immediate:
        raise Invalid(f"{carrier} is asked nothing over the network: there is no connection to test.")
    return plugin.check(carrier.code)


def choose(code):
    """Return the active Carrier `code`, in any case of letters, or the default one for ""; raises Invalid."""
    if not code:
        return Carrier.objects.default()
    found = Carrier.objects.active().filter(code__iexact=code).first()
    if found is None:
        known = ", ".join(Carrier.objects.active().values_list("code", flat=True)) or "none yet"
        raise Invalid(f"There is no carrier {code}; known: {known}.", field="carrier")
    return found


def check_number(parcel, tracking_number):
    """Raise Invalid where a parcel of another order goes by the number; an order's own may share a waybill."""
    on_way = Parcel.objects.filter(carrier=parcel.carrier, tracking_number=tracking_number).exclude(
        Q(order=parcel.order_id) | Q(status__in=[Parcel.Status.CANCELLED, Parcel.Status.DELIVERED])
    )
    if tracking_number and (other := on_way.select_related("order").first()):
        raise Invalid(
            f"{tracking_number} is on {other} of order {other.order} already: scan the label of this box.",
            field="tracking_number",
        )


@command
def _prepare(parcel_id, carrier, service, tracking_number, *, form, actor):
    """Write who brings the parcel; return (Parcel, its Shipment, the Label to ask its carrier for, or None)."""
    work, parcel = claim_parcel(parcel_id)
    work.fulfilment_order.check_is_sent()
    work.check_may_move()
    if parcel.status != Parcel.Status.PACKED and not parcel.tracking_number:
        raise InvalidTransition(f"Parcel {parcel} is {parcel.state}: only a closed one that is here gets a label.")
    typed = check_text(tracking_number, max_length=60, field="tracking_number")
    row = Label.objects.live().filter(parcel=parcel).first()
    if row and not parcel.tracking_number and typed:
        raise Invalid(f"{row.carrier} was asked for a label of this parcel: void that first.", field="tracking_number")
    if not parcel.tracking_number and not row:
        _address(parcel, carrier or "", check_text(service, max_length=40, field="service"))
        check_number(parcel, typed)
        if not typed and not _is_immediate(parcel.carrier):
            row = Label.objects.create(
                parcel=parcel,
                carrier=parcel.carrier,
                service=parcel.service,
                form=form,
                ask_after=timezone.now() + FIRST_WAIT,
                created_by=actor,
            )
    parcel.order, parcel.fulfilment_order = work.order, work.fulfilment_order
    return parcel, shipment_of(parcel, tracking_number=typed), row


def _is_immediate(carrier):
    return load(settings.CARRIERS, carrier.plugin).is_immediate


@command
def _abandon(parcel_id, *, actor):
    """Take label and number off a parcel; return (it, the Label to give back, or None)."""
    work, parcel = claim_parcel(parcel_id)
    if parcel.status not in (Parcel.Status.PACKING, Parcel.Status.PACKED):
        raise InvalidTransition(f"Parcel {parcel} is {parcel.state}; take the shipment back first.")
    row = abandon_label(work.order, parcel, actor=actor)
    if row is None:
        _number(work, parcel, "", actor=actor)
    return parcel, row


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
    _number(work, parcel, tracking_number, actor=actor)
    return parcel


def _number(work, parcel, tracking_number, *, actor):
    if parcel.tracking_number != tracking_number:
        parcel.tracking_number, parcel.sealed_at = tracking_number, None
        parcel.save(update_fields=["tracking_number", "sealed_at"])
        name = "parcel.labelled" if tracking_number else "parcel.label_voided"
        work.order.publish(name, actor=actor, parcel=parcel.pk)
        if tracking_number:
            print_label(work.order, parcel, actor=actor)


def print_label(order, parcel, *, actor):
    """Have our own label of a numbered parcel made; another number gets a new one."""
    title = f"Label {order}-{parcel}"
    request_document("shipping_label", order.subject, parcel.pk, title=title, new_revision=True, actor=actor)
