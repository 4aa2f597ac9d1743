import pytest

from oms.lib import doctor
from oms.outbox.models import Event
from orders.models import OrderLine
from returns.models import Disposition, Return
from returns.services.inspect import DispositionIn, dispose
from tests.returns.make import received, shipped

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
