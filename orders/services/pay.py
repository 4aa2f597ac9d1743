"""A customer pays: what a channel or a till took already, or what a gateway is to authorise."""

from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid
from oms.lib.money import quantise, show
from orders.gateways.base import Receipt
from orders.models import Order, Payment, PaymentEntry
from orders.services import entries, settle, states

STATES = ("authorised", "captured")


@command
def add_payment(order_id, *, amount, gateway=None, method="", reference="", state="captured", actor="system"):
    """Record a payment that was made elsewhere, as `state` says "authorised" or "captured"; returns the Payment.

    `gateway` is the alias that will capture or refund it; None: the channel's. A second call with the
    same reference returns the first payment. Raises Invalid, naming the field, and DomainError when the
    reference is known with another amount.
    """
    order = Order.objects.lock(order_id)
    check(order, amount, state=state)
    known = order.payments.filter(reference=reference).exclude(reference="").first()
    if known:
        return same(known, amount)
    gateway = gateway or order.channel.gateway
    payment = Payment(order=order, gateway=gateway, method=method, reference=reference, amount=amount)
    payment.save(force_insert=True)
    for kind in kinds(state):
        entry = entries.write(payment, kind, amount, actor=actor)
        settle.record(order, entry, Receipt(reference, f"given-{entry.pk}"), actor=actor)
    states.refresh(order)
    return payment


@command
def authorise(order_id, *, amount, token, gateway=None, method="", actor="system"):
    """Have the gateway authorise `amount` by `token`, which the customer's browser got; returns the Payment.

    The answer comes as `order.authorised` or `order.payment_failed`. A second call with the same token
    while the first is not answered returns the first payment.
    """
    order = Order.objects.lock(order_id)
    check(order, amount)
    if not token:
        raise Invalid("The gateway's token is missing.", field="token")
    known = order.payments.filter(token=token).first()
    if known:
        return same(known, amount)
    if not order.is_open and order.status != Order.Status.DRAFT:
        raise DomainError(f"Order {order} is {order.get_status_display()} and takes no payment.")
    gateway = gateway or order.channel.gateway
    payment = Payment(order=order, gateway=gateway, method=method, token=token, amount=amount)
    payment.save(force_insert=True)
    settle.ask(order, entries.write(payment, PaymentEntry.Kind.AUTHORISE, amount, actor=actor), actor=actor)
    states.refresh(order)
    return payment


def check(order, amount, *, state="captured"):
    """Raise Invalid, naming the field, for what is no payment of `order`."""
    if amount <= 0 or amount != quantise(amount, order.currency):
        raise Invalid(f"{amount} is no amount of {order.currency} that can be paid.", field="amount")
    if state not in STATES:
        raise Invalid(f"A payment is {' or '.join(STATES)}, not {state}.", field="state")


def kinds(state):
    """Return which entries a payment has that was made elsewhere."""
    return [PaymentEntry.Kind.AUTHORISE, PaymentEntry.Kind.CAPTURE][: STATES.index(state) + 1]


def same(payment, amount):
    """Return a known `payment`; raises DomainError when it was of another amount."""
    if payment.amount != amount:
        known = show(payment.amount, payment.order.currency)
        raise DomainError(f"{payment.reference or 'This token'} is known with another amount, {known}.")
    return payment
