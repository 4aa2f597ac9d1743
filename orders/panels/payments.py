"""The money of an order: what is due, what came, what went back, and its bills."""

from orders.models import Payment
from orders.services import counters


def payments(order, user):
    totals = Payment.objects.totals(order)
    due = counters.due(order, list(order.lines.all()), list(order.charges.all()))
    context = {
        "payments": list(order.payments.all()),
        "refunds": list(order.refunds.all()),
        "bills": [*order.invoices.all(), *order.creditnotes.all()],
        "due": due,
        "totals": totals,
        "open": due - totals.covered,
    }
    return {"title": "Money", "template": "orders/console/panels/payments.html", "context": context}
