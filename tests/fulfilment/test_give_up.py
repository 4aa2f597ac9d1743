"""A lost parcel is made good in one step: its goods again, or the money, and the carrier is asked to pay."""

from decimal import Decimal

import pytest
from django.db import transaction

from fulfilment.models import CarrierClaim, ParcelCase
from fulfilment.services.file_claim import file_claim
from fulfilment.services.give_up import Remedy, give_up
from inventory.models import StockLevel
from oms.lib.errors import DomainError, InsufficientStock, Invalid, InvalidTransition
from orders.models import Order, Refund
from orders.services import pay
from orders.services.intake import ChargeIn
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, make_shelf
from tests.fulfilment.road import MONDAY, on_road, scanned
from tests.make import make_channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(time_machine):
    """A parcel of one cup, the last but one, in trouble on its way; the order has paid shipping too."""
    time_machine.move_to(MONDAY, tick=True)
    parcel = on_road(shelf=make_shelf(2), charges=[ChargeIn("shipping", Decimal("4.90"))])
    pay.add_payment(parcel.order_id, amount=parcel.order.gross, reference="paid", actor=ACTOR)
    scanned(parcel, MONDAY, "exception")
    return ParcelCase.objects.get()


def lose(case, remedy="", **fields):
    return give_up(case.pk, note="they cannot find it", remedy=remedy, **fields, actor=ACTOR)


def test_the_goods_are_sent_again_for_nothing_with_their_stock_reserved(case):
    again = lose(case, Remedy.RESEND).replacement
    deliver()
    again = Order.objects.get(pk=again.pk)
    assert (again.status, again.gross, again.replaces, again.ship_to) == (
        "confirmed",
        0,
        case,
        case.parcel.order.ship_to,
    )
    line = again.lines.get()
    assert (line.sku, line.quantity) == (case.parcel.lines.get().sku, 1)
    assert again.fulfilment_orders.get().status == "open"
    assert StockLevel.objects.get(sku=line.sku).reserved == 1
    assert f"order {case.parcel.order}" in again.notes.get().text
    with pytest.raises(InvalidTransition):
        lose(case, Remedy.RESEND)
    assert Order.objects.count() == 2


def test_the_money_goes_back_with_the_shipping_where_nothing_arrives(case):
    refund = lose(case, Remedy.REFUND).refund
    assert refund.amount == case.parcel.order.gross == Decimal("14.40")
    assert sorted(refund.lines.values_list("kind", "amount")) == [
        ("item", Decimal("9.50")),
        ("shipping", Decimal("4.90")),
    ]
    deliver()
    case.parcel.order.refresh_from_db()
    assert case.parcel.order.payment_state == "refunded"


def test_what_cannot_be_done_leaves_the_case_open(case):
    order = case.parcel.order
    type(order.channel).objects.filter(pk=order.channel_id).update(on_shortage="refuse")
    StockLevel.objects.update(safety=1)
    with pytest.raises(InsufficientStock), transaction.atomic():
        lose(case, Remedy.RESEND, claimed=Decimal(9))
    lose(case, Remedy.REFUND)
    other = on_road(channel=make_channel())
    scanned(other, MONDAY, "exception")
    unpaid = ParcelCase.objects.open().get()
    with pytest.raises(DomainError, match="not paid"), transaction.atomic():
        lose(unpaid, Remedy.REFUND)
    assert list(ParcelCase.objects.open()) == [unpaid]
    assert (Order.objects.count(), Refund.objects.count(), CarrierClaim.objects.count()) == (2, 1, 0)


def test_a_claim_is_paid_or_refused_and_asked_again(case):
    with pytest.raises(InvalidTransition, match="nothing to claim"):
        file_claim(case.pk, amount=Decimal(9), actor=ACTOR)
    claim = lose(case, claimed=Decimal("9.50"), reference="C-1").claim
    assert (claim.status, claim.reference) == ("open", "C-1")
    with pytest.raises(Invalid):
        file_claim(case.pk, amount=Decimal("9.505"), actor=ACTOR)
    for status in ("refused", "open", "paid"):
        claim = file_claim(case.pk, amount=Decimal(8), reference="C-1", status=status, actor=ACTOR)
        assert (claim.status, claim.settled_at is None) == (status, status == "open")
    with pytest.raises(InvalidTransition, match="paid already"):
        file_claim(case.pk, amount=Decimal(9), actor=ACTOR)
