from decimal import Decimal

import pytest

from oms.lib.errors import DomainError, Invalid, InvalidTransition
from oms.outbox.models import Event
from orders.models import CreditNote, Payment, Refund, RefundLine, SandboxMovement
from orders.services import cancel, capture, change, pay, refund
from orders.services.due import due_of, excess_of
from orders.services.refund import RefundLineIn
from orders.services.refund_caps import caps_of, presets
from tests.deliver import deliver
from tests.orders.money import make_order_of, make_paid, make_test_channel, ship

pytestmark = pytest.mark.django_db

ANNA, BEN = "user:1", "user:2"


def goodwill(amount):
    return [RefundLineIn("goodwill", Decimal(amount))]


def ask(order, lines, **options):
    return refund.request(order.pk, lines=lines, **{"reason": "scratched", "actor": ANNA} | options)


def refunded(payment):
    payment.refresh_from_db()
    return payment.refunded


def status(row):
    row.refresh_from_db()
    return row.status


def test_a_refund_counts_at_once_and_is_done_when_the_gateway_says_so():
    order, payment = make_paid((2, "9.50"))
    row = ask(order, goodwill("4.00"))
    assert (status(row), refunded(payment)) == ("sending", 4)
    deliver()
    assert (status(row), refunded(payment)) == ("done", 4)
    order.refresh_from_db()
    assert order.payment_state == "partly_refunded"
    assert SandboxMovement.objects.get(operation="refund").calls == 1
    assert Event.objects.filter(name="order.refunded", data__refund=row.pk).exists()


def test_all_of_it_refunded():
    order, _ = make_paid((2, "9.50"))
    ask(order, goodwill("19.00"))
    deliver()
    order.refresh_from_db()
    assert order.payment_state == "refunded"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([("goodwill", "19.01")], "Only €19.00 can be refunded"),
        ([("goodwill", "18.00"), ("shipping", "1.01")], "Only €0.00 of this"),
        ([("goodwill", "0")], "more than nothing"),
        ([("goodwill", "-1")], "more than nothing"),
        ([("goodwill", "1"), ("fee", "-1")], "more than nothing"),
        ([("goodwill", "0.001")], "no amount of EUR"),
        ([("present", "1")], "not present"),
        ([("item", "1")], "no such line"),
        ([], "a line at least"),
    ],
)
def test_what_makes_no_sense_is_refused(lines, text):
    order, payment = make_paid((2, "9.50"))
    with pytest.raises(DomainError, match=text) as error:
        ask(order, [RefundLineIn(kind, Decimal(amount)) for kind, amount in lines])
    assert error.value.field.startswith("lines")
    assert refunded(payment) == 0
    assert not Refund.objects.exists()


def test_a_reason_is_asked_for():
    order, _ = make_paid((2, "9.50"))
    with pytest.raises(Invalid) as error:
        ask(order, goodwill("1"), reason=" ")
    assert error.value.field == "reason"


def test_a_line_has_its_own_cap():
    order, _ = make_paid((2, "9.50"), (1, "30.00"), shipping="5.00")
    line = order.lines.first()
    ask(order, [RefundLineIn("item", Decimal("15.00"), line.pk, 1)])
    with pytest.raises(DomainError, match="Only €4.00 of this"):
        ask(order, [RefundLineIn("tax", Decimal("2.00"), line.pk), RefundLineIn("item", Decimal("2.01"), line.pk)])
    caps = caps_of(order)
    assert (caps.total, caps.shipping, list(caps.lines.values())) == (Decimal(39), 5, [4, 30])


def test_a_fee_kept_back_makes_the_refund_smaller():
    order, payment = make_paid((2, "9.50"))
    lines = [RefundLineIn("item", Decimal("19.00"), order.lines.get().pk, 2), RefundLineIn("fee", Decimal("-3.50"))]
    assert ask(order, lines).amount == Decimal("15.50")
    assert refunded(payment) == Decimal("15.50")


