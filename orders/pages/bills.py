"""Invoices for the customer: the link alone does not open them, for it may have been passed on."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from oms.lib.errors import Invalid
from oms.papers.services.read_document import read_document
from orders.pages.door import customer_page, show
from orders.pages.forms import ProofForm
from orders.services import by_customer
from orders.services.bills import print_bill


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def bills_page(request, order, reader):
    """List the invoices and credit notes of the order, and hand one out for a second proof."""
    bills = {f"{kind}:{bill.pk}": (kind, bill) for kind, bill in _bills(order)}
    form = ProofForm(request.POST or None)
    status = 200
    if request.method == "POST" and (status := _judge(form, order)) == 200:
        chosen = bills.get(request.POST.get("bill"))
        if chosen:
            return _pdf(*chosen)
        form.add_error(None, _("Please choose a document."))
    context = {
        "form": form,
        "has_proof": by_customer.has_proof(order),
        "bills": [(key, _label(kind), bill.code, _about(bill, reader)) for key, (kind, bill) in bills.items()],
    }
    return show(request, "orders/customer/bills.html", order, reader, context, status=status)


def _judge(form, order):
    """Return 200 when the proof of a posted form is right, else the status to answer; the form says why."""
    if not form.is_valid():
        return 422
    try:
        by_customer.check_proof(order, form.cleaned_data["proof"])
    except (Invalid, by_customer.TooManyTries) as error:
        form.add_error("proof", error.message)
        return error.status
    return 200


def _bills(order):
    yield from (("invoice", bill) for bill in order.invoices.order_by("pk"))
    yield from (("credit_note", bill) for bill in order.creditnotes.order_by("pk"))


def _label(kind):
    return _("Invoice") if kind == "invoice" else _("Credit note")


def _about(bill, reader):
    return f"{reader.short_day(bill.issued_at)}, {reader.money(bill.gross, bill.currency)}"


def _pdf(kind, bill):
    document = print_bill(kind, bill, actor=by_customer.ACTOR)
    response = HttpResponse(read_document(document), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    return response
