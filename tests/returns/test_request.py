from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import KitComponent
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from orders.models import Order
from orders.services import search
from returns.models import Return, ReturnPolicy
from returns.services import request
from tests.fulfilment.make import confirmed, make_shelf
from tests.make import make_sku
from tests.returns.make import asked, ship_all, shipped

pytestmark = pytest.mark.django_db


def test_pieces_are_announced_and_found_by_number():
    order = shipped(3)
    rma = asked(order, 2)
    assert (rma.status, order.lines.get().return_requested) == ("requested", 2)
    assert Order.objects.get().return_state == "requested"
    assert search.find(rma.number) == {order.pk: "rma"}
    assert rma.location_id == order.allocations.get().location_id


def test_policy_approves_at_once():
    order = shipped(3)
    ReturnPolicy.objects.create(channel=order.channel, is_approved_at_once=True, fee=5)
    rma = asked(order)
    assert (rma.status, rma.fee, rma.expires_at is None) == ("approved", 5, False)
    assert Event.objects.get(name="return.approved").data["rma"] == rma.pk


def test_no_fee_for_our_fault():
    order = shipped(3)
    ReturnPolicy.objects.create(channel=order.channel, fee=5)
    assert asked(order, reason="damaged").fee == 0


@pytest.mark.parametrize(
    ("pieces", "reason", "field"),
    [(4, "unwanted", "lines.0.quantity"), (0, "unwanted", "lines.0.quantity"), (1, "magic", "lines.0.reason")],
)
def test_nonsense_is_refused_by_field(pieces, reason, field):
    order = shipped(3)
    with pytest.raises(Invalid) as error:
        asked(order, pieces, reason=reason)
    assert error.value.field == field
    assert not Return.objects.exists()


def test_same_pieces_are_not_announced_twice():
    order = shipped(3)
    asked(order, 2)
    with pytest.raises(Invalid, match="1 pieces"):
        asked(order, 2)
    assert order.lines.get().return_requested == 2


def test_window_closes_but_a_person_may_open_it():
    order = shipped(3)
    Order.objects.update(shipped_at=timezone.now() - timedelta(days=31))
    with pytest.raises(InvalidTransition, match="could be returned until"):
        asked(order)
    line = order.lines.get()
    assert request.request(order.pk, [request.ReturnLineIn(line.pk, 1)], ignores_window=True).pk


def test_declined_pieces_can_be_announced_again():
    order = shipped(3)
    request.decline(asked(order, 3).pk, "worn")
    assert order.lines.get().return_requested == 0
    assert asked(order, 3).status == "requested"


def test_decline_needs_a_reason():
    rma = asked(shipped(3))
    with pytest.raises(Invalid) as error:
        request.decline(rma.pk, "  ")
    assert error.value.field == "reason"
    assert Return.objects.get().status == "requested"


def test_nothing_came_and_the_return_expires():
    order = shipped(3)
    rma = request.approve(asked(order, 2).pk)
    request.expire_due()
    assert Return.objects.get().status == "approved"
    Return.objects.update(expires_at=timezone.now())
    request.expire_due()
    rma.refresh_from_db()
    assert (rma.status, order.lines.get().return_requested) == ("expired", 0)


def test_kit_comes_back_as_its_parts():
    _, [part] = make_shelf(20)
    kit = make_sku(kind="kit")
    KitComponent.objects.create(kit=kit, component=part, quantity=2)
    order = ship_all(confirmed((kit, 2)))
    parent = order.lines.get(parent=None)
    rma = request.request(order.pk, [request.ReturnLineIn(parent.pk, 1)])
    assert rma.lines.get().quantity == 2
    parent.refresh_from_db()
    assert (parent.shipped, parent.return_requested) == (2, 1)
