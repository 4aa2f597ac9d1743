"""The PDFs of invoices and credit notes: asked for, and their hash kept."""

from oms.papers.services.request_document import request_document
from orders.models import CreditNote, Invoice

MODELS = {"invoice": Invoice, "credit_note": CreditNote}


def print_bill(kind, bill, *, actor=""):
    """Ask for the PDF of an "invoice" or "credit_note", and return its Document; a second call returns the first."""
    return request_document(kind, bill.order.subject, bill.pk, title=bill.code, language=bill.locale, actor=actor)


def seal(kind, pk, sha256):
    """Keep the hash of the first PDF of a bill on it; later revisions, and other kinds, change nothing."""
    if kind in MODELS:
        MODELS[kind].objects.seal(pk, sha256)
