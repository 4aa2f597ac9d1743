"""What returns add to a packing slip: until when goods can come back, as the channel's policy says."""

from datetime import UTC, datetime

import pytest

from fulfilment.documents import packing_slip
from fulfilment.models import Parcel
from orders.customer.reader import reader_of
from returns.models import ReturnPolicy
from returns.panels import slip_note
from tests.fulfilment.paper import text_of
from tests.make import make_channel, make_order
from tests.returns.make import shipped

pytestmark = pytest.mark.django_db
LEAVES = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "within 14 days of their arrival, in any case until Dec 6, 2026"),
        ("de", "14 Tage lang nach Erhalt, in jedem Fall bis zum 06.12.2026"),
    ],
)
def test_slip_says_until_when_goods_can_come_back(locale, words):
    order = make_order(channel=make_channel(locale=locale))
    ReturnPolicy.objects.create(channel=order.channel, window_days=14)
    assert words in slip_note(order, reader_of(order), LEAVES)


@pytest.mark.papers
def test_deadline_is_printed_beside_the_code():
    order = shipped(3)
    note = slip_note(order, reader_of(order), order.shipped_at)
    text = text_of(packing_slip.render(Parcel.objects.get().pk))[0]
    assert note in " ".join(text.split())
