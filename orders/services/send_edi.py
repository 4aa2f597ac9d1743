"""Files for trading partners: numbered without a gap where they are made, written to the outbox by a sender."""

from django.db.models import F
from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.publish import publish
from orders.channels.edi import write
from orders.channels.edi.reader import purchase_of
from orders.models import ChannelDocument, EdiDocument, EdiPartner
from orders.models.channel_document import why_empty
from orders.models.edi import MOST_NUMBER
from orders.services.edi_folders import folder_of, put


def partner_of(order_id):
    """Return the EdiPartner whose order it is; None for orders of others, and while he is a shadow or switched off."""
    partners = EdiPartner.objects.filter(connection__orders__order=order_id, connection__is_shadow=False)
    return partners.filter(connection__is_active=True).select_related("connection__channel__seller").first()


def purchase_for(order_id):
    """Return the Purchase that an order was placed by, as it was last taken; None where it came by no file."""
    rows = ChannelDocument.objects.filter(order=order_id, kind="order", status=ChannelDocument.Status.DONE)
    document = rows.select_related("whole").order_by("-pk").first()
    return purchase_of(document.raw, document.part) if document else None


@command
def send(partner, kind, key, segments, *, order=None):
    """Make the file of `segments` for a partner, of an EdiDocument.Kind, and have it written; returns the EdiDocument.

    With the same `key` a second time it returns the first, and takes no number.
    """
    partner = EdiPartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    known = partner.sent.filter(key=key).first()
    if known:
        return known
    number = partner.next_number
    if number > MOST_NUMBER:
        raise Invalid(f"The control numbers of {partner} are used up: agree on a new id with him.")
    EdiPartner.objects.filter(pk=partner.pk).update(next_number=F("next_number") + 1)
    envelope = _envelope(partner, number)
    make = write.edifact if kind == EdiDocument.Kind.DESADV else write.x12
    document = EdiDocument.objects.create(
        partner=partner,
        number=number,
        kind=kind,
        key=key,
        order=order,
        file_name=f"{kind.lower()}_{number:09d}.edi",
        body=make(envelope, str(kind), segments),
        is_test=partner.is_test,
    )
    _announce(document)
    return document


@command
def send_again(document_id, *, actor):
    """Have a file that was sent written anew: the same bytes under the same name and number."""
    document = EdiDocument.objects.select_for_update(of=("self",)).get(pk=document_id)
    encoded(document)
    _announce(document, actor=actor)
    return document


def write_file(document_id):
    """Put a file into its partner's outbox; done twice, it is the same file. Raises OSError, and is tried again."""
    document = EdiDocument.objects.select_related("partner").get(pk=document_id)
    put(folder_of(document.partner.outbox), document.file_name, encoded(document))
    rows = EdiDocument.objects.filter(pk=document_id)
    rows.update(written_at=timezone.now(), times_written=F("times_written") + 1)


def encoded(document):
    """Return the bytes of a sent document: EDIFACT's are those that its UNB names. Raises InvalidTransition."""
    if document.emptied_at:
        raise InvalidTransition(f"There is nothing left to send: {why_empty(document.emptied_at)}")
    return document.body.encode("iso-8859-1" if document.kind == EdiDocument.Kind.DESADV else "ascii")


def _announce(document, *, actor="system"):
    publish("edi.queued", f"edi:{document.partner_id}", actor=actor, document=document.pk)


def _envelope(partner, number):
    return write.Envelope(
        version=partner.syntax,
        ours=(partner.our_qualifier, partner.our_id),
        theirs=(partner.their_qualifier, partner.their_id),
        number=number,
        is_test=partner.is_test,
        at=timezone.now(),
    )
