"""A correction says by its reason whether pieces become fewer or more."""

import pytest

from inventory.services import stock
from oms.lib.errors import Invalid
from tests.inventory.ledger import level
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reason", stock.ADJUST_REASONS)
def test_what_is_lost_is_fewer_and_what_is_found_more(refused, reason):
    berlin = make_location()
    mug = make_sku(10, berlin)
    for delta, wrong in ((1, stock.LOSSES), (-1, stock.GAINS)):
        before = level(mug, berlin)
        if reason in wrong:
            with refused(Invalid, "the change is"):
                stock.adjust(mug, berlin, delta, reason=reason)
            assert level(mug, berlin) == before
        else:
            assert stock.adjust(mug, berlin, delta, reason=reason)
