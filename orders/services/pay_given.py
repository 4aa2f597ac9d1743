"""Payments that a channel took before it sent its orders, written with many new orders at once.

What `pay.add_payment` does to one order after the other, in memory: these orders are new, so nobody else has
seen them, nothing of them was refunded, and none is confirmed before it was verified.
"""

from itertools import chain

from django.utils import timezone

from oms.lib import bulk
from oms.outbox.models import Event
from orders.models import Payment, PaymentEntry, PaymentTotals
from orders.services import pay, states

Kind = PaymentEntry.Kind


def check(order, payments):
    """Return the rows of `payments` (PaymentIn) of an unsaved `order`: [(Payment, [PaymentEntry])], nothing written.

    Raises as `pay.add_payment` does; a reference that comes twice with one amount is one payment.
    """
    rows, known = [], {}
    for paid in payments:
        pay.check(order, paid.amount, state=paid.state)
        if paid.reference in known:
            pay.same(known[paid.reference], paid.amount)
            continue
        payment = Payment(order=order, gateway=order.channel.gateway, method=paid.method, reference=paid.reference)
        payment.amount = paid.amount
        if paid.reference:
            known[paid.reference] = payment
        rows.append((payment, [_entry(payment, kind) for kind in pay.kinds(paid.state)]))
    return rows


def _entry(payment, kind):
    counter = {Kind.AUTHORISE: "authorised", Kind.CAPTURE: "captured"}[kind]
    setattr(payment, counter, payment.amount)
    now = timezone.now()
    return PaymentEntry(
        payment=payment, kind=kind, amount=payment.amount, status=PaymentEntry.Status.DONE, created_at=now, done_at=now
    )


def number(paid, *, actor):
    """Give the rows of `check`, of all orders in one list, their pks, and the entries what names them."""
    if not paid:
        return
    bulk.number([payment for payment, _ in paid])
    bulk.number(list(chain.from_iterable(entries for _, entries in paid)))
    for payment, entries in paid:
        for entry in entries:
            entry.actor, entry.provider_ref = actor, f"{payment.gateway}:given-{entry.pk}"


def news(order, priced, paid, *, actor):
    """Set the payment state, counters and version of a numbered `order` to what its `paid` rows make them.

    Returns the unsaved Events that tell of it.
    """
    events, taken = [], dict.fromkeys(("authorised", "captured"), 0)
    for payment, entries in paid:
        for entry in entries:
            counter, was_paid = NEWS[entry.kind], order.is_paid
            taken[counter] += entry.amount
            totals = PaymentTotals(taken["authorised"], taken["captured"], 0)
            order.payment_state = states.payment_state(order, states.new(priced.lines, priced.charges, totals))
            data = {"payment": payment.pk, "entry": entry.pk}
            events.append(_event(order, f"order.{counter}", actor, data))
            if order.is_paid and not was_paid:
                events.append(_event(order, "order.paid", actor, {}))
        order.version += 1
    return events


NEWS = {Kind.AUTHORISE: "authorised", Kind.CAPTURE: "captured"}


def _event(order, name, actor, data):
    order.event_counter += 1
    data = {**order.event_data, **data}
    return Event(name=name, subject=order.subject, sequence=order.event_counter, actor=actor, data=data)


def write(paid):
    """Write the numbered rows."""
    bulk.insert([payment for payment, _ in paid])
    bulk.insert(list(chain.from_iterable(entries for _, entries in paid)))
