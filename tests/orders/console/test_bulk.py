import pytest
from django.urls import reverse

from oms import roles
from orders.models import Hold, Order
from orders.pages.console import bulk
from orders.services import holds, pay
from orders.services.cancel import cancel
from orders.services.prioritise import prioritise
from orders.services.tag import tag
from tests.make import make_order, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/?status=open"


def choose(client, action, orders):
    """Tick `orders` in the list and run `action` on them: the page that previews it."""
    data = {"action": action, "_selected_action": [order.pk for order in orders]}
    return client.post(LIST, data, follow=True)


def opened(client, what, orders):
    """Return the hidden fields of the page that previews `what`, as a browser sends them."""
    ids = ",".join(str(order.pk) for order in orders)
    page = client.get(reverse("console:bulk", args=[what]), {"ids": ids, "next": LIST}).context
    shown = page["form"].initial.get("holds", []) if "form" in page else []
    return {"ids": ids, "next": LIST, "holds": [hold.pk for hold in shown], "once": page.get("once", "")}


def send(client, what, orders, **fields):
    data = {**opened(client, what, orders), **fields}
    return client.post(reverse("console:bulk", args=[what]), data, follow=True)


def test_choosing_an_action_changes_nothing_yet(cs):
    orders = [make_order(), make_order()]
    response = choose(cs, "hold", orders)
    assert response.context["title"] == "Hold 2 orders"
    assert choose(cs, "hold", orders[:1]).context["title"] == "Hold 1 order"
    assert not Hold.objects.exists()


def test_hold_and_release_many(cs, said):
    orders = [make_order(), make_order()]
    response = send(cs, "hold", orders, reason="Strike at the carrier")
    assert response.redirect_chain[0][0] == LIST
    assert said(response) == ["Hold: 2 of 2 orders done."]
    assert Hold.objects.active().count() == 2
    send(cs, "release", orders, note="over")
    assert not Hold.objects.active().exists()


def test_tag_and_prioritise_many(cs):
    orders = [make_order(), make_order()]
    send(cs, "tag", orders, tag="Fair")
    send(cs, "prioritise", orders, priority=Order.Priority.HIGH)
    assert Order.objects.filter(tags__name="Fair", priority=Order.Priority.HIGH).count() == 2


@pytest.mark.parametrize(
    ("what", "fields"), [("release", {"note": "over"}), ("tag", {"tag": "Fair"}), ("prioritise", {"priority": 3})]
)
def test_what_had_nothing_to_be_done_is_not_counted_as_done(cs, said, what, fields):
    orders, title = [make_order(), make_order()], bulk.ACTIONS[what].title
    holds.put(orders[0].pk, Hold.Kind.MANUAL, "wait")
    tag(orders[1].pk, "fair")
    prioritise(orders[1].pk, 3)
    done, left = said(send(cs, what, orders, **fields))
    assert (done, left) == (f"{title}: 1 of 2 orders done.", f"{title}: 1 of 2 orders unchanged.")
    assert said(send(cs, what, orders, **fields)) == [f"{title}: 2 of 2 orders unchanged."]


def test_a_hold_that_came_after_the_preview_stays(cs):
    order = make_order()
    shown = holds.put(order.pk, Hold.Kind.ADDRESS, "Which street?")
    page = opened(cs, "release", [order])
    assert f'name="holds" value="{shown.pk}"' in choose(cs, "release", [order]).content.decode()
    fraud = holds.put(order.pk, Hold.Kind.FRAUD, "Stolen card")
    send(cs, "release", [order], **page)
    assert list(Hold.objects.active()) == [fraud]


def test_what_is_sent_twice_is_done_once(cs, said):
    orders = [make_order(), make_order()]
    page = opened(cs, "hold", orders)
    assert page["once"]
    assert said(send(cs, "hold", orders, **page, reason="wait")) == ["Hold: 2 of 2 orders done."]
    assert said(send(cs, "hold", orders, **page, reason="wait")) == ["Hold: 2 of 2 orders unchanged."]
    assert Hold.objects.active().count() == 2


def test_cancelling_many_names_money_stock_and_mails(cs):
    paid, plain = make_order(), make_order()
    pay.add_payment(paid.pk, amount=paid.gross, reference="r")
    html = choose(cs, "cancel", [paid, plain]).content.decode()
    for text in (
        "€19.00 need not be paid",
        "€9.50 that customers paid",
        "2 reserved pieces",
        "2 customers get an e-mail",
    ):
        assert text in html, text


def test_cancelling_many_asks_to_type_the_number(cs):
    orders = [make_order(), make_order()]
    response = send(cs, "cancel", orders, reason="not available", number=3)
    assert response.status_code == 200
    assert "There are 2 orders" in response.content.decode()
    assert not Order.objects.filter(status=Order.Status.CANCELLED).exists()
    send(cs, "cancel", orders, reason="not available", number=2)
    assert Order.objects.filter(status=Order.Status.CANCELLED).count() == 2


def test_one_that_is_refused_does_not_stop_the_others(cs, said):
    gone, good = make_order(), make_order()
    cancel(gone.pk, reason="mistake")
    done, refused = said(send(cs, "hold", [gone, good], reason="wait"))
    assert done == "Hold: 1 of 2 orders done."
    assert refused.startswith(f"{gone}: ")
    assert good.holds.exists()


def test_what_cannot_be_done_is_said_before(cs):
    gone, good = make_order(), make_order()
    cancel(gone.pk, reason="mistake")
    holds.put(good.pk, Hold.Kind.MANUAL, "wait")
    ids = {"ids": f"{gone.pk},{good.pk}"}
    assert "1 order is not open" in cs.get(reverse("console:bulk", args=["hold"]), ids).content.decode()
    assert "1 × manual hold is lifted" in cs.get(reverse("console:bulk", args=["release"]), ids).content.decode()


def test_more_than_200_are_refused(cs, said, monkeypatch):
    monkeypatch.setattr("orders.admin.order.MOST_AT_ONCE", 1)
    orders = [make_order(), make_order()]
    assert "At most 1 orders at once" in said(choose(cs, "hold", orders))[0]


@pytest.mark.parametrize("ids", ["", "x", "1,2,999999", "-1", "9" * 40])
def test_orders_that_are_not_there_are_no_orders(cs, ids):
    response = cs.get(reverse("console:bulk", args=["hold"]), {"ids": ids})
    assert response.status_code == 200
    assert response.context["orders"] == []


def test_who_may_not_cancel_one_may_not_cancel_many(client):
    client.force_login(make_user(roles.LEAD))
    orders = [make_order()]
    assert client.get(reverse("console:bulk", args=["hold"]), {"ids": orders[0].pk}).status_code == 200
    assert send(client, "cancel", orders, reason="not paid", number=1).status_code == 403
    assert not Order.objects.filter(status=Order.Status.CANCELLED).exists()


def test_there_is_no_other_action(cs):
    assert cs.get(reverse("console:bulk", args=["delete"])).status_code == 404
