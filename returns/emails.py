"""What customers are told of their returns: one function a message, each returns it unsent."""

from dataclasses import replace

from oms.papers.models import Document
from orders.customer.mail import write
from orders.customer.reader import reader_of
from returns.models import Return


def approved(object_id, message):
    """Goods may come back: which, where to, until when, and what it costs; with the slip for the parcel."""
    slips = Document.objects.filter(kind="return_slip", object_id=object_id).order_by("-revision")
    attached = tuple(slips.values_list("pk", flat=True)[:1])
    return replace(_about("returns/emails/approved", object_id, message), attachments=attached)


def declined(object_id, message):
    """Goods cannot come back, and why."""
    return _about("returns/emails/declined", object_id, message)


def _about(template, pk, message):
    rma = Return.objects.select_related("order__channel__seller", "order__pickup_location", "location").get(pk=pk)
    reader = reader_of(rma.order, language=message.language)
    lines = rma.lines.select_related("line")
    return write(
        template,
        rma.order,
        rma=rma,
        rows=[f"{line.quantity} × {line.line.name}" for line in lines],
        fee=reader.money(rma.fee, rma.order.currency) if rma.fee else "",
        until=reader.day(rma.expires_at) if rma.expires_at else "",
        to=rma.location.address,
        to_country=reader.country(rma.location.address.get("country", "")),
    )
