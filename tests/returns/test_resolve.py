from decimal import Decimal

import pytest

from fulfilment.services.till import sell
from inventory.models import StockLevel
from oms import roles
from oms.lib.errors import DomainError, InvalidTransition
from orders.models import Order, Refund
from orders.panels.payments import payments
from orders.services import cancel, pay, refund
from orders.services.close import close
from orders.services.due import due_of
from orders.services.intake import LineIn, PaymentIn
from returns.models import ReturnPolicy
from returns.services import receive, request
from returns.services.inspect import DispositionIn, dispose
from returns.services.resolve import resolve
from tests.deliver import deliver
from tests.make import make_channel, make_location, make_order_in, make_sku, make_user
from tests.orders.money import make_kit, make_order_of, make_paid, make_test_channel, ship
from tests.returns.make import asked, received, shipped

pytestmark = pytest.mark.django_db


def inspected(order, pieces, line=None):
    if line is None:
        return inspect_all(received(order, pieces))
    rma = request.request(order.pk, [request.ReturnLineIn(line.pk, pieces)], actor="user:1")
    return inspect_all(receive.receive(rma.pk, {row.pk: pieces for row in rma.lines.all()}, actor="user:1"))


def inspect_all(rma):
    return dispose(rma.pk, [DispositionIn(line.pk, line.received, "restock", 1) for line in rma.lines.all()])


def give_goodwill(order, amount):
    lines = [refund.RefundLineIn("goodwill", Decimal(amount))]
    refund.request(order.pk, lines=lines, reason="scratched", actor="user:1", wants_credit_note=True)
    deliver()


def test_pays_back_what_came():
    order = shipped(3)
    rma = resolve(inspected(order, 2).pk, actor="user:1")
    deliver()
    assert (rma.status, rma.refund.amount) == ("resolved", Decimal("19.00"))
    assert (Refund.objects.get().status, Order.objects.get().payment_state) == ("done", "partly_refunded")


def test_all_back_is_all_paid_back_to_the_cent():
    order = shipped(3, discounts=[])
    for _ in range(3):
        resolve(inspected(order, 1).pk, actor="user:1")
        deliver()
    assert sum(refund.amount for refund in Refund.objects.all()) == order.gross
    order.refresh_from_db()
    assert (order.return_state, order.payment_state) == ("returned", "refunded")


def test_what_a_till_sold_comes_back():
    store = make_location("MITTE", kind="store", allows_pickup=True)
    till, paid = make_channel(kind="store"), [PaymentIn(Decimal("19.00"), "cash", "T1-1")]
    sale = make_order_in(LineIn(make_sku(5, store).code, 2, Decimal("9.50")), channel=till, payments=paid, email="")
    sale.ship_to, sale.pickup_location = {}, "MITTE"
    order = sell(sale, actor="partner:1")
    rma = resolve(inspected(order, 1).pk, actor="user:1")
    deliver()
    assert (rma.refund.amount, StockLevel.objects.get().on_hand) == (Decimal("9.50"), 4)
    assert (Order.objects.get().return_state, Refund.objects.get().status) == ("partly_returned", "done")


def test_fee_is_kept():
    order = shipped(3)
    ReturnPolicy.objects.create(channel=order.channel, fee=Decimal("5.00"))
    assert resolve(inspected(order, 1).pk, actor="user:1").refund.amount == Decimal("4.50")


def test_second_call_pays_nothing_more():
    rma = inspected(shipped(3), 1)
    resolve(rma.pk, actor="user:1")
    resolve(rma.pk, actor="user:1")
    assert Refund.objects.count() == 1


def test_not_before_it_is_inspected():
    rma = asked(shipped(3))
    with pytest.raises(InvalidTransition, match="inspect all of it first"):
        resolve(rma.pk, actor="user:1")
    assert not Refund.objects.exists()


def test_unpaid_order_is_credited_and_gets_no_money_back():
    order = shipped(3, paid=False)
    rma = resolve(inspected(order, 1).pk, actor="user:1")
    assert (rma.status, rma.refund) == ("resolved", None)
    assert order.creditnotes.get().gross == Decimal("9.50")


