import pytest

from inventory.models import BinStock, StockLevel
from oms.lib.errors import Invalid, InvalidTransition
from orders.models import Order
from returns.models import Disposition, Return
from returns.services import receive
from returns.services.inspect import DispositionIn, dispose, in_quarantine
from tests.returns.make import asked, received, shipped

pytestmark = pytest.mark.django_db


def level():
    return StockLevel.objects.values_list("on_hand", "unavailable").get()


def decide(rma, *decisions):
    line = rma.lines.get()
    return dispose(rma.pk, [DispositionIn(line.pk, *decision) for decision in decisions])


def test_what_came_lies_in_quarantine_and_is_not_sold():
    order = shipped(3)
    received(order, 2)
    assert level() == (99, 2)
    assert order.lines.get().returned == 2
    assert Order.objects.get().return_state == "partly_returned"
    assert BinStock.objects.get(bin__kind="quarantine").quantity == 2


def test_fewer_came_than_announced():
    order = shipped(3)
    rma = asked(order, 3)
    receive.receive(rma.pk, {rma.lines.get().pk: 1})
    line = order.lines.get()
    assert (line.returned, line.return_requested, line.returnable) == (1, 0, 2)


@pytest.mark.parametrize("pieces", [0, 3, -1])
def test_what_cannot_have_come_is_refused(pieces):
    rma = asked(shipped(3), 2)
    with pytest.raises(Invalid) as error:
        receive.receive(rma.pk, {rma.lines.get().pk: pieces})
    assert error.value.field == "lines"
    assert (Return.objects.get().status, level()) == ("requested", (97, 0))


def test_received_once():
    rma = received(shipped(3), 2)
    with pytest.raises(InvalidTransition):
        receive.receive(rma.pk, {rma.lines.get().pk: 2})
    assert level() == (99, 2)


def test_each_piece_has_its_fate():
    rma = received(shipped(3), 3)
    rma = decide(rma, (1, "restock", 1), (1, "scrap", 4), (1, "quarantine", 3))
    assert rma.status == "inspected"
    assert level() == (99, 1)
    assert BinStock.objects.get(bin__kind="dock").quantity == 1


def test_quarantined_piece_is_decided_later():
    rma = received(shipped(3), 1)
    rma = decide(rma, (1, "quarantine", 3))
    line = rma.lines.get()
    assert in_quarantine(line) == 1
    dispose(rma.pk, [DispositionIn(line.pk, 1, "restock", 2, source="quarantine")])
    assert (in_quarantine(line), level()) == (0, (98, 0))


def test_no_piece_is_decided_twice():
    rma = received(shipped(3), 1)
    rma = decide(rma, (1, "restock"))
    with pytest.raises(Invalid) as error:
        decide(rma, (1, "scrap"))
    assert error.value.field == "decisions.0.quantity"
    assert (Disposition.objects.count(), level()) == (1, (98, 0))


def test_nothing_is_decided_before_it_came():
    rma = asked(shipped(3))
    with pytest.raises(InvalidTransition, match="receive it first"):
        decide(rma, (1, "restock"))
