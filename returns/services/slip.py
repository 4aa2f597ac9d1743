"""The slip that a customer puts into the parcel: asked for once for a return."""

from oms.papers.services.request_document import request_document


def print_slip(rma):
    """Ask for the slip of an approved return, and return its Document; a second call returns the first."""
    title = f"Return slip {rma}"
    return request_document("return_slip", rma.order.subject, rma.pk, title=title, language=rma.order.locale)