def test_half_paid_order_gets_back_what_is_more_than_owed():
    order = shipped(3, paid=False)
    pay.add_payment(order.pk, amount=Decimal("20.00"), reference="half", actor="user:1")
    rma = resolve(inspected(order, 2).pk, actor="user:1")
    assert rma.refund.amount == Decimal("10.50")  # 28.50 sold, 20.00 paid, 19.00 came back
    assert order.creditnotes.get().gross == Decimal("19.00")


def test_second_return_of_a_half_paid_order_counts_what_was_credited():
    order = shipped(3, paid=False)
    pay.add_payment(order.pk, amount=Decimal("20.00"), reference="half", actor="user:1")
    for pieces in (2, 1):
        resolve(inspected(order, pieces).pk, actor="user:1")
        deliver()
    assert sum(refund.amount for refund in Refund.objects.all()) == Decimal("20.00")
    assert sum(note.gross for note in order.creditnotes.all()) == order.gross


def owes(order):
    """What the order page says: (due, kept, open), and the state that lists show."""
    order = Order.objects.get(pk=order.pk)
    context = payments(order, make_user(roles.CS))["context"]
    return context["due"], context["totals"].kept, context["open"], order.payment_state


def test_goods_returned_and_refunded_are_owed_no_more():
    order = shipped(3)
    resolve(inspected(order, 2).pk, actor="user:1")
    deliver()
    assert owes(order) == (Decimal("9.50"), Decimal("9.50"), 0, "partly_refunded")
    resolve(inspected(order, 1).pk, actor="user:1")
    deliver()
    assert owes(order) == (0, 0, 0, "refunded")


def test_goods_returned_unpaid_are_owed_no_more():
    order = shipped(3, paid=False)
    resolve(inspected(order, 1).pk, actor="user:1")
    assert owes(order) == (Decimal("19.00"), 0, Decimal("19.00"), "unpaid")
    pay.add_payment(order.pk, amount=Decimal("19.00"), reference="rest", actor="user:1")
    assert owes(order) == (Decimal("19.00"), Decimal("19.00"), 0, "paid")


def test_all_returned_unpaid_counts_as_paid():
    order = shipped(3, paid=False)
    resolve(inspected(order, 3).pk, actor="user:1")
    assert owes(order) == (0, 0, 0, "paid")


def test_half_paid_and_mostly_returned_owes_what_stays():
    order = shipped(3, paid=False)
    pay.add_payment(order.pk, amount=Decimal("20.00"), reference="half", actor="user:1")
    resolve(inspected(order, 2).pk, actor="user:1")
    deliver()
    assert owes(order)[:3] == (Decimal("9.50"), Decimal("9.50"), 0)
    assert refund.return_excess(order.pk) is None


def test_kept_fee_is_no_open_amount():
    order = shipped(3)
    ReturnPolicy.objects.create(channel=order.channel, fee=Decimal("5.00"))
    resolve(inspected(order, 3).pk, actor="user:1")
    deliver()
    assert owes(order)[:3] == (Decimal("5.00"), Decimal("5.00"), 0)


def torn_kit(paid):
    """An order of a kit at 100.00 and a mug at 40.00, of which so much is paid: all left but one of the kit's parts."""
    kit, cup, _ = make_kit((1, 1, 1), (1, 0, 1))
    order = make_order_of(LineIn(kit.code, 1, Decimal("100.00")), (1, "40.00"))
    pay.add_payment(order.pk, amount=Decimal(paid), actor="user:1")
    ship(order)
    deliver()
    return order, order.lines.get(sku=cup)


def came_back(order, line):
    rma = request.request(order.pk, [request.ReturnLineIn(line.pk, 1)], actor="user:1")
    rma = receive.receive(rma.pk, {row.pk: row.quantity for row in rma.lines.all()}, actor="user:1")
    return dispose(rma.pk, [DispositionIn(row.pk, row.received, "restock", 1) for row in rma.lines.all()])


def test_a_part_whose_kit_stayed_incomplete_is_paid_back_and_credited():
    order, cup = torn_kit(paid="140.00")
    cancel.cancel(order.pk, reason="never comes")
    deliver()
    assert owes(order)[:3] == (90, 90, 0)
    resolve(came_back(order, cup).pk, actor="user:1")
    deliver()
    assert owes(order)[:3] == (40, 40, 0)
    assert order.creditnotes.get().lines.get().line == cup


