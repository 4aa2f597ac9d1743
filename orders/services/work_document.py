"""A stored document of a channel is done: placed, followed, cancelled, refunded, or it says why not."""

from django.core.exceptions import ValidationError
from django.db import transaction

from oms.lib.commands import command
from oms.lib.errors import DomainError, InvalidTransition
from oms.lib.text import clean
from orders.channels.base import (
    IncomingCancellation,
    IncomingOrder,
    IncomingRefund,
    Other,
    Refused,
    ShipmentUpdate,
    StockUpdate,
)
from orders.models import ChannelDocument, ChannelOrder, SkuAlias
from orders.services.gather_pieces import PIECES, alone, is_piece, merge
from orders.services.outcome import Outcome, done, ignored, refused, waiting
from orders.services.receive_document import announce, read_all
from orders.services.take_order import cancel_known, take_order, take_refunds
from orders.services.translate import UnknownSkus

Status = ChannelDocument.Status
# What we tell the channels, and do not hear from them.
CHANGES_NOTHING = ShipmentUpdate | StockUpdate


class _Shadow(Exception):
    """Carries what would have been done out of the transaction that is rolled back."""


@command
def work(document_id):
    """Do what document `document_id` says; one that was worked already stays as it is. Returns it."""
    document = ChannelDocument.objects.select_related("connection__channel", "whole").get(pk=document_id)
    record = _lock_record(document)
    ChannelDocument.objects.lock(document_id)
    document.refresh_from_db(fields=["status", "attempts"])
    if document.status == Status.PENDING:
        _work(document, record)
    return document


@command
def replay(document_id, *, actor):
    """Have a document worked again that was not done; returns whether it will be.

    Raises InvalidTransition for one that was emptied.
    """
    document = ChannelDocument.objects.lock(document_id)
    if Status.PENDING not in ChannelDocument.NEXT[document.status]:
        return False
    if document.why_empty:
        raise InvalidTransition(f"There is nothing left to work: {document.why_empty}")
    document.move_to(Status.PENDING)
    announce(document, is_again=True, actor=actor)
    return True


def _work(document, record):
    had_order = bool(record and record.order_id)
    outcome = _outcome(document, record)
    document.attempts += 1
    reason, field = clean(outcome.reason), clean(outcome.field or "")
    document.move_to(outcome.status, reason=reason, field=field, order=outcome.order)
    if record and record.order_id and not had_order:
        _work_what_waited(document, record)


def _work_what_waited(document, record):
    """Do what came before its order, or was a piece of it."""
    rows = document.connection.documents.waiting().filter(external_id=document.external_id)
    for row in rows.select_related("whole").order_by("pk").select_for_update(of=("self",)):
        row.connection = document.connection
        row.move_to(Status.PENDING)
        _work(row, record)


def _lock_record(document):
    """Return the ChannelOrder of the document's order, locked; None where it is about none."""
    if not document.external_id:
        return None
    key = {"connection": document.connection, "external_id": document.external_id}
    pk = ChannelOrder.objects.get_or_create(**key)[0].pk
    return ChannelOrder.objects.select_for_update(of=("self",)).get(pk=pk)


def _outcome(document, record):
    """Return the Outcome of a locked document: all of it happens, or nothing."""
    read = read_all(document.connection.kind, document.raw)[document.part]
    if isinstance(read, Refused):
        return ignored(read.reason) if isinstance(read.read, CHANGES_NOTHING) else refused(read.reason)
    try:
        with transaction.atomic():
            return _applied(document, record, read)
    except _Shadow as shadow:
        outcome = _as_shadow(*shadow.args)
    except UnknownSkus as error:
        outcome = _wait_for_skus(document, error)
    except DomainError as error:
        outcome = refused(error.message, error.field)
    except ValidationError as error:
        outcome = refused(" ".join(error.messages))
    if record:
        record.refresh_from_db()
    return outcome


def _applied(document, record, read):
    outcome = _apply(document, record, read)
    if document.connection.is_shadow and outcome.status != Status.WAITING:
        raise _Shadow(outcome)
    if record:
        record.save()
    return outcome


def _apply(document, record, read):
    if record is None:
        is_nothing = isinstance(read, Other | CHANGES_NOTHING)
        return ignored(_about(read)) if is_nothing else refused("It does not say which order it is about.")
    if is_piece(read):
        read = merge([*_other_pieces(document), read]) or (record.order_id and alone(read))
        if not read:
            return waiting("The rest of the order has not come yet.")
    if isinstance(read, IncomingOrder):
        return take_order(document, record, read)
    if isinstance(read, IncomingCancellation):
        return _cancel(document, record, read)
    if isinstance(read, IncomingRefund):
        return _refund(record, read)
    return ignored(_about(read))


def _other_pieces(document):
    """Return the pieces of the document's order that came before, worked or not."""
    rows = document.connection.documents.filter(external_id=document.external_id, kind__in=PIECES)
    rows = rows.unemptied().filter(status__in=[Status.WAITING, Status.DONE]).exclude(pk=document.pk)
    kind = document.connection.kind
    found = [read_all(kind, row.raw)[row.part] for row in rows.select_related("whole").order_by("pk")]
    return [one for one in found if is_piece(one)]


def _cancel(document, record, read):
    record.cancelled_at = record.cancelled_at or read.at or document.received_at
    if record.order_id is None:
        return done("Cancelled before the order came: it will not be placed.")
    return cancel_known(record, reason=read.reason)


def _refund(record, read):
    if record.order_id is None:
        return waiting("Its order has not come yet.")
    take_refunds(record, [read])
    return done(order=record.order)


def _about(read):
    if isinstance(read, Other):
        return f"{read.about}."
    return f"A {read.document} that the channel knows of: what is here is not changed by it."


def _as_shadow(outcome):
    words = {Status.DONE: "would be taken", Status.IGNORED: "would be ignored", Status.REFUSED: "would be refused"}
    return Outcome(Status.IGNORED, f"Shadow: {words[outcome.status]}. {outcome.reason}".strip())


def _wait_for_skus(document, error):
    """Have the document wait until the codes that nobody knows are mapped."""
    aliases = []
    for code, name in error.found.items():
        known = document.connection.aliases.filter(code__iexact=code).first()
        aliases.append(known or SkuAlias.objects.create(connection=document.connection, code=code, name=name[:200]))
    document.waits_for.set(aliases)
    return Outcome(Status.UNMAPPED, error.message, error.field)