def test_the_same_cause_refunds_once():
    order, payment = make_paid((2, "9.50"))
    assert ask(order, goodwill("4"), key="return:1") == ask(order, goodwill("4"), key="return:1")
    assert refunded(payment) == 4


def test_the_oldest_capture_goes_back_first():
    order = make_order_of((2, "9.50"))
    for amount, reference in ((9, "first"), (10, "second")):
        pay.add_payment(order.pk, amount=Decimal(amount), reference=reference)
    ask(order, goodwill("12"))
    assert list(order.payments.values_list("refunded", flat=True)) == [9, 3]
    deliver()
    assert status(Refund.objects.get()) == "done"


def test_above_the_limit_a_second_person_approves():
    order, payment = make_paid((2, "9.50"), channel=make_test_channel(refund_limit=Decimal(5)))
    assert status(ask(order, goodwill("5"))) == "sending"
    row = ask(order, goodwill("5.01"))
    assert (status(row), refunded(payment)) == ("requested", 5)
    assert caps_of(order).total == Decimal("8.99")  # what waits is spoken for

    with pytest.raises(DomainError, match="second person"):
        refund.approve(row.pk, actor=ANNA)
    assert (status(row), refunded(payment)) == ("requested", 5)

    refund.approve(row.pk, actor=BEN)
    assert (status(row), row.decided_by) == ("sending", BEN)
    assert refunded(payment) == Decimal("10.01")
    with pytest.raises(InvalidTransition):
        refund.approve(row.pk, actor=BEN)
    assert refunded(payment) == Decimal("10.01")


def test_what_is_owed_needs_no_approval():
    order, _ = make_paid((2, "9.50"), channel=make_test_channel(refund_limit=Decimal(5)))
    assert ask(order, goodwill("10"), is_owed=True).status == "sending"


def test_a_rejected_refund_moves_nothing():
    order, payment = make_paid((2, "9.50"), channel=make_test_channel(refund_limit=Decimal(0)))
    row = ask(order, goodwill("5"))
    refund.reject(row.pk, actor=BEN)
    assert (status(row), refunded(payment)) == ("rejected", 0)
    assert caps_of(order).total == 19


def test_a_refused_refund_can_be_retried_and_counts_no_more_meanwhile():
    order, payment = make_paid((2, "9.50"), token="refund_declined")
    row = ask(order, goodwill("5"))
    deliver()
    assert (status(row), refunded(payment)) == ("failed", 0)
    assert list(Refund.objects.failed()) == [row]
    order.refresh_from_db()
    assert order.payment_state == "paid"

    refund.retry(row.pk, actor=BEN)
    assert (status(row), refunded(payment)) == ("sending", 5)
    deliver()
    assert (status(row), refunded(payment)) == ("failed", 0)
    assert SandboxMovement.objects.filter(operation="refund").count() == 2


def test_what_a_gateway_refuses_is_paid_by_hand():
    order, payment = make_paid((2, "9.50"), token="refund_declined")
    row = ask(order, goodwill("5"))
    deliver()
    with pytest.raises(Invalid) as error:
        refund.pay_by_hand(row.pk, reference="", actor=BEN)
    assert error.value.field == "reference"

    refund.pay_by_hand(row.pk, reference="SEPA 4711", actor=BEN)
    assert (status(row), refunded(payment)) == ("done", 5)
    assert row.entries.done().get().provider_ref.endswith("SEPA 4711")
    with pytest.raises(InvalidTransition):
        refund.pay_by_hand(row.pk, reference="SEPA 4711", actor=BEN)
    assert refunded(payment) == 5


def test_only_what_failed_is_sent_again():
    order = make_order_of((2, "9.50"))
    pay.add_payment(order.pk, amount=Decimal(9), gateway="manual", method="cash")
    pay.add_payment(order.pk, amount=Decimal(10), reference="sandbox-refund_declined-1")
    row = ask(order, goodwill("12"))
    deliver()
    assert status(row) == "failed"
    assert list(order.payments.values_list("refunded", flat=True)) == [9, 0]

    refund.pay_by_hand(row.pk, reference="SEPA 1", actor=BEN)
    assert status(row) == "done"
    assert list(order.payments.values_list("refunded", flat=True)) == [9, 3]


