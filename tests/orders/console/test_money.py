from decimal import Decimal

import pytest
from django.urls import reverse

from oms import roles
from orders.models import Payment, Refund
from orders.services import pay, refund
from orders.services.due import due_of
from orders.services.intake import ChargeIn
from orders.services.refund import RefundLineIn
from tests.deliver import deliver
from tests.make import make_channel, make_order, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(client):
    client.user = make_user(roles.FINANCE)
    client.force_login(client.user)
    return client


def paid_order(**channel):
    order = make_order(quantity=2, channel=make_channel(**channel))
    pay.add_payment(order.pk, amount=order.gross, reference=f"bank {order.pk}")
    return order


def url(name, order, *args):
    return reverse(f"console:{name}", args=[order.pk, *args])


def test_a_payment_is_recorded(finance):
    order = make_order()
    proposed = str(finance.get(url("payment", order)).context["form"]["amount"].value())
    assert proposed == "9.50"
    finance.post(url("payment", order), {"amount": "9,50", "method": "Bank transfer", "reference": "R-1"})
    order.refresh_from_db()
    assert order.is_paid
    assert Payment.objects.get().reference == "R-1"


def test_the_same_reference_with_another_amount_is_refused(finance):
    order = make_order()
    data = {"amount": "4.00", "method": "Bank transfer", "reference": "R-1"}
    finance.post(url("payment", order), data)
    response = finance.post(url("payment", order), {**data, "amount": "5.00"})
    assert response.status_code == 422
    assert "R-1 is known with another amount, €4.00." in response.content.decode()
    assert Payment.objects.get().amount == 4


@pytest.mark.parametrize("verb", ["capture", "void"])
def test_an_authorised_payment_is_captured_or_voided(finance, verb):
    order = make_order()
    payment = pay.add_payment(order.pk, amount=order.gross, reference="r", state="authorised")
    finance.post(url("move_payment", order, payment.pk, verb))
    assert payment.entries.filter(kind=verb).exists()


def test_a_preset_is_a_click_away(cs):
    order = paid_order()
    response = cs.get(url("refund", order))
    [goodwill, *_] = response.context["presets"]
    assert (goodwill[0].name, goodwill[0].amount) == ("10 %", Decimal("1.90"))
    form = cs.get(f"{url('refund', order)}?{goodwill[1]}").context["form"]
    assert (form["goodwill"].value(), form["reason"].value()) == ("1.90", "10 %")


def test_what_was_paid_too_much_is_shown_and_a_click_away(finance):
    order = make_order()
    pay.add_payment(order.pk, amount=Decimal("19.00"), reference="twice")
    page = reverse("admin:orders_order_change", args=[order.pk])
    assert "<dt>Too much</dt>" in finance.get(page).content.decode()
    [excess, *_] = finance.get(url("refund", order)).context["presets"]
    assert (excess[0].name, excess[0].amount) == ("Paid too much", Decimal("9.50"))
    form = finance.get(f"{url('refund', order)}?{excess[1]}").context["form"]
    data = {"excess": form["excess"].value(), "reason": form["reason"].value()}
    assert finance.post(url("refund", order), data | {"excess": "9.51"}).status_code == 422
    finance.post(url("refund", order), data | {"excess": "9,50"})
    assert (Refund.objects.get().amount, due_of(order)) == (Decimal("9.50"), Decimal("9.50"))
    assert "<dt>Too much</dt>" not in finance.get(page).content.decode()


def test_a_refund_is_asked_for(cs, said):
    order = paid_order()
    line = order.lines.get()
    data = {"goodwill": "1.90", f"line-{line.pk}": "9.50", "fee": "1.00", "reason": "Damaged"}
    response = cs.post(url("refund", order), data, follow=True)
    assert said(response) == ["Refund of €10.40 is on its way."]
    asked = Refund.objects.get()
    assert asked.requested_by == f"user:{cs.user.pk}"
    assert {row.kind: str(row.amount) for row in asked.lines.all()} == {
        "goodwill": "1.9000",
        "item": "9.5000",
        "fee": "-1.0000",
    }


