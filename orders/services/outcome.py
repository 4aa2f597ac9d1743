"""What became of a document of a channel."""

from dataclasses import dataclass

from orders.models import ChannelDocument, Order

Status = ChannelDocument.Status


@dataclass(frozen=True)
class Outcome:
    """A status of ChannelDocument with the reason, the field to mend, and the order that it is about."""

    status: str
    reason: str = ""
    field: str | None = ""
    order: Order | None = None


def done(reason="", *, order=None):
    return Outcome(Status.DONE, reason, order=order)


def ignored(reason, *, order=None):
    return Outcome(Status.IGNORED, reason, order=order)


def waiting(reason):
    return Outcome(Status.WAITING, reason)


def refused(reason, field="", *, order=None):
    return Outcome(Status.REFUSED, reason, field, order)