def test_a_cancelled_order_is_paid_back():
    order, payment = make_paid((2, "9.50"), (1, "30.00"), shipping="5.00")
    cancel.cancel(order.pk, reason="changed mind")
    deliver()
    assert refunded(payment) == 54
    row = Refund.objects.get()
    lines = [(line.kind, line.quantity, line.amount) for line in row.lines.all()]
    assert lines == [("item", 2, 19), ("item", 1, 30), ("shipping", 0, 5)]
    assert status(row) == "done"


def test_cancelled_pieces_are_paid_back_once_each():
    order, payment = make_paid((3, "10.00"), shipping="5.00")
    line = order.lines.get()
    for _ in range(2):
        cancel.cancel(order.pk, lines={line.pk: 1}, reason="changed mind")
        deliver()
    assert refunded(payment) == 20
    assert list(Refund.objects.order_by("pk").values_list("key", "amount")) == [
        ("less:1", 10),
        ("less:2", 10),
    ]
    assert refund.return_excess(order.pk) is None
    order.refresh_from_db()
    assert order.payment_state == "paid"


def test_each_line_pays_back_its_own_pieces():
    order, _ = make_paid((2, "50.00"), (2, "10.00"))
    for line in order.lines.all():
        cancel.cancel(order.pk, lines={line.pk: 1}, reason="fewer")
        deliver()
    lines = RefundLine.objects.order_by("pk").values_list("line__unit_price", "amount")
    assert list(lines) == [(50, 50), (10, 10)]


def test_goodwill_does_not_shrink_what_a_cancellation_pays_back():
    order, payment = make_paid((3, "10.00"))
    ask(order, goodwill("3"))
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="changed mind")
    deliver()
    assert refunded(payment) == 13


def item(line, amount):
    return [RefundLineIn("item", Decimal(amount), line.pk)]


@pytest.mark.parametrize(("cancelled", "goes_back"), [(1, 0), (2, 50), (3, 100)])
def test_a_piece_that_was_refunded_and_then_cancelled_is_paid_back_once(cancelled, goes_back):
    order, payment = make_paid((3, "50.00"))
    line = order.lines.get()
    ask(order, item(line, "50.00"))
    cancel.cancel(order.pk, lines={line.pk: cancelled}, reason="broken")
    deliver()
    stays = 150 - 50 * cancelled
    assert (refunded(payment), due_of(order), excess_of(order)) == (50 + goes_back, stays, 0)


def test_a_refund_of_shipped_pieces_does_not_shrink_what_a_cancellation_pays_back():
    order, payment = make_paid((2, "50.00"))
    line = order.lines.get()
    ship(order, {0: 1})
    ask(order, item(line, "50.00"))
    cancel.cancel(order.pk, lines={line.pk: 1}, reason="none is left")
    deliver()
    assert (refunded(payment), due_of(order)) == (100, 0)


def test_a_little_off_a_piece_stays_off_when_another_is_cancelled():
    order, payment = make_paid((2, "50.00"))
    line = order.lines.get()
    ask(order, item(line, "5.00"))
    cancel.cancel(order.pk, lines={line.pk: 1}, reason="one is enough")
    deliver()
    assert (refunded(payment), due_of(order)) == (55, 45)


def test_a_refund_that_covers_a_cancelled_piece_and_more_counts_for_it_once():
    order, payment = make_paid((3, "50.00"))
    line = order.lines.get()
    ask(order, item(line, "100.00"))
    for due in (50, 50, 0):
        cancel.cancel(order.pk, lines={line.pk: 1}, reason="broken")
        deliver()
        assert due_of(order) == due
    assert refunded(payment) == 150


def test_a_change_that_costs_less_is_paid_back():
    order, payment = make_paid((3, "10.00"))
    change.change(order.pk, {"quantities": {str(order.lines.get().pk): 1}})
    deliver()
    assert refunded(payment) == 20


