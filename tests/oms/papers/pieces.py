"""A document and an e-mail of the tests' own; orders and parcels bring theirs."""

from django.template.loader import render_to_string
from django.utils.translation import get_language

from oms.outbox.models import Event
from oms.papers.base import Mail, Pdf


class OutOfPaper(Exception):
    pass


def slip(object_id, *, reprint=0):
    mark = f" REPRINT {reprint}" if reprint else ""
    return Pdf(f"Slip {object_id}", f"%PDF slip of {object_id} in {get_language()}{mark}".encode())


def jammed(object_id, *, reprint=0):
    """Prints only once somebody has put the event `paper.filled` there."""
    if not Event.objects.filter(name="paper.filled").exists():
        raise OutOfPaper("tray 2")
    return slip(object_id, reprint=reprint)


def greeting(object_id, message):
    context = {"brand": {"name": "Acorn & Co", "colour": "#047857", "address": "1 Oak Street"}}
    return Mail(
        to="ann@example.com",
        subject=f"Thing {object_id}\nBcc: eve@example.com",
        text=f"Thing {object_id} in {get_language()}, {message.cause}",
        html=render_to_string("papers/emails/base.html", context | {"link": "https://example.com/t/1"}),
        language=get_language(),
        reply_to="help@example.com",
        sender_name="Acorn & Co",
    )


def unwritable(object_id, message):
    raise LookupError("no such thing")
