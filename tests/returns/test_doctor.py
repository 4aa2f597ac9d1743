import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import KitComponent
from oms.lib import doctor
from oms.outbox.models import Event
from orders.models import Order, OrderLine
from returns.models import Disposition, Return
from returns.services.inspect import DispositionIn, dispose
from returns.services.resolve import resolve
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf
from tests.make import make_sku
from tests.returns.make import received, ship_all, shipped

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def violations(number):
    return [violation for finding in doctor.run(only=number, snapshot=False) for violation in finding.violations]


@pytest.mark.parametrize(
    ("number", "corrupt"),
    [
        (6, lambda: OrderLine.objects.update(returned=1)),
        (6, lambda: Disposition.objects.update(quantity=1)),
        (13, lambda: Return.objects.update(status="approved")),
        (13, lambda: Event.objects.filter(name="return.received").update(name="return.resolved")),
    ],
)
def test_corruption_is_named(number, corrupt):
    rma = received(shipped(3), 2)
    dispose(rma.pk, [DispositionIn(rma.lines.get().pk, 2, "scrap")])
    assert violations(number) == []
    corrupt()
    assert violations(number)


def test_many_orders_cost_the_doctor_no_more_statements_than_few():
    _, (cup, tea) = make_shelf(100, 100)
    kit = make_sku(kind="kit")
    KitComponent.objects.create(kit=kit, component=tea, quantity=2)
    asked = {}
    for orders in (1, 3):
        while Order.objects.count() < orders:
            rma = received(ship_all(confirmed((cup, 3), (kit, 1))), 2)
            dispose(rma.pk, [DispositionIn(rma.lines.get().pk, 2, "scrap")])
            resolve(rma.pk, actor=ACTOR)
            deliver()
        with CaptureQueriesContext(connection) as queries:
            findings = doctor.run(snapshot=False)
        assert not any(finding.violations for finding in findings)
        asked[orders] = len(queries)
    assert asked[1] == asked[3]
