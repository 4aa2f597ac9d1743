from hashlib import sha256
from itertools import groupby

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from oms.lib.chunks import chunks
from oms.lib.doctor import Violation, check
from oms.papers.models import Document
from orders.models import CreditNote, CreditNoteLine, Invoice, InvoiceLine, NumberSeries, OrderLine

AT_ONCE = 1000
AMOUNTS = ("net", "tax", "gross")
MODELS = (("invoice", Invoice), ("credit_note", CreditNote))


@check(12, "numbers without a gap, dates in order")
def series_without_gap():
    """Find out who deleted the row named, restore it from a backup, and tell finance: the number must be explained."""
    for _, model in MODELS:
        rows = model.objects.exclude(series=None).order_by("series", "number").select_related("series")
        for _, bills in groupby(rows.iterator(), key=lambda bill: bill.series_id):
            yield from _gaps(bills)
    empty = NumberSeries.objects.filter(invoices=None, creditnotes=None)
    for series in empty.filter(next_number__gt=F("first_number")).order_by("pk"):
        yield Violation(12, f"series {series.prefix}", f"{series.next_number - 1} used, nothing is there")


@check(12, "bills are their lines")
def bills_add_up():
    """Credit the invoice named in full and invoice the goods again; nothing written is ever changed."""
    for kind, model in MODELS:
        sums = {f"of_{name}": Sum(f"lines__{name}") for name in AMOUNTS}
        wrong = Q()
        for name in AMOUNTS:
            wrong |= ~Q(**{f"of_{name}": F(name)}) | Q(**{f"of_{name}": None})
        for bill in model.objects.exclude(series=None).annotate(**sums).filter(wrong).order_by("pk").iterator():
            yield Violation(12, f"{kind} {bill}", f"gross {bill.gross}, its lines add up to {bill.of_gross}")


@check(12, "the PDF is the one that was made")
def hash_unchanged():
    """Restore the file from a backup; a customer has the original too. Never print it anew."""
    for kind, model in MODELS:
        sealed = model.objects.exclude(sha256="").only("code", "sha256").order_by("pk")
        papers = Document.objects.filter(kind=kind, revision=1, status=Document.Status.READY)
        for chunk in chunks(sealed.iterator(AT_ONCE), AT_ONCE):
            document_of = {paper.object_id: paper for paper in papers.filter(object_id__in=[bill.pk for bill in chunk])}
            for bill in chunk:
                document = document_of.get(bill.pk)
                found = _hash_of(document) if document else ""
                if not document:
                    yield Violation(12, f"{kind} {bill}", "its document is gone")
                elif not found == document.sha256 == bill.sha256:
                    yield Violation(12, f"{kind} {bill}", found or "its file is gone")


@check(12, "no more credited than invoiced")
def credit_within_invoice():
    """Write an invoice for the difference, or talk to finance: too much was given back."""
    sums = {f"credited_{name}": Sum(f"credits__{name}") for name in ("quantity", *AMOUNTS)}
    beyond = Q()
    for name in ("quantity", *AMOUNTS):
        beyond |= Q(**{f"credited_{name}__gt": F(name)})
    ours = InvoiceLine.objects.exclude(invoice__series=None)  # the old system's own are as they are
    for line in ours.annotate(**sums).filter(beyond).select_related("invoice").iterator():
        message = f"{line.credited_quantity} of {line.quantity} pieces, {line.credited_gross} of {line.gross} credited"
        yield Violation(12, f"invoice {line.invoice} position {line.position}", message)


@check(12, "parts that left without the rest of their kit are invoiced")
def single_parts_are_invoiced():
    """Ship or take back a parcel of the order named: then the part is invoiced. Else invoice it by hand."""
    whole = F("parent__shipped") * F("per_kit")
    parts = OrderLine.objects.filter(order__origin="live", shipped__gt=whole, price_share__gt=0)
    coming = OrderLine.objects.filter(parent=OuterRef("parent"), quantity__gt=F("shipped") + F("cancelled"))
    billed = InvoiceLine.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(n=Sum("quantity"))
    undone = CreditNoteLine.objects.filter(line=OuterRef("pk"), credit_note__cause=CreditNote.Cause.UNSHIPPED)
    undone = undone.order_by().values("line").annotate(n=Sum("quantity"))
    parts = parts.exclude(Exists(coming)).annotate(
        over=F("shipped") - whole,
        billed=Coalesce(Subquery(billed.values("n")), 0) - Coalesce(Subquery(undone.values("n")), 0),
    )
    for part in parts.exclude(over=F("billed")).select_related("order").iterator():
        message = f"{part.over} left without a kit, {part.billed} invoiced"
        yield Violation(12, f"order {part.order} line {part.position} {part.sku_code}", message)


def _gaps(bills):
    """Yield what is wrong with `bills`, all of one series in the order of their numbers; one at least."""
    last = None
    for bill in bills:
        if not last:
            series, expected = bill.series, bill.series.first_number
        if bill.number != expected:
            missing = f"{series.code(expected)} is missing" if bill.number > expected else "before the first number"
            yield Violation(12, f"series {series.prefix}", f"{missing}, {bill.code} is there")
        if last and bill.issued_at < last.issued_at:
            yield Violation(12, f"bill {bill.code}", f"issued {bill.issued_at}, before {last.code}")
        expected, last = bill.number + 1, bill
    if series.next_number != expected:
        yield Violation(12, f"series {series.prefix}", f"next is {series.next_number}, the last is {last.code}")


def _hash_of(document):
    """Return the SHA-256 of the document's file; "" when it is gone."""
    try:
        with document.file.storage.open(document.file.name) as file:
            digest = sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            return digest.hexdigest()
    except FileNotFoundError:
        return ""
