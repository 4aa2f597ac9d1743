"""Whatever is shipped, cancelled, returned and given back, in any order: what is kept in the end is what is due."""

import os
import random
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db.models import Sum

from oms.lib.errors import DomainError
from orders.models import Order, Payment
from orders.services import cancel, capture, refund
from orders.services.close import close
from orders.services.due import due_of, sold
from orders.services.intake import DiscountIn, LineIn
from orders.services.refund import RefundLineIn
from returns.models import ReturnPolicy
from returns.services import receive, request
from returns.services.inspect import DispositionIn, dispose
from returns.services.resolve import resolve
from tests.deliver import deliver
from tests.make import make_location, make_sku
from tests.orders.money import make_paid, make_rates, make_test_channel, ship

pytestmark = pytest.mark.django_db

TRIALS = range(60 if os.environ.get("OMS_SOAK") else 4)
AMOUNTS = ("gross", "tax", "net")


def make(dice):
    """An order of up to three lines whose money is taken in one of the three ways."""
    make_rates()
    here, how = make_location(), dice.choice(["placing", "shipping", "manual"])
    fields = {"prices_include_tax": dice.random() < 0.5, "capture_at": how, "payment_gate": "authorised"}
    channel = make_test_channel(**fields)
    ReturnPolicy.objects.create(channel=channel, refunds_shipping=True, fee=dice.choice([0, Decimal("2.50")]))
    lines = []
    for _ in range(dice.randint(1, 3)):
        pieces, price = dice.randint(1, 5), Decimal(dice.randint(50, 3000)) / 100
        sku = make_sku(pieces, here, tax_class=dice.choice(["standard", "reduced"]))
        lines.append(LineIn(sku.code, pieces, price, dice.choice([Decimal(0), Decimal("0.37")])))
    discounts = [DiscountIn(Decimal("0.13"))] if dice.random() < 0.6 else []
    shipping = dice.choice([None, "4.90"])
    order, payment = make_paid(*lines, channel=channel, shipping=shipping, discounts=discounts, state="authorised")
    if how == "manual":
        capture.capture(payment.pk, actor="user:1")
        deliver()
    return order, payment


def act(dice, order, announced):
    """One thing that happens to the order; raises DomainError where it cannot be now."""
    what = dice.choice(["ship", "ship", "cancel", "return", "goodwill"])
    order.refresh_from_db()
    lines = list(order.lines.order_by("pk"))
    index = dice.randrange(len(lines))
    line, is_open = lines[index], order.is_open and lines[index].open_quantity
    if what == "ship" and is_open:
        ship(order, {index: dice.randint(1, line.open_quantity)})
    elif what == "cancel" and is_open:
        cancel.cancel(order.pk, lines={line.pk: dice.randint(1, line.open_quantity)}, reason="changed mind")
    elif what == "return" and line.returnable:
        row = request.ReturnLineIn(line.pk, dice.randint(1, line.returnable))
        announced.append(request.request(order.pk, [row], actor="user:1"))
    elif what == "goodwill":
        lines = [RefundLineIn("goodwill", Decimal("0.50"))]
        options = {"reason": "late", "actor": "user:1", "wants_credit_note": dice.random() < 0.5}
        refund.request(order.pk, lines=lines, **options)


def come_back(rma):
    rma.refresh_from_db()
    rma = receive.receive(rma.pk, {line.pk: line.quantity for line in rma.lines.all()}, actor="user:1")
    rma = dispose(rma.pk, [DispositionIn(line.pk, line.received, "restock", 1) for line in rma.lines.all()])
    resolve(rma.pk, actor="user:1")


def end(dice, order):
    """Ship or cancel what is open, and close the order."""
    order.refresh_from_db()
    if order.is_open and any(line.open_quantity for line in order.lines.all()):
        if dice.random() < 0.5:
            ship(order)
        else:
            cancel.cancel(order.pk, reason="never comes")
        deliver()
    close(order.pk)
    deliver()


@pytest.mark.parametrize("seed", TRIALS)
def test_what_is_kept_is_what_is_due_and_bills_are_what_was_sold(seed):
    dice = random.Random(seed)
    order, payment = make(dice)
    announced = []
    for _ in range(10):
        with suppress(DomainError):
            act(dice, order, announced)
        if dice.random() < 0.5:
            deliver()
        if announced and dice.random() < 0.4:
            come_back(announced.pop(dice.randrange(len(announced))))
    deliver()
    end(dice, order)
    for rma in announced:
        come_back(rma)
    deliver()

    order, lines = Order.objects.get(pk=order.pk), list(order.lines.all())
    payment.refresh_from_db()
    assert Payment.objects.totals(order).kept == due_of(order)
    assert payment.authorised == payment.captured + payment.voided
    sums = {name: Sum(name, default=0) for name in AMOUNTS}
    invoiced, credited = order.invoices.aggregate(**sums), order.creditnotes.aggregate(**sums)
    was_shipped = any(line.shipped for line in lines)
    assert invoiced["gross"] == (sold(order, lines, list(order.charges.all())) if was_shipped else 0)
    assert all(credited[name] <= invoiced[name] for name in AMOUNTS)
    assert [invoice.due for invoice in order.invoices.all() if invoice.due] == []
