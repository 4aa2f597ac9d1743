from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from oms.outbox.publish import publish
from oms.papers.models import Message


@command
def stop_message(message, *, actor=""):
    """Keep an e-mail that waits from going out; a stopped one stays so.

    Raises InvalidTransition when a worker has begun to send it, or has sent it.
    """
    stopped = Message.objects.stoppable().filter(pk=message.pk).update(status=Message.Status.STOPPED)
    message.refresh_from_db()
    if not stopped and message.status != Message.Status.STOPPED:
        raise InvalidTransition(f"The e-mail is {message.get_status_display().lower()}: it cannot be stopped.")
    if stopped:
        publish("message.stopped", message.subject, actor=actor, message=message.pk, kind=message.kind)
    return message
