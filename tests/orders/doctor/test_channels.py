import pytest
from django.utils import timezone

from oms.outbox.models import Delivery
from orders.models import ChannelDocument, ChannelMessage, ChannelOrder, ChannelStock, Refund
from orders.services.record_refund import record_refund
from tests.make import make_order, make_sku
from tests.orders.channels.feed import line, make_connection, order, receive_only, take
from tests.orders.doctor.test_orders import violations

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def told_of(record):
    """The channel was told of a refund, which goes by its name since."""
    paid = record_refund(record.order_id, key="channel:71", amount=1, reason="x")
    fields = {"kind": "refund", "key": "refund:1", "status": "done", "external_id": "71", "ended_at": timezone.now()}
    ChannelMessage.objects.create(connection=record.connection, record=record, refund=paid, **fields)


def empty_too_early():
    """A document is emptied of which another part is still to be worked."""
    whole = ChannelDocument.objects.get(status="done")
    ChannelDocument.objects.filter(pk=whole.pk).update(body=b"", emptied_at=timezone.now())
    ChannelDocument.objects.exclude(pk=whole.pk).update(whole=whole)


@pytest.mark.parametrize(
    ("number", "corrupt"),
    [
        (14, lambda: Delivery.objects.filter(consumer="orders.tasks.work_document", done_at=None).delete()),
        (16, lambda: ChannelOrder.objects.exclude(order=None).update(external_id="7")),
        (16, lambda: ChannelDocument.objects.exclude(order=None).update(order=make_order())),
        (14, empty_too_early),
        (14, lambda: ChannelStock.objects.update(told_revision=9)),
        (14, lambda: ChannelStock.objects.update(told=3)),
        (14, lambda: ChannelStock.objects.update(stale_since=timezone.now())),
        (14, lambda: ChannelStock.objects.update(revision=3)),
        (11, lambda: Refund.objects.update(key="less:1")),
    ],
)
def test_corruption_is_named(number, corrupt):
    shop, sku = make_connection(), make_sku(9)
    take(shop, order(line(sku.code)))
    receive_only(shop, order(line(sku.code), pk=5002))
    told = {"wanted": 9, "revision": 2, "told": 9, "told_revision": 2, "seen_at": timezone.now()}
    ChannelStock.objects.create(connection=shop, sku=sku, item_id="1", **told)
    told_of(ChannelOrder.objects.exclude(order=None).get())
    assert violations(number) == []
    corrupt()
    assert violations(number)
