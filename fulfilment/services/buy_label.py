"""Labels that are bought over the network: one label and one charge, whoever dies or gives up in between.

The row of the label is committed before its carrier is asked, and the carrier's id of the shipment before anything is
bought: only a row that is still waited for has its shipment bought, and a shipment is bought once, however often it is
asked for. What comes too late for its parcel is given back.
"""

import logging
from dataclasses import replace
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.utils import timezone

from fulfilment.carriers.base import CarrierError
from fulfilment.models import Label, Parcel
from fulfilment.services.pack import claim_parcel
from fulfilment.services.shipment import shipment_of
from oms.lib.commands import command
from oms.lib.plugins import load
from oms.lib.text import one_line
from oms.papers.services.keep_document import drop_file, keep_document, keep_file

logger = logging.getLogger(__name__)

Status = Label.Status
AT_ONCE = 100
LONGEST_RUN_S = 300  # then the next run of the schedule goes on: each label may take its carrier's whole time-out
MOST_VOIDS = 8
# A question that was sent may be answered, and charged, so long after we stopped listening.
IN_FLIGHT = timedelta(minutes=15)


def ask(label_id, *, actor):
    """Ask the carrier for a pending label and keep what it gives; return the Label.

    The parcel has its number then, or the label is given back when the parcel does not want it any more. Raises
    CarrierError: after a refusal the label is REFUSED, after anything else it stays PENDING and is asked for again.
    """
    label = _begin(label_id, Status.PENDING)
    if label is None:
        return Label.objects.get(pk=label_id)
    plugin, shipment = _outside(label)
    try:
        external_id = label.external_id or plugin.announce(shipment)
        wanted = _claim(label_id, external_id, sells_once=plugin.sells_once)
        if wanted is None:
            return Label.objects.get(pk=label_id)
        bought = plugin.buy_label(replace(shipment, **wanted))
    except CarrierError as error:
        _note_failure(label_id, error)
        raise
    return _keep(label_id, bought, actor=actor)


def give_back(label_id):
    """Give a label that nobody wants back to its carrier; return the Label. Raises CarrierError."""
    label = _begin(label_id, Status.VOIDING)
    if label is None:
        return Label.objects.get(pk=label_id)
    plugin, shipment = _outside(label)
    try:
        # Without the carrier's id nothing was bought, and nothing will be.
        is_done = not label.external_id or plugin.void_label(shipment)
    except CarrierError as error:
        _note_failure(label_id, error)
        raise
    still_may_come = label.asked_at and label.asked_at > timezone.now() - IN_FLIGHT
    return _settle(label_id, Status.VOIDED) if is_done or not still_may_come else label


def settle_due():
    """Ask carriers about labels that are awaited and give back those that nobody wants; the schedule calls it."""
    begun = monotonic()
    for label in Label.objects.due(timezone.now())[:AT_ONCE]:
        if monotonic() - begun > LONGEST_RUN_S:
            break
        try:
            if label.status == Status.PENDING:
                ask(label.pk, actor="system")
            else:
                give_back(label.pk)
        except CarrierError as error:
            logger.warning("%s: %s", label, error.message)


@command
def _begin(label_id, status):
    """Note that the carrier is asked now; return the Label, or None when it is not `status` (any more)."""
    label = Label.objects.select_for_update(of=("self",)).select_related("carrier").get(pk=label_id)
    now = timezone.now()
    if label.status != status:
        return None
    if label.wait_until and label.wait_until > now:
        seconds = int((label.wait_until - now).total_seconds()) + 1
        raise CarrierError(f"{label.carrier} wants to be asked again in {seconds} seconds.", retry=True)
    label.note_question(now)
    return label


def _outside(label):
    """Return (the plug-in, the Shipment) of a label."""
    parcel = Parcel.objects.select_related("order", "fulfilment_order__location").get(pk=label.parcel_id)
    shipment = replace(
        shipment_of(parcel),
        reference=label.reference,
        carrier=label.carrier.code,
        service=label.service,
        form=label.form,
        external_id=label.external_id,
        tracking_number=label.tracking_number,
        is_again=label.attempts > 1,
    )
    return load(settings.CARRIERS, label.carrier.plugin), shipment


