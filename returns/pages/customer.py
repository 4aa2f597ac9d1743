"""Returns on the customer's pages: ask for one, print its slip."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from oms.lib.errors import Invalid
from oms.papers.services.read_document import read_document
from orders.pages.door import back, customer_page, show
from orders.services.by_customer import TooLate, TooManyTries
from returns.customer.story import has_slip
from returns.models import Return
from returns.pages.forms import SendBackForm
from returns.services.by_customer import offer_of, send_back
from returns.services.slip import print_slip


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def return_page(request, order, reader):
    """Ask what comes back and why, saying until when and at what cost, and open the return."""
    offer = offer_of(order)
    if not offer.is_open:
        return back(request, said="too_late")
    form = SendBackForm(request.POST or None, lines=offer.lines)
    status = 200
    if request.method == "POST":
        status, answer = _send(request, order, form)
        if answer:
            return answer
    context = {
        "form": form,
        "until": reader.day(offer.until) if offer.until else "",
        "fee": reader.money(offer.fee, order.currency) if offer.fee else "",
        "is_free_when_faulty": offer.is_free_when_faulty,
    }
    return show(request, "returns/customer/send_back.html", order, reader, context, status=status)


@require_safe
@customer_page
def slip_page(request, order, reader, pk):
    """The return slip, made now when no worker has made it yet."""
    rma = get_object_or_404(Return.objects.select_related("order"), pk=pk, order=order)
    if not has_slip(rma):
        return back(request, said="too_late")
    document = print_slip(rma)
    response = HttpResponse(read_document(document), content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, document.filename)
    return response


def _send(request, order, form):
    """Return (status, None) where the form must be shown again, it says why; else (302, the way back)."""
    if not form.is_valid():
        return 422, None
    try:
        send_back(order.pk, form.lines_in(), note=form.cleaned_data["note"])
    except TooLate:
        return 302, back(request, said="too_late")
    except (Invalid, TooManyTries) as error:
        form.add_error(None, error.message)
        return error.status, None
    return 302, back(request, said="return_asked")
