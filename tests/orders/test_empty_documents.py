"""What is old and settled is emptied; what is refused, waits, or belongs to an open order is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oms import roles
from oms.lib.errors import InvalidTransition
from orders.models import ChannelDocument, EdiDocument, Order
from orders.services.empty_documents import empty_due
from orders.services.receive_document import receive
from orders.services.send_edi import purchase_for, send_again, write_file
from orders.services.work_document import replay
from tests.make import make_sku, make_user
from tests.orders.channels.documents.lately import LATELY
from tests.orders.channels.edi.make import po, x12
from tests.orders.channels.edi.partner import folder, leave, make_partner, outbox, take_up
from tests.orders.channels.feed import line, make_connection, order, take

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]  # orders are closed by hand

SUBMIT = {"_form_submitted": "on"}


def age(**over):
    """Let all be of long ago, and all orders be over."""
    then = timezone.now() - timedelta(days=401)
    ChannelDocument.objects.update(received_at=then)
    EdiDocument.objects.update(created_at=then, written_at=then)
    Order.objects.update(**{"status": Order.Status.CLOSED} | over)


def bodies():
    return {str(row.status): bytes(row.body) for row in ChannelDocument.objects.all()}


@pytest.fixture
def shop():
    """A shop with one document done, one ignored, one refused and one that waits for a SKU."""
    shop, sku = make_connection(), make_sku(9)
    take(shop, order(line(sku.code)))
    take(shop, {"inventory_item_id": 9, "location_id": 1, "available": 5, "updated_at": "2026-03-02T09:00:00Z"})
    take(shop, order(line(sku.code), pk=5002, currency="USD"))
    take(shop, order(line("NOBODYS"), pk=5003))
    return shop


def test_what_is_settled_and_old_is_emptied_and_nothing_else(shop, settings):
    before = bodies()
    assert set(before) == {"done", "ignored", "refused", "unmapped"}
    assert all(before.values())
    assert empty_due() == 0  # too young
    age(status=Order.Status.CONFIRMED)
    settings.RAW_KEPT_DAYS = 0
    assert empty_due() == 0  # for ever
    settings.RAW_KEPT_DAYS = 400
    assert empty_due() == 1  # the order may need its own
    age()
    assert (empty_due(), empty_due()) == (1, 0)
    assert bodies() == before | {"done": b"", "ignored": b""}


def test_what_was_emptied_is_known_again_and_says_why_it_cannot_be_replayed(shop, client):
    age()
    empty_due()
    known = ChannelDocument.objects.get(status="ignored")
    assert receive(shop, body=b"{}", delivery_id=known.delivery_id) == (known, False)
    assert ChannelDocument.objects.replayable().count() == 2
    with pytest.raises(InvalidTransition, match="RAW_KEPT_DAYS"):
        replay(known.pk, actor="user:1")
    client.force_login(make_user(roles.MANAGER))
    page = f"/admin/orders/channeldocument/{known.pk}/"
    assert "It is not kept any more: its text was emptied on" in client.get(f"{page}change/").content.decode()
    client.post(f"{page}replay_one/", SUBMIT)
    assert "There is nothing left to work" in client.get(f"{page}change/").content.decode()
    known.refresh_from_db()
    assert known.status == "ignored"


def test_a_late_piece_of_an_order_whose_other_pieces_were_emptied_is_worked():
    shop, sku = make_connection(kind="amazon"), make_sku(9)
    euros = {"CurrencyCode": "EUR", "Amount": "9.50"}
    head = {
        "AmazonOrderId": "902-1",
        "OrderStatus": "Unshipped",
        "OrderTotal": euros,
        "MarketplaceId": "A1PA6795UKMFR9",
    }
    head |= {"PurchaseDate": f"{LATELY}T09:00:00Z", "LastUpdateDate": "2026-03-02T09:00:00Z"}
    items = [{"OrderItemId": "1", "SellerSKU": sku.code, "Title": "Mug", "QuantityOrdered": 1, "ItemPrice": euros}]
    take(shop, {"payload": {"AmazonOrderId": "902-1", "OrderItems": items}})
    take(shop, {"payload": {"Orders": [head]}})
    age()
    assert empty_due() == 2
    late = take(shop, {"payload": {"Orders": [head | {"LastUpdateDate": "2026-03-03T09:00:00Z"}]}})
    assert (late.status, late.reason) == ("done", "")


def test_many_are_emptied_in_batches(shop, monkeypatch):
    monkeypatch.setattr("orders.services.empty_documents.AT_ONCE", 1)
    age()
    assert empty_due() == 2


def test_files_of_partners_go_from_both_sides_and_one_with_a_refused_part_stays(client):
    partner = make_partner()
    make_sku(20, code="MUG")
    leave(partner, "a.edi", x12(po("4711", ("MUG", 2, "9.50"))))
    leave(partner, "b.edi", x12(po("4712", ("MUG", 2, "9.50")), po("4713", ("CUP", 1, "1")), control=2))
    leave(partner, "c.edi", x12(po("4711", ("MUG", 2, "9.50"))))  # came before
    take_up(partner)
    sent, whole = partner.sent.count(), partner.received.get(file_name="b.edi").document
    age()
    assert empty_due() == sent + 1
    assert sorted(path.name for path in folder(partner, "done").iterdir()) == ["b.edi"]
    assert [path.name for path in folder(partner, "refused").iterdir()] == ["c.edi"]
    whole.refresh_from_db()
    assert whole.body
    answer = partner.sent.filter(kind="855").last()
    written = [path.read_bytes() for path in outbox(partner)]
    for act in (lambda: send_again(answer.pk, actor="user:1"), lambda: write_file(answer.pk)):
        with pytest.raises(InvalidTransition, match="nothing left to send"):
            act()
    assert [path.read_bytes() for path in outbox(partner)] == written
    with pytest.raises(InvalidTransition, match="nothing left to read"):
        purchase_for(answer.order_id)
    client.force_login(make_user(roles.MANAGER))
    page = f"/admin/orders/edidocument/{answer.pk}"
    shown = client.get(f"{page}/download/", follow=True).content.decode()
    assert "There is nothing left to send" in shown
    assert "It is not kept any more" in shown


def test_another_file_under_the_same_name_is_left_alone():
    partner = make_partner()
    make_sku(20, code="MUG")
    leave(partner, "a.edi", x12(po("4711", ("MUG", 2, "9.50"))))
    take_up(partner)
    (folder(partner, "done") / "a.edi").write_bytes(b"another")
    age()
    empty_due()
    assert (folder(partner, "done") / "a.edi").read_bytes() == b"another"
