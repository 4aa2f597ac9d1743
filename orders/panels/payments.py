"""The money of an order: what is due, what came, what went back, and its bills."""

from django.urls import reverse

from orders.models import Payment
from orders.services.due import due_of, excess_of, left_of


def payments(order, user):
    totals, due = Payment.objects.totals(order), due_of(order)
    context = {
        "payments": list(order.payments.all()),
        "refunds": list(order.refunds.all()),
        "bills": [("Invoice", bill) for bill in order.invoices.all()]
        + [("Credit note", bill) for bill in order.creditnotes.all()],
        "due": due,
        "totals": totals,
        "open": left_of(order, due=due, totals=totals),
        "excess": excess_of(order),
    }
    template = "orders/console/panels/payments.html"
    actions = _actions(order, user, totals=totals)
    return {"title": "Money", "template": template, "context": context, "actions": actions}


def _actions(order, user, *, totals):
    found = []
    if totals.kept > 0 and user.has_perm("orders.refund_order"):
        found.append(("Refund", "refund", "g", "currency_exchange"))
    if user.has_perm("orders.add_payment") and order.status not in (order.Status.CANCELLED, order.Status.DRAFT):
        found.append(("Payment", "payment", "m", "payments"))
    return [
        {"label": label, "url": reverse(f"console:{name}", args=[order.pk]), "key": key, "icon": icon, "dialog": True}
        for label, name, key, icon in found
    ]
