"""Paid and shipped orders for the tests of money."""

from decimal import Decimal

from fulfilment.models import FulfilmentOrder
from fulfilment.services.direct import ParcelIn, ship_reported
from fulfilment.services.unship import unship as take_back
from inventory.models import KitComponent
from orders.models import Channel, Order, TaxRate
from orders.services import capture, pay, pricing
from orders.services.intake import ChargeIn, LineIn
from orders.services.place import place
from tests.deliver import deliver
from tests.make import make_channel, make_location, make_order_in, make_sku, numbers
from tests.replay import replayed


@replayed
def make_rates():
    """German VAT, 19 % and 7 %."""
    for tax_class, rate in (("standard", "0.19"), ("reduced", "0.07")):
        fields = {"country": "DE", "tax_class": tax_class, "valid_from": "2020-01-01"}
        TaxRate.objects.get_or_create(**fields, defaults={"rate": Decimal(rate)})
    pricing.forget_rates()


@replayed
def make_order_of(*lines, shipping=None, channel=None, **fields):
    """An order of `lines` (LineIn, or quantity and unit price) from one warehouse, confirmed where it may be.

    Given `shipping`, it has that charge.
    """
    location = make_location()
    rows = [line if isinstance(line, LineIn) else _line_in(location, *line) for line in lines]
    charges = [ChargeIn("shipping", Decimal(shipping))] if shipping else []
    # A customer each, or the second of two equal orders is held as a duplicate.
    fields = {"email": f"customer{next(numbers)}@example.com"} | fields
    order = place(make_order_in(*rows, channel=channel or make_test_channel(), charges=charges, **fields))
    deliver()
    return Order.objects.get(pk=order.pk)


def _line_in(location, quantity, price):
    return LineIn(make_sku(quantity, location).code, quantity, Decimal(price))


@replayed
def make_kit(*parts):
    """A kit of `parts` (in one kit, pieces in stock, unit cost), all in one warehouse; returns it and their SKUs."""
    location, kit = make_location(), make_sku(kind="kit")
    skus = [make_sku(there, location, unit_cost=Decimal(cost)) for _, there, cost in parts]
    for (pieces, _, _), sku in zip(parts, skus, strict=True):
        KitComponent.objects.create(kit=kit, component=sku, quantity=pieces)
    return kit, *skus


@replayed
def make_test_channel(**fields):
    """A channel whose payments the test gateway takes."""
    return make_channel(**{"gateway": "test", "payment_gate": Channel.Gate.NONE} | fields)


@replayed
def make_paid(*lines, token="ok", state="captured", **fields):
    """An order of `lines` and its one payment, of all of it, which the test gateway has taken, or only promised."""
    fields = {"channel": make_test_channel(payment_gate=Channel.Gate.AUTHORISED)} | fields
    order = make_order_of(*lines, **fields)
    payment = pay.authorise(order.pk, amount=order.gross, token=token)
    deliver()
    if state == "captured":
        capture.capture(payment.pk, actor="user:1")
        deliver()
    return Order.objects.get(pk=order.pk), order.payments.get()


@replayed
def ship(order, pieces=None):
    """Ship {index of the order's line: pieces} (None: all that is open); returns the Invoice of it, or None."""
    before, lines = order.invoices.count(), list(order.lines.order_by("pk"))
    wanted = {lines[index].pk: count for index, count in (pieces or {}).items()}
    works = FulfilmentOrder.objects.filter(order=order, status__in=["open", "released", "picking"])
    for work in works.order_by("pk"):
        rows = work.lines.select_related("allocation")
        parts = {row.pk: row.wanted if pieces is None else wanted.get(row.order_line_id, 0) for row in rows}
        parts = {pk: count for pk, count in parts.items() if count}
        if parts:
            ship_reported(work.pk, [ParcelIn(parts)], actor="user:1")
    return order.invoices.first() if order.invoices.count() > before else None


@replayed
def unship(order, number=1):
    """Take the order's shipment `number` back; returns (its fulfilment order, the CreditNote)."""
    work = take_back(FulfilmentOrder.objects.filter(order=order).order_by("pk")[number - 1].pk, actor="user:1")
    return work, order.creditnotes.first()