def test_a_part_of_a_kit_that_is_not_invoiced_yet_waits_for_the_rest():
    order, cup = torn_kit(paid="60.00")
    rma = came_back(order, cup)
    with pytest.raises(DomainError, match="invoiced when the rest of it has left or is cancelled"):
        resolve(rma.pk, actor="user:1")
    cancel.cancel(order.pk, reason="never comes")
    rma = resolve(rma.pk, actor="user:1")
    assert (rma.status, rma.refund.amount, order.creditnotes.get().gross) == ("resolved", 20, 50)


@pytest.mark.parametrize("rest", ["40.00", "100.00", "150.00"])
def test_what_ships_after_a_return_is_captured_without_what_came_back(rest):
    order, payment = make_paid((1, "100.00"), (1, rest), state="authorised")
    ship(order, {0: 1})
    deliver()
    resolve(inspected(order, 1).pk, actor="user:1")
    deliver()
    ship(order, {1: 1})
    deliver()
    payment.refresh_from_db()
    assert (payment.refundable, due_of(order), order.creditnotes.count()) == (Decimal(rest), Decimal(rest), 1)


def test_what_was_given_back_as_goodwill_is_not_given_back_again():
    order = shipped(1)
    give_goodwill(order, "0.95")
    assert resolve(inspected(order, 1).pk, actor="user:1").refund.amount == Decimal("8.55")
    deliver()
    assert owes(order) == (0, 0, 0, "refunded")


def test_what_goodwill_credited_of_an_unpaid_order_is_not_credited_again():
    order = shipped(1, paid=False)
    pay.add_payment(order.pk, amount=Decimal("5.00"), reference="half", actor="user:1")
    give_goodwill(order, "1.00")
    assert resolve(inspected(order, 1).pk, actor="user:1").refund.amount == Decimal("4.00")
    deliver()
    assert owes(order) == (0, 0, 0, "refunded")
    assert sum(note.gross for note in order.creditnotes.all()) == order.gross


@pytest.mark.parametrize("state", ["captured", "authorised"])
def test_two_returns_that_complete_the_order_pay_its_shipping_once(state):
    channel = make_test_channel(payment_gate="authorised", capture_at="manual")
    order, payment = make_paid((1, "10.00"), (1, "20.00"), shipping="5.00", state=state, channel=channel)
    ReturnPolicy.objects.create(channel=channel, refunds_shipping=True)
    ship(order)
    both = [inspected(order, 1, line=line) for line in order.lines.all()]
    for rma in both:
        resolve(rma.pk, actor="user:1")
        deliver()
    payment.refresh_from_db()
    assert (payment.refundable, sum(note.gross for note in order.creditnotes.all())) == (0, 35)


def test_shipping_is_not_paid_back_while_more_is_to_come():
    order, _ = make_paid((1, "50.00"), (1, "10.00"), shipping="5.00")
    ReturnPolicy.objects.create(channel=order.channel, refunds_shipping=True)
    ship(order, {0: 1})
    assert resolve(inspected(order, 1).pk, actor="user:1").refund.amount == 50
    ship(order, {1: 1})
    rma = inspected(order, 1, line=order.lines.last())
    assert resolve(rma.pk, actor="user:1").refund.amount == 15


def test_returns_that_come_in_another_order_are_paid_back_to_the_cent():
    third = LineIn(make_sku(3).code, 3, Decimal("10.00"), Decimal("10.00"))
    order, _ = make_paid(third)
    ship(order)
    for rma in reversed([asked(order) for _ in range(3)]):
        rma = receive.receive(rma.pk, {line.pk: 1 for line in rma.lines.all()}, actor="user:1")
        resolve(inspect_all(rma).pk, actor="user:1")
        deliver()
    assert sum(row.amount for row in Refund.objects.all()) == order.gross == 20


def test_a_return_credited_after_the_order_closed_gives_the_authorisation_back():
    channel = make_test_channel(payment_gate="authorised", capture_at="manual")
    order, payment = make_paid((2, "10.00"), state="authorised", channel=channel)
    ship(order)
    close(order.pk)
    deliver()
    resolve(inspected(order, 1).pk, actor="user:1")
    deliver()
    payment.refresh_from_db()
    assert (payment.voided, payment.capturable) == (10, 10)
