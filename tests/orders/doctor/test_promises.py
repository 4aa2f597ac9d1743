"""What is promised of goods on their way is no more than comes."""

import pytest

from oms.lib import doctor
from orders.models import Allocation
from tests.deliver import deliver
from tests.make import make_channel, make_location, make_order, make_sku
from tests.orders.test_supply import on_its_way

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def found():
    findings = doctor.run(only=18, snapshot=False)
    return [violation.message for finding in findings for violation in finding.violations]


def test_18_piece_promised_twice():
    home, sku, channel = make_location(), make_sku(), make_channel()
    on_its_way(sku, home, 5)
    make_order(sku, 3, channel=channel)
    other = make_order(sku, 2, channel=channel)
    deliver()
    assert found() == []
    other.allocations.update(quantity=3)
    assert [message.partition(" from ")[0] for message in found()] == ["1 pieces more are promised"]


def test_18_promised_before_it_comes():
    home, sku = make_location(), make_sku()
    on_its_way(sku, home, 5)
    order = make_order(sku, 3)
    row = order.allocations.get()
    deliver()
    order.allocations.update(supply_at=row.created_at)
    assert [message.partition(" from ")[0] for message in found()] == ["3 pieces more are promised"]


def test_18_promised_from_where_nobody_makes_it():
    home, other = make_location(), make_location()
    make_order(make_sku(made_at=home, made_in_days=5), 3)
    deliver()
    assert found() == []
    Allocation.objects.update(supply_location=other)
    assert found()[0].endswith("which makes none")
