from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PutBack
from fulfilment.services import label, pack
from fulfilment.services.pack import set_aside
from fulfilment.services.pickup import MOST_REFUSED, collect, give_up, give_up_due, make_ready, remind, remind_due
from fulfilment.services.ship import ship
from inventory.models import StockLevel
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from oms.papers.models import Message
from orders.models import Refund
from orders.services import pay
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.make import make_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    store = make_location(kind="store", allows_pickup=True)
    _, (cup,) = make_shelf(5, location=store)
    order = confirmed((cup, 2), method="pickup", pickup_location=store.code)
    packed(order)
    return order


def level():
    row = StockLevel.objects.get()
    return row.on_hand, row.reserved


def test_ready_then_collected_by_code(order):
    row = make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    assert (row.method, row.status, len(row.pickup_code)) == ("pickup", "ready_for_pickup", 6)
    make_ready(row.pk, shelf="R4", actor=ACTOR)
    assert Event.objects.filter(name="order.ready_for_pickup").count() == 1
    assert work_of(order).pickup_shelf == "R4"
    assert work_of(order).pickup_code == row.pickup_code

    for _ in range(2):
        collect(row.pk, code=row.pickup_code, actor=ACTOR)
    assert work_of(order).status == "closed"
    assert level() == (3, 0)
    order.refresh_from_db()
    assert order.fulfilment_state == "delivered"
    assert Event.objects.filter(name="order.shipped").count() == 1


def test_collected_by_name(order):
    make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    with pytest.raises(Invalid, match="Look at an ID"):
        collect(work_of(order).pk, name="miller", actor=ACTOR)
    assert (work_of(order).status, work_of(order).pickup_refused) == ("ready_for_pickup", 0)
    collect(work_of(order).pk, name=" miller ", has_id=True, actor=ACTOR)
    assert work_of(order).status == "closed"
    event = order.parcels.get().tracking_events.get()
    assert (event.code, event.signed_by, event.text) == ("delivered", "miller", "collected by miller, ID shown")


@pytest.mark.parametrize("who", [{"code": "000"}, {"name": "Smith"}, {"name": "a"}, {}])
def test_strangers_get_nothing(order, who):
    make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    with pytest.raises(Invalid, match="Neither the code nor the name"):
        collect(work_of(order).pk, actor=ACTOR, has_id=True, **who)
    assert level() == (5, 2)
    assert work_of(order).pickup_refused == ("code" in who)
    assert work_of(order).status == "ready_for_pickup"


def test_only_packed_pickups_become_ready():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 1))
    packed(order)
    with pytest.raises(InvalidTransition, match="is sent, not collected"):
        make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    assert work_of(order).status == "packed"


def test_what_is_set_aside_is_not_made_ready(order):
    set_aside(work_of(order).pk, "lid")
    with pytest.raises(InvalidTransition, match=r"set aside \(lid\)"):
        make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)


def test_uncollected_goods_go_back(order, time_machine):
    make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    give_up_due()
    with pytest.raises(InvalidTransition, match="may be collected until"):
        give_up(work_of(order).pk, actor=ACTOR)
    assert work_of(order).status == "ready_for_pickup"

    time_machine.move_to(timezone.now() + timedelta(days=8))
    give_up_due()
    deliver()
    assert not give_up(work_of(order).pk, actor=ACTOR), "a second call does nothing"
    assert work_of(order).status == "cancelled"
    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("cancelled", "not collected")
    assert level() == (5, 0)
    assert PutBack.objects.open().get().quantity == 2


def test_wrong_codes_are_counted_and_then_only_name_and_id_count(order):
    row = make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    wrong = "000000" if row.pickup_code != "000000" else "111111"
    for _ in range(MOST_REFUSED):
        with pytest.raises(Invalid, match="Neither the code"):
            collect(row.pk, code=wrong, actor=ACTOR)
    assert Event.objects.filter(name="order.pickup_refused").count() == MOST_REFUSED
    with pytest.raises(Invalid, match="5 wrong codes were shown"):
        collect(row.pk, code=row.pickup_code, actor=ACTOR)
    collect(row.pk, name="Ann Miller", has_id=True, actor=ACTOR)
    assert work_of(order).status == "closed"


def test_who_does_not_come_is_reminded_once(order, time_machine):
    row = make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    remind_due()
    assert not Message.objects.filter(kind="order_pickup_reminder").exists()
    time_machine.move_to(timezone.now() + timedelta(days=3, hours=1))
    for _ in range(2):
        remind_due()
    deliver()
    assert Message.objects.filter(kind="order_pickup_reminder").count() == 1
    [one] = [one for one in mail.outbox if one.subject == f"Your order {order.number} still waits for you"]
    for words in (row.pickup_code, "We keep it for you until"):
        assert words in one.body
    assert list(FulfilmentOrder.objects.uncollected()) == [row]
    collect(row.pk, code=row.pickup_code, actor=ACTOR)
    assert not FulfilmentOrder.objects.uncollected().exists()
    remind(row.pk, actor=ACTOR)
    assert Event.objects.filter(name="order.pickup_reminded").count() == 1


def test_money_of_what_nobody_collects_goes_back(order, time_machine):
    pay.add_payment(order.pk, amount=order.gross, method="cash", actor=ACTOR)
    make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    time_machine.move_to(timezone.now() + timedelta(days=8))
    give_up_due()
    deliver()
    assert Refund.objects.get(order=order).amount == order.gross


def test_what_is_collected_is_not_shipped_and_gets_no_label(order):
    parcel = order.parcels.get()
    for act in (lambda: ship(work_of(order).pk, actor=ACTOR), lambda: label.buy(parcel.pk, actor=ACTOR)):
        with pytest.raises(InvalidTransition, match="is collected, not sent"):
            act()
    row = make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    collect(row.pk, code=row.pickup_code, actor=ACTOR)
    assert (work_of(order).status, order.parcels.get().tracking_number) == ("closed", "")


def test_a_new_code_has_its_own_tries_and_reminder(order):
    row = make_ready(work_of(order).pk, shelf="R3", actor=ACTOR)
    remind(row.pk, actor=ACTOR)
    for _ in range(MOST_REFUSED):
        with pytest.raises(Invalid):
            collect(row.pk, code="wrong", actor=ACTOR)
    line = order.parcels.get().lines.get()
    pack.undo(line.pk, actor=ACTOR)
    pack.scan(row.pk, line.sku.code, actor=ACTOR)
    pack.close_parcel(line.parcel_id, weight_g=800, actor=ACTOR)
    row = make_ready(row.pk, shelf="R3", actor=ACTOR)
    assert row.pickup_reminded_at is None
    collect(row.pk, code=row.pickup_code, actor=ACTOR)
    assert work_of(order).status == "closed"


@pytest.mark.corrupt
def test_a_pickup_that_cannot_be_given_up_keeps_no_other_waiting(order, time_machine):
    other = confirmed((order.lines.get().sku, 1), method="pickup", pickup_location=work_of(order).location.code)
    packed(other)
    for each in (order, other):
        make_ready(work_of(each).pk, shelf="R3", actor=ACTOR)
    order.parcels.update(status="shipped", shipped_at=timezone.now())
    time_machine.move_to(timezone.now() + timedelta(days=8))
    give_up_due()
    assert (work_of(order).status, work_of(other).status) == ("ready_for_pickup", "cancelled")
