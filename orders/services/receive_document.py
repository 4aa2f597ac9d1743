"""A document of a channel comes in: it is stored as it came, and worked later."""

import hashlib
import logging

from django.db import IntegrityError, transaction

from oms.lib.commands import command
from oms.lib.errors import Retry
from oms.outbox.publish import publish
from orders.channels.base import IncomingRefund, Other, Refused, ShipmentUpdate
from orders.channels.registry import read_payload
from orders.models import ChannelDocument

logger = logging.getLogger(__name__)


@command
def receive(connection, *, body, delivery_id="", topic="", external_id=""):
    """Store `body` (bytes) of `connection` and publish `channel.received`; returns (document, is it new).

    The same `delivery_id`, or without one the same body, a second time returns the first. `external_id` is the order's
    where the address that was asked names it and the document does not.
    """
    delivery_id = delivery_id[:200] or hashlib.sha256(body).hexdigest()
    known = connection.documents.filter(delivery_id=delivery_id, part=0).first()
    if known:
        return known, False
    found = read_all(connection.kind, body)
    first = None
    for part, one in enumerate(found):
        document = ChannelDocument(
            connection=connection,
            delivery_id=delivery_id,
            part=part,
            whole=first,
            topic=topic[:100],
            kind=said_by(one).document,
            external_id=(external_id or order_of(one))[:100],
            body=b"" if first else body,
        )
        _insert(document)
        first = first or document
        announce(document)
    return first, True


def read_all(kind, body):
    """Return the documents of a body; one that an adapter fails on is Refused, so that it is stored all the same."""
    try:
        return read_payload(kind, body)
    except Exception:
        logger.exception("a document of %s could not be read", kind)
        return [Refused("The document could not be read: tell the developers.", Other(about=""))]


def said_by(one):
    """Return what a document says, refused or not."""
    return one.read if isinstance(one, Refused) else one


def order_of(one):
    """Return the id at its channel of the order that a document is about, "" for none."""
    read = said_by(one)
    return read.order_id if isinstance(read, IncomingRefund | ShipmentUpdate) else read.external_id


def announce(document, *, is_again=False, actor="channel"):
    """Have a stored document worked, after those of its order that came before it, or now if `is_again`."""
    sequence = document.pk if document.external_id and not is_again else None
    publish("channel.received", document.subject, sequence=sequence, actor=actor, document=document.pk)


def _insert(document):
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError as error:
        raise Retry(f"{document.delivery_id} came in twice at once.") from error
