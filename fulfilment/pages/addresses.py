"""Asking a carrier about an order's address, in dialogs of the order page."""

from django import forms
from django.shortcuts import get_object_or_404

from fulfilment.models import AddressCheck
from fulfilment.services import check_address
from oms.lib.console import actor_of, console_page, form_page, say
from orders.models import Order
from orders.pages.console.links import order_page
from orders.panels.order import address_text

PERMISSION = "orders.change_order"


class AskForm(forms.Form):
    """Who is asked: the only one without a choice."""

    carrier = forms.ModelChoiceField(None, empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["carrier"].queryset = check_address.books()


@console_page(PERMISSION)
def ask(request, pk):
    order = get_object_or_404(Order, pk=pk)

    def run(data):
        row = check_address.check(order.pk, data["carrier"], actor=actor_of(request))
        say(request, f"{row}. {row.said}".rstrip(" ."))

    return form_page(
        request,
        AskForm(request.POST if request.method == "POST" else None),
        run=run,
        title=f"Ask a carrier about the address of order {order}",
        back_to=order_page(pk),
        button="Ask",
        only_reads=True,
        template="fulfilment/console/ask_address.html",
        ours=address_text(order.ship_to),
    )


@console_page(PERMISSION)
def use(request, pk):
    """Show the carrier's spelling beside ours; sent, the order has it."""
    row = get_object_or_404(AddressCheck.objects.select_related("order", "carrier"), pk=pk)

    def run(data):
        order = check_address.use_suggestion(row.pk, actor=actor_of(request))
        say(request, f"Order {order} goes to the address as {row.carrier} writes it.")

    return form_page(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        run=run,
        title=f"Use {row.carrier}'s address for order {row.order}",
        back_to=order_page(row.order_id),
        button="Use it",
        template="fulfilment/console/use_address.html",
        ours=address_text(row.address),
        theirs=address_text(check_address.suggested(row)),
        carrier=row.carrier,
    )
