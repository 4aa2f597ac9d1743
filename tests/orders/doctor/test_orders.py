"""Each check sees the one corruption that is seeded for it, and a sound order offends none."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from inventory.models import KitComponent, StockLevel
from oms.lib import doctor
from oms.outbox.models import Event
from oms.partners.models import Partner
from orders.models import Allocation, Channel, Order, OrderLine
from orders.services import cancel
from orders.services.intake import LineIn
from orders.services.place import place
from orders.services.verify import verify
from tests.make import make_channel, make_order, make_order_in, make_sku

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def violations(number):
    return [violation for finding in doctor.run(only=number, snapshot=False) for violation in finding.violations]


def test_a_sound_life_offends_no_check():
    order = make_order(quantity=3)
    verify(order.pk)
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="fewer")
    assert [finding.violations for finding in doctor.run(snapshot=False) if finding.violations] == []


@pytest.mark.parametrize(
    ("number", "corrupt"),
    [
        (3, lambda order: StockLevel.objects.update(reserved=0)),
        (3, lambda order: StockLevel.objects.all().delete()),
        (5, lambda order: Order.objects.update(status="cancelled")),
        (6, lambda order: Allocation.objects.update(quantity=2)),
        (6, lambda order: OrderLine.objects.update(cancelled=1)),
        (9, lambda order: Order.objects.update(gross=Decimal("1.00"))),
        (9, lambda order: Order.objects.update(tax=Decimal("1.00"))),
        (10, lambda order: Channel.objects.update(currency="USD")),
        (13, lambda order: Order.objects.update(is_held=True)),
        (13, lambda order: Order.objects.update(payment_state="paid")),
        (13, lambda order: Order.objects.update(status="confirmed")),
        (13, lambda order: Event.objects.update(name="order.closed")),
        (15, lambda order: Allocation.objects.update(expires_at=timezone.now() - timedelta(days=1))),
        (16, lambda order: Order.objects.update(partner=Partner.objects.create(code="B", name="B"))),
        (16, lambda order: Allocation.objects.update(sku=make_sku())),
        (16, lambda order: Event.objects.update(data={"partner": 99})),
    ],
)
def test_corruption_is_named(number, corrupt):
    order = make_order()
    assert violations(number) == []
    corrupt(order)
    assert violations(number)


def test_kit_that_counts_other_than_its_parts_is_named():
    kit = make_sku(kind="kit")
    KitComponent.objects.create(kit=kit, component=make_sku(9), quantity=2)
    place(make_order_in(LineIn(kit.code, 1, Decimal(5)), channel=make_channel()))
    assert violations(6) == []
    OrderLine.objects.filter(kind="kit").update(on_floor=F("on_floor") + 1)
    assert "on_floor 1, its parts make up 0" in violations(6)[0].message


def test_a_real_order_of_a_sandbox_is_named():
    make_order(channel=make_channel(partner=Partner.objects.create(code="TRY", name="Try")))
    assert violations(16) == []
    Partner.objects.update(is_sandbox=True)
    assert [violation.message for violation in violations(16)] == ["is real, and its partner is a sandbox"]