@command
def _claim(label_id, external_id, *, sells_once):
    """Write down which shipment is bought now; return {external_id, is_asked}, None when the label is not wanted.

    Of two that were announced at once the first that is written down is bought, by both. A carrier that might sell it
    to both is asked by one of them, and not again before that question is surely over.
    """
    row = Label.objects.select_for_update(of=("self",)).get(pk=label_id)
    if row.status != Status.PENDING:
        return None
    now = timezone.now()
    is_asked = not sells_once and row.asked_at is not None and row.asked_at > now - IN_FLIGHT
    row.external_id = row.external_id or external_id
    row.asked_at = row.asked_at if is_asked else now
    row.save(update_fields=["external_id", "asked_at"])
    return {"external_id": row.external_id, "is_asked": is_asked}


@command
def _note_failure(label_id, error):
    """Keep why the carrier gave nothing. A refusal settles the label, unless an earlier question may still be heard."""
    row = Label.objects.select_for_update(of=("self",)).get(pk=label_id)
    if row.status not in Label.OPEN:
        return
    row.error = one_line(error.message)[:300]
    row.wait_until = timezone.now() + timedelta(seconds=error.after_s) if error.after_s else None
    row.ask_after = max(row.ask_after, row.wait_until or row.ask_after)
    row.save(update_fields=["error", "wait_until", "ask_after"])
    if row.status == Status.VOIDING:
        if not error.retry or row.attempts >= MOST_VOIDS:
            row.move_to(Status.KEPT)
    elif not error.retry:
        row.move_to(Status.REFUSED if row.attempts == 1 else Status.VOIDING)


def _keep(label_id, bought, *, actor):
    """Keep a bought label with its parcel, or give it back when that does not want it any more; return the Label."""
    file = keep_file(bought.content, bought.form) if bought.content else None
    label, is_used = _attach(label_id, bought, file, actor=actor)
    if file and not is_used:
        drop_file(file[0])
    if label.status == Status.VOIDING:
        return give_back(label_id)
    return label


@command
def _attach(label_id, bought, file, *, actor):
    """Write what was bought on the label and its parcel; return (Label, whether the file is kept)."""
    parcel_id = Label.objects.values_list("parcel_id", flat=True).get(pk=label_id)
    work, parcel = claim_parcel(parcel_id)
    label = Label.objects.select_for_update(of=("self",)).get(pk=label_id)
    if label.tracking_number:
        return label, False
    label.tracking_number, label.amount, label.currency = bought.tracking_number, bought.amount, bought.currency
    label.service, label.account = bought.service or label.service, bought.account
    label.error, label.wait_until = "", None
    label.save(update_fields=["tracking_number", "amount", "currency", "service", "account", "error", "wait_until"])
    if label.status == Status.PENDING and (parcel.tracking_number or parcel.status == Parcel.Status.CANCELLED):
        label.move_to(Status.VOIDING)
    if label.status != Status.PENDING:
        return label, False
    label.move_to(Status.BOUGHT)
    parcel.tracking_number, parcel.tracking_page, parcel.sealed_at = bought.tracking_number, bought.page, None
    parcel.save(update_fields=["tracking_number", "tracking_page", "sealed_at"])
    work.order.publish("parcel.labelled", actor=actor, parcel=parcel.pk, label=label.pk)
    if file:
        name, digest = file
        title = f"Label {work.order}-{parcel}"
        keep_document(
            "shipping_label", work.order.subject, parcel.pk, name=name, digest=digest, title=title, actor=actor
        )
    return label, bool(file)


@command
def _settle(label_id, status):
    row = Label.objects.select_for_update(of=("self",)).get(pk=label_id)
    if row.status == Status.VOIDING:
        row.move_to(status)
    return row
