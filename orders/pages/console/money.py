"""Money of an order: record a payment, capture or void one, refund, decide on refunds."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from oms.lib.console import actor_of, at_once, console_page, form_page, say
from oms.lib.money import quantise
from oms.lib.money import show as money
from orders.models import Order, Payment, Refund, RefundLine
from orders.pages.console.forms import PaymentForm
from orders.pages.console.links import order_page
from orders.pages.console.refund_form import RefundForm
from orders.services import capture as captures
from orders.services import pay
from orders.services import refund as refunds
from orders.services.due import excess_of, open_of
from orders.services.refund_caps import caps_of, presets

Kind = RefundLine.Kind


@console_page("orders.add_payment")
def payment(request, pk):
    """Record a payment that was made elsewhere: a bank transfer, cash."""
    order = _get(pk)
    owed = quantise(open_of(order), order.currency)
    form = PaymentForm(request.POST or None, initial={"amount": owed or None})

    def run(data):
        pay.add_payment(pk, **data, actor=actor_of(request))
        say(request, f"Payment of {money(data['amount'], order.currency)} is recorded.")

    return form_page(
        request, form, run=run, title=f"Payment for order {order}", back_to=order_page(pk), button="Record"
    )


@console_page("orders.change_payment")
def move(request, pk, payment_pk, verb):
    """Capture or void all that is left of an authorised payment."""
    found = get_object_or_404(Payment, pk=payment_pk, order=pk)
    run = {"capture": captures.capture, "void": captures.void}.get(verb)
    if run is None:
        raise Http404
    return at_once(
        request,
        lambda: run(found.pk, actor=actor_of(request)),
        said=f"Asked the gateway to {verb} it.",
        back_to=order_page(pk),
    )


@console_page("orders.refund_order")
def refund(request, pk):
    """Give money back: presets are a click away, the cap stands beside each amount."""
    order = _get(pk)
    caps = caps_of(order)
    lines = list(order.lines.priced())
    form = RefundForm(lines, caps, excess_of(order), request.POST or None, initial=request.GET.dict())

    def run(data):
        asked = refunds.request(
            pk,
            lines=form.lines_in(),
            reason=data["reason"],
            wants_credit_note=data["wants_credit_note"],
            actor=actor_of(request),
        )
        amount = money(asked.amount, order.currency)
        waits = asked.status == Refund.Status.REQUESTED
        say(request, f"Refund of {amount} {'waits for a second person' if waits else 'is on its way'}.")

    return form_page(
        request,
        form,
        run=run,
        title=f"Refund on order {order}",
        back_to=order_page(pk),
        button="Refund",
        template="orders/console/refund.html",
        order=order,
        cap=caps.total,
        presets=[(preset, form.query_of(preset)) for preset in presets(order, caps, lines)],
        rows=form.rows(),
    )


@console_page("orders.view_refund")
def decide(request, pk, refund_pk, verb):
    """Approve or reject a waiting refund, or try a failed one again."""
    if verb not in DECISIONS:
        raise Http404
    run, permission, words = DECISIONS[verb]
    if not request.user.has_perm(permission):
        raise PermissionDenied
    found = get_object_or_404(Refund, pk=refund_pk, order=pk)
    said = f"The refund of {money(found.amount, found.order.currency)} {words}."
    return at_once(request, lambda: run(found.pk, actor=actor_of(request)), said=said, back_to=order_page(pk))


@console_page("orders.approve_refund")
def by_hand(request, pk, refund_pk):
    """Say that a failed refund was paid by a person."""
    found = get_object_or_404(Refund, pk=refund_pk, order=pk)
    form = ReferenceForm(request.POST or None)

    def run(data):
        refunds.pay_by_hand(found.pk, reference=data["reference"], actor=actor_of(request))
        say(request, "The refund is done.")

    return form_page(request, form, run=run, title="Refund paid by hand", back_to=order_page(pk), button="It is paid")


DECISIONS = {
    "approve": (refunds.approve, "orders.approve_refund", "is approved and on its way"),
    "reject": (refunds.reject, "orders.approve_refund", "is rejected: nothing is paid"),
    "retry": (refunds.retry, "orders.refund_order", "is tried again"),
}


class ReferenceForm(forms.Form):
    reference = forms.CharField(max_length=100, label="Reference of the transfer")


def _get(pk):
    return get_object_or_404(Order.objects.select_related("channel"), pk=pk)
