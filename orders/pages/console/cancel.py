"""Cancel an order or lines of it: one dialog that names money, stock and e-mail."""

from django import forms
from django.shortcuts import get_object_or_404

from oms.lib.console import actor_of, console_page, form_page, say
from oms.lib.errors import Invalid
from orders.models import Order
from orders.pages.console.forms import CancelForm
from orders.pages.console.links import order_page
from orders.services import foresee
from orders.services.cancel import cancel as cancel_order


@console_page("orders.cancel_order")
def cancel(request, pk):
    order = get_object_or_404(Order.objects.select_related("channel"), pk=pk)
    lines = [line for line in order.lines.priced() if line.open_quantity > 0]
    form = CancelForm(request.POST or None)
    for line in lines:
        form.fields[f"line-{line.pk}"] = forms.IntegerField(
            label=f"{line.sku_code} {line.name}: of {line.open_quantity}",
            initial=line.open_quantity,
            min_value=0,
            max_value=line.open_quantity,
        )

    def run(data):
        wanted = {line.pk: data[f"line-{line.pk}"] for line in lines if data[f"line-{line.pk}"]}
        is_all = all(wanted.get(line.pk) == line.open_quantity for line in lines)
        if lines and not wanted:
            raise Invalid("Say how many pieces of at least one line.")
        done = cancel_order(pk, lines=None if is_all else wanted, reason=data["reason"], actor=actor_of(request))
        say(request, _said(done))

    return form_page(
        request,
        form,
        run=run,
        title=f"Cancel order {order}",
        back_to=order_page(pk),
        template="orders/console/cancel.html",
        button="Cancel it",
        is_danger=True,
        effects=foresee.cancelling([order]),
        lines=[(line, form[f"line-{line.pk}"]) for line in lines],
    )


def _said(order):
    if order.status == Order.Status.CANCELLED:
        return f"Order {order} is cancelled."
    if order.cancel_requested_at:
        return f"Order {order}: the warehouse has pieces of it in hand and was asked to stop. Its answer shows here."
    return f"Order {order}: the lines are cancelled."
