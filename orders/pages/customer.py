"""The customer's page: one signed link, no login, no script."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from oms.lib.errors import Invalid, InvalidTransition, Stale
from oms.lib.plugins import named
from oms.panels import CUSTOMER_PANELS
from orders.customer.story import tell, why_fixed
from orders.models import Note
from orders.pages.door import back, customer_page, no_order, show
from orders.pages.forms import AddressForm, FreshLinkForm
from orders.services import by_customer, shortage
from orders.services.choice import choice_of

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@customer_page
def order_page(request, order, reader):
    """Show where the order is and what its customer can do about it."""
    now = timezone.now()
    panels = [panel for name in CUSTOMER_PANELS if (panel := named(name)(order, reader))]
    context = {
        "story": tell(order, reader, now=now),
        "panels": panels,
        "notes": order.notes.filter(audience=Note.Audience.CUSTOMER),
        "has_bills": order.invoices.exists(),
        "notice": notices().get(request.GET.get("said")),
    }
    return show(request, "orders/customer/order.html", order, reader, context | _choice(order, reader, now))


@form_page
@customer_page
def cancel_page(request, order, reader):
    """Ask whether the whole order shall be stopped, and stop it."""
    if request.method == "POST":
        try:
            by_customer.stop(order.pk)
        except by_customer.TooLate:
            return back(request, said="too_late")
        return back(request, said="cancelled")
    if not by_customer.may_change(order):
        return back(request, said="too_late")
    story = tell(order, reader, now=timezone.now())
    return show(request, "orders/customer/cancel.html", order, reader, {"story": story})


@form_page
@customer_page
def address_page(request, order, reader):
    """Ask for another address, and send the order there."""
    if not order.ship_to or not by_customer.may_change(order):
        return back(request, said="too_late")
    form = AddressForm(request.POST or None, initial=order.ship_to)
    if request.method == "POST" and form.is_valid():
        try:
            by_customer.readdress(order.pk, form.cleaned_data)
            return back(request, said="readdressed")
        except by_customer.TooLate:
            return back(request, said="too_late")
        except Stale:
            form.add_error(None, _("The order changed while you typed. Please look again and save once more."))
        except Invalid as error:
            form.refuse(error)
    return show(
        request, "orders/customer/readdress.html", order, reader, {"form": form}, status=422 if form.errors else 200
    )


@form_page
@customer_page
def missing_page(request, order, reader):
    """Ask what shall become of the order while pieces are missing, and do that."""
    error = ""
    if request.method == "POST":
        try:
            shortage.answer(order.pk, request.POST.get("answer", ""), actor=by_customer.ACTOR)
            return back(request, said="chosen")
        except Invalid:
            error = _("That cannot be chosen any more: please look at what there is now.")
        except InvalidTransition:
            return back(request, said="too_late")
    choice = choice_of(order, reader)
    if choice is None or not choice.options:
        return back(request, said="too_late")
    context = {"choice": choice, "error": error, "story": tell(order, reader, now=timezone.now())}
    return show(request, "orders/customer/missing.html", order, reader, context, status=422 if error else 200)


@form_page
def find_page(request):
    """Mail a fresh link to who says number and e-mail address of an order; the answer is always the same."""
    form = FreshLinkForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        by_customer.mail_link(form.cleaned_data["number"], form.cleaned_data["email"])
    return no_order(request, form=form, is_sent=is_sent, status=422 if form.errors else 200)


def notices():
    """Return {code in the address: (tone, words)} of what a form before this page did."""
    return {
        "cancelled": ("good", _("Your order is cancelled.")),
        "chosen": ("good", _("Thank you: we do as you chose.")),
        "readdressed": ("good", _("We send your order to the new address.")),
        "return_asked": ("good", _("We have your request. Below you see how it goes on.")),
        "too_late": ("bad", _("That is no longer possible.")),
    }


def _choice(order, reader, now):
    """Return what the customer may do, until when, or why not."""
    if not by_customer.may_change(order):
        return {"may_change": False, "why_fixed": why_fixed(order)}
    until = by_customer.deadline(order, now=now)
    return {"may_change": True, "until": reader.moment(until) if until else ""}
