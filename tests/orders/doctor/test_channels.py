import pytest

from oms.outbox.models import Delivery
from orders.models import ChannelDocument, ChannelOrder
from tests.make import make_order, make_sku
from tests.orders.channels.feed import line, make_connection, order, receive_only, take
from tests.orders.doctor.test_orders import violations

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


@pytest.mark.parametrize(
    ("number", "corrupt"),
    [
        (14, lambda: Delivery.objects.filter(consumer="orders.tasks.work_document", done_at=None).delete()),
        (16, lambda: ChannelOrder.objects.exclude(order=None).update(external_id="7")),
        (16, lambda: ChannelDocument.objects.exclude(order=None).update(order=make_order())),
    ],
)
def test_corruption_is_named(number, corrupt):
    shop, sku = make_connection(), make_sku(9)
    take(shop, order(line(sku.code)))
    receive_only(shop, order(line(sku.code), pk=5002))
    assert violations(number) == []
    corrupt()
    assert violations(number)
