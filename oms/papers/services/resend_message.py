from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from oms.papers.models import Message
from oms.papers.services.queue_message import publish_queued


@command
def resend_message(message, *, to=None, actor=""):
    """Send an e-mail again, in the words in which it went out, to its address or to `to`.

    Returns the new row, with a Message-ID of its own. One that never went out is written afresh. Raises
    InvalidTransition while it still waits to go out the first time.
    """
    original = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if original.status in Message.UNSENT:
        raise InvalidTransition("The e-mail has not gone out yet: it will by itself.")
    copies = ("kind", "subject", "object_id", "language", "subject_line", "text", "html", "sender_name", "reply_to")
    again = Message.objects.create(
        **{field: getattr(original, field) for field in copies},
        to=to or original.to,
        cause=f"resend:{original.pk}:{original.resends.count() + 1}",
        resend_of=original,
    )
    again.attachments.set(original.attachments.all())
    publish_queued(again, actor=actor)
    return again
