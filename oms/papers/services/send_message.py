from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from oms.lib.commands import command
from oms.lib.text import clean
from oms.outbox.publish import publish
from oms.papers.models import Document, Message
from oms.papers.services.read_document import read_document
from oms.papers.services.write_message import keep, stored_mail, write_message


def send_message(message_id):
    """Send e-mail `message_id`, unless it was stopped or has been sent; returns whether it went out.

    A crash between the sending and the note of it sends the same words again, with the same Message-ID.
    An error is noted on the row and raised.
    """
    if not Message.objects.unsent().filter(pk=message_id).update(status=Message.Status.SENDING):
        return False
    message = Message.objects.get(pk=message_id)
    try:
        if not message.is_written:
            message = _written(message)
        compose(message).send()
    except Exception as error:
        text = clean(f"{type(error).__name__}: {error}")[:1000]
        Message.objects.filter(pk=message_id).update(status=Message.Status.FAILED, last_error=text)
        raise
    _note(message)
    return True


def compose(message):
    """Return the unsent Django mail of a written `message`, its documents attached."""
    mail = stored_mail(message)
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    outgoing = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=formataddr((mail.sender_name, address)) if mail.sender_name else settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
        },
    )
    outgoing.attach_alternative(mail.html, "text/html")
    for document in Document.objects.filter(pk__in=mail.attachments).order_by("pk"):
        outgoing.attach(document.filename, read_document(document), document.media_type)
    return outgoing


def _written(message):
    mail = write_message(message)
    with transaction.atomic():
        return keep(message, mail)


@command
def _note(message):
    message.status, message.sent_at, message.last_error = Message.Status.SENT, timezone.now(), ""
    message.save(update_fields=["status", "sent_at", "last_error"])
    publish("message.sent", message.subject, actor="system", message=message.pk, kind=message.kind)
