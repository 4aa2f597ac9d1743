from contextlib import contextmanager

import pytest
from django.db import transaction

from inventory.models import BinStock, StockEntry, StockLevel
from oms.outbox.models import Event
from tests.replay import replaying  # noqa: F401 (fixture)


@pytest.fixture
def refused():
    """Return `refused(error, words)`: the block raises it, and nothing of stock has changed after it."""

    @contextmanager
    def refused(error, words=None):
        before = rows()
        with pytest.raises(error, match=words), transaction.atomic():
            yield
        assert rows() == before

    return refused


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (StockLevel, BinStock, StockEntry, Event)]