def test_more_than_was_paid_is_refused(cs):
    order = paid_order()
    response = cs.post(url("refund", order), {"goodwill": "100", "reason": "sorry"})
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["Only €19.00 can be refunded."]
    assert not Refund.objects.exists()


def test_more_than_a_line_was_is_said_beside_the_line(cs):
    order = paid_order()
    line = order.lines.get()
    response = cs.post(url("refund", order), {"goodwill": "0.50", f"line-{line.pk}": "19.01", "reason": "sorry"})
    assert response.context["form"].errors == {f"line-{line.pk}": ["Only €19.00 of this can be refunded."]}
    assert "lines." not in response.content.decode()


def test_above_the_limit_a_second_person_decides(cs, client, said):
    order = paid_order(refund_limit=Decimal(5))
    response = cs.post(url("refund", order), {"goodwill": "6.00", "reason": "sorry"}, follow=True)
    assert "waits for a second person" in said(response)[0]
    asked = Refund.objects.get()
    assert cs.post(url("decide_refund", order, asked.pk, "approve")).status_code == 403
    client.force_login(make_user(roles.FINANCE))
    response = client.post(url("decide_refund", order, asked.pk, "approve"), follow=True)
    assert said(response)[-1] == "The refund of €6.00 is approved and on its way."
    asked.refresh_from_db()
    assert asked.status != Refund.Status.REQUESTED


def test_who_asked_does_not_approve(finance, said):
    order = paid_order(refund_limit=Decimal(5))
    lines = [RefundLineIn("goodwill", Decimal(6))]
    asked = refund.request(order.pk, lines=lines, reason="x", actor=f"user:{finance.user.pk}")
    response = finance.post(url("decide_refund", order, asked.pk, "approve"), follow=True)
    assert "second person" in said(response)[0]
    asked.refresh_from_db()
    assert asked.status == Refund.Status.REQUESTED


def test_a_waiting_refund_is_rejected(finance):
    order = paid_order(refund_limit=Decimal(5))
    lines = [RefundLineIn("goodwill", Decimal(6))]
    asked = refund.request(order.pk, lines=lines, reason="x", actor="user:0")
    finance.post(url("decide_refund", order, asked.pk, "reject"))
    asked.refresh_from_db()
    assert asked.status == Refund.Status.REJECTED


def test_a_decision_that_comes_too_late_is_told_so(finance, said):
    order = paid_order()
    asked = refund.request(order.pk, lines=[RefundLineIn("goodwill", Decimal(6))], reason="x", actor="user:0")
    deliver()
    response = finance.post(url("decide_refund", order, asked.pk, "approve"), follow=True)
    assert said(response) == ["This refund is done: it cannot be approved any more."]


def test_another_orders_payment_is_not_found(finance):
    order, other = make_order(), make_order()
    payment = pay.add_payment(other.pk, amount=other.gross, reference="r", state="authorised")
    assert finance.post(url("move_payment", order, payment.pk, "capture")).status_code == 404
    assert finance.post(url("move_payment", other, payment.pk, "steal")).status_code == 404


@pytest.mark.parametrize("name", ["invoice", "creditnote", "paymententry", "refund"])
def test_the_lists_of_money_open_and_cost_the_same(finance, name, django_assert_max_num_queries):
    paid_order()
    deliver()
    path = f"/admin/orders/{name}/"
    finance.get(path)
    with django_assert_max_num_queries(25) as few:
        assert finance.get(path).status_code == 200
    for _ in range(3):
        paid_order()
    with django_assert_max_num_queries(len(few)):
        finance.get(path)


def test_no_bound_of_a_refund_is_above_what_can_go_back_in_all(finance):
    order = make_order(charges=[ChargeIn("shipping", Decimal("4.90"))])
    pay.add_payment(order.pk, amount=Decimal("4.82"), reference="bank")
    caps = finance.get(url("refund", order)).context["form"].caps
    assert {name: cap for name, cap in caps.items() if cap and cap > Decimal("4.82")} == {}
    assert caps["shipping"] == Decimal("4.82")
