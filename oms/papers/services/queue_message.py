from oms.lib.commands import command
from oms.outbox.publish import publish
from oms.papers.models import Message


@command
def queue_message(kind, subject, object_id, *, to, language, cause="", not_before=None, suppress=False):
    """Have the e-mail `kind` about an object sent, not before `not_before`, and return its row.

    `cause` ("event:9") tells apart the mails of a kind that goes out more than once about one object; a
    second call with the same cause returns the first row. With `suppress`, or without an address, the
    row only says that nothing was sent.
    """
    status = Message.Status.SUPPRESSED if suppress or not to else Message.Status.QUEUED
    message, created = Message.objects.get_or_create(
        kind=kind,
        subject=subject,
        object_id=object_id,
        cause=cause,
        defaults={"to": to, "language": language, "status": status, "not_before": not_before},
    )
    if created and status == Message.Status.QUEUED:
        publish_queued(message)
    return message


def publish_queued(message, *, actor=""):
    """Tell the sender that `message` waits for it."""
    publish(
        "message.queued",
        message.subject,
        actor=actor,
        not_before=message.not_before,
        message=message.pk,
        kind=message.kind,
    )