def test_money_that_comes_after_the_cancellation_goes_back():
    order, payment = make_paid((2, "9.50"), state="authorised")
    capture.capture(payment.pk, actor=ANNA)
    cancel.cancel(order.pk, reason="changed mind")
    deliver()
    assert refunded(payment) == 19


def test_what_was_paid_too_much_stays_until_somebody_decides():
    order = make_order_of((1, "10.00"), channel=make_test_channel(gateway="manual"))
    pay.add_payment(order.pk, amount=Decimal(11))
    deliver()
    assert not Refund.objects.exists()


def test_what_was_paid_too_much_goes_back_once_and_lowers_nothing():
    order, payment = make_paid((2, "49.00"), shipping="4.90")
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="changed mind")
    with pytest.raises(DomainError, match="€49.00 of it was paid too much"):
        ask(order, goodwill("50.00"))
    assert not ask(order, goodwill("49.00")).lowers_due
    deliver()
    assert (refunded(payment), due_of(order)) == (49, Decimal("53.90"))
    assert ask(order, goodwill("5.00")).lowers_due
    deliver()
    assert (refunded(payment), due_of(order)) == (54, Decimal("48.90"))


def test_nothing_cancelled_nothing_paid_back():
    order, payment = make_paid((3, "10.00"))
    assert refund.return_excess(order.pk) is None
    assert refunded(payment) == 0


def test_a_transfer_is_paid_back_by_a_person():
    order = make_order_of((1, "10.00"), channel=make_test_channel(gateway="manual"))
    payment = pay.add_payment(order.pk, amount=Decimal(10), method="bank transfer")
    cancel.cancel(order.pk, reason="changed mind")
    deliver()
    row = Refund.objects.waiting().get()
    assert refunded(payment) == 0
    refund.approve(row.pk, actor=ANNA)
    assert (status(row), refunded(payment)) == ("done", 10)


def test_a_refund_of_invoiced_goods_writes_its_credit_note():
    order, _ = make_paid((2, "9.50"))
    ship(order)
    ask(order, goodwill("4.00"), wants_credit_note=True)
    assert not CreditNote.objects.exists()
    deliver()
    note = CreditNote.objects.get()
    assert (note.gross, note.cause, note.reason) == (4, "price", "scratched")


def test_presets_name_what_can_be_refunded():
    order, _ = make_paid((2, "9.50"), (1, "30.00"), shipping="5.00")
    found = presets(order, caps_of(order), order.lines.all())
    amounts = [(preset.name, preset.kind, preset.amount) for preset in found]
    tenth, shipping, first, second = amounts
    assert tenth == ("10 %", "goodwill", Decimal("5.40"))
    assert shipping == ("Shipping", "shipping", Decimal(5))
    assert [first[2], second[2]] == [19, 30]


def test_no_preset_above_the_cap():
    order, _ = make_paid((2, "9.50"), shipping="5.00")
    ask(order, goodwill("21"))
    found = presets(order, caps_of(order), order.lines.all())
    assert [preset.name for preset in found] == ["10 %"]


def test_presets_follow_what_is_cancelled():
    order, _ = make_paid((2, "49.00"), shipping="4.90")
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="changed mind")
    for _ in range(2):
        found = presets(order, caps_of(order), order.lines.all())
        amounts = {preset.name: preset.amount for preset in found}
        assert amounts.pop("10 %") == Decimal("5.39")
        deliver()
    assert list(amounts.values()) == [Decimal("4.90"), 49], "what was paid too much is on its way"


def test_lines_of_a_refund_add_up_to_it():
    order, _ = make_paid((2, "9.50"), shipping="5.00")
    row = ask(order, [*goodwill("1"), RefundLineIn("shipping", Decimal(5))])
    assert sum(RefundLine.objects.filter(refund=row).values_list("amount", flat=True)) == row.amount == 6
    assert Payment.objects.totals(order).refunded == 6


def test_locks_the_order_alone(assert_locks):
    order, _ = make_paid((2, "9.50"))
    with assert_locks("orders_order"):
        ask(order, goodwill("4.00"))
