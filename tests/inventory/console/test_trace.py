"""From the supplier to the customer and back, by lot and by serial."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfilment.services import pack
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from inventory.models import Bin, BinStock, Lot, Serial
from inventory.services import draft_transfer, receive_transfer, ship_transfer, trace
from inventory.services.identify import Identity
from inventory.services.receive_delivery import receive
from oms import roles
from orders.models import Order
from returns.services.inspect import DispositionIn, dispose
from tests.fulfilment.make import ACTOR, confirmed, picked, work_of
from tests.inventory.buying import make_sent, make_supplier
from tests.make import make_location, make_sku, make_user
from tests.returns.make import received

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def milk(berlin):
    """Two deliveries of lot L1 from ACME, five pieces each, on a shelf."""
    acme = make_supplier("ACME", name="ACME Dairy")
    milk = make_sku(code="MILK", tracking="lot")
    shelf = Bin.objects.create(location=berlin, code="A-1")
    day = timezone.localdate() + timedelta(days=30)
    for note in ("LS-1", "LS-2"):
        identity = Identity(lot="L1", expires_on=day)
        receive(milk, berlin, 5, supplier=acme, note=note, bin=shelf, identity=identity, actor=ACTOR)
    return milk


@pytest.fixture
def phone(berlin):
    """Phones S1 and S2 on a shelf."""
    phone = make_sku(code="PHONE", tracking="serial")
    shelf = Bin.objects.create(location=berlin, code="A-2")
    receive(phone, berlin, 2, bin=shelf, identity=Identity(serials=["S1", "S2"]), actor=ACTOR)
    return phone


def shipped(order, *codes):
    picked(order)
    for code in codes:
        line = pack.scan(work_of(order).pk, code, actor=ACTOR)
    pack.close_parcel(line.parcel_id, weight_g=800, actor=ACTOR)
    ship(work_of(order).pk, tracking={line.parcel_id: f"TRACK-{order.pk}"}, actor=ACTOR)
    return Order.objects.get(pk=order.pk)


@pytest.fixture
def page(client):
    """Return `page(traced)`: the trace as a lead reads it."""
    client.force_login(make_user(roles.LEAD))

    def page(traced):
        kind = "lots" if isinstance(traced, Lot) else "serials"
        answer = client.get(f"/admin/inventory/{kind}/{traced.pk}/trace/")
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def test_a_lot_is_traced_from_its_deliveries_to_its_customers(milk, page):
    order = shipped(confirmed((milk, 2)), "MILK", "MILK")
    lot = Lot.objects.get()
    text = page(lot)
    for words in ("ACME", "LS-1", "LS-2", order.number, order.ship_name, f"TRACK-{order.pk}", "A-1"):
        assert words in text
    assert "<strong>8</strong> in stock, <strong>2</strong> with customers" in text
    assert [line.receipt.delivery_note for line in trace.origins(lot)] == ["LS-1", "LS-2"]


def test_what_came_back_stands_beside_what_went(milk, page):
    order = shipped(confirmed((milk, 2)), "MILK", "MILK")
    rma = received(order, 1)
    dispose(rma.pk, [DispositionIn(rma.lines.get().pk, 1, "restock", grade=1)], actor=ACTOR)
    (sent,) = trace.sent(Lot.objects.get())
    assert (sent.order_id, sent.pieces, sent.returned) == (order.pk, 2, 1)
    text = page(Lot.objects.get())
    assert rma.number in text
    assert "<strong>9</strong> in stock, <strong>1</strong> with customers" in text


def test_what_was_taken_back_before_it_left_went_to_nobody(milk):
    order = shipped(confirmed((milk, 2)), "MILK", "MILK")
    unship(work_of(order).pk, actor=ACTOR)
    assert trace.sent(Lot.objects.get()) == []


def test_a_lot_between_two_locations_is_said_to_be(milk, berlin, page):
    transfer = draft_transfer.draft(berlin, make_location("HAM"), lines={milk: 4}, expected_on=None, actor=ACTOR)
    draft_transfer.make_ready(transfer.pk, actor=ACTOR)
    ship_transfer.ship(transfer.pk, actor=ACTOR)
    assert "<strong>4</strong> between two locations" in page(Lot.objects.get())


def test_a_lot_that_went_by_transfer_is_traced_at_both_ends(milk, berlin, page):
    hamburg, lot = make_location("HAM"), Lot.objects.get()
    transfer = draft_transfer.draft(berlin, hamburg, lines={milk: 4}, expected_on=None, actor=ACTOR)
    draft_transfer.make_ready(transfer.pk, actor=ACTOR)
    ship_transfer.ship(transfer.pk, actor=ACTOR)
    receive_transfer.receive(transfer.pk, {transfer.lines.get().pk: (4, 0)}, actor=ACTOR)
    text = page(lot)
    assert "between two locations" not in text
    assert f"/transfer/{transfer.pk}/change/" in text
    held = BinStock.objects.filter(lot=lot, quantity__gt=0).values_list("bin__location__code", "quantity")
    assert dict(held) == {"BER": 6, "HAM": 4}
    assert "HAM" in text


def test_a_serial_is_traced_and_only_to_who_got_it(phone, page):
    first, second = shipped(confirmed((phone, 1)), "S2"), shipped(confirmed((phone, 1)), "S1")
    text = page(Serial.objects.get(code="S2"))
    assert first.number in text
    assert second.number not in text
    assert [row.order_id for row in trace.sent(Serial.objects.get(code="S1"))] == [second.pk]


def test_the_purchase_order_and_its_cost_stand_at_the_origin(berlin, page):
    purchase = make_sent(10, location=berlin)
    sku = purchase.lines.get().sku
    type(sku).objects.filter(pk=sku.pk).update(tracking="lot")
    sku.refresh_from_db()
    receive(sku, berlin, 10, order=purchase, note="LS-9", identity=Identity(lot="X1"), actor=ACTOR)
    text = page(Lot.objects.get())
    assert purchase.number in text
    assert "4.00" in text


def test_a_recall_is_a_csv_of_all_customers(client, milk):
    orders = [shipped(confirmed((milk, 1)), "MILK") for _ in range(2)]
    client.force_login(make_user(roles.LEAD))
    answer = client.get(f"/admin/inventory/lots/{Lot.objects.get().pk}/trace/export/")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="recall-MILK-L1.csv"'
    assert len(lines) == 3
    for order, line in zip(reversed(orders), lines[1:], strict=True):
        assert line.startswith(f"MILK,L1,{order.number},")
        assert order.email in line
        assert f"TRACK-{order.pk}" in line


def test_a_picker_sees_no_list_of_customers(client, milk):
    shipped(confirmed((milk, 1)), "MILK")
    client.force_login(make_user(roles.PICKER))
    lot = Lot.objects.get()
    assert client.get(f"/admin/inventory/lots/{lot.pk}/trace/").status_code == 200
    assert client.get(f"/admin/inventory/lots/{lot.pk}/trace/export/").status_code == 403


def test_a_scanned_serial_or_lot_is_found_and_leads_to_its_trace(client, milk, phone):
    client.force_login(make_user(roles.LEAD))
    serial, lot = Serial.objects.get(code="S1"), Lot.objects.get()
    assert f"/admin/inventory/serials/{serial.pk}/trace/" in client.get("/admin/find/?q=s1").content.decode()
    assert f"/admin/inventory/lots/{lot.pk}/trace/" in client.get("/admin/find/?q=L1").content.decode()


def test_order_list_and_sku_lead_to_the_trace(client, milk, phone):
    order = shipped(confirmed((milk, 1), (phone, 1)), "MILK", "S1")
    client.force_login(make_user(roles.LEAD))
    lot, serial = Lot.objects.get(), Serial.objects.get(code="S1")
    for page in (f"/admin/orders/order/{order.pk}/change/", "/admin/inventory/lot/"):
        assert f"/admin/inventory/lots/{lot.pk}/trace/" in client.get(page).content.decode()
    for page in (f"/admin/orders/order/{order.pk}/change/", f"/admin/inventory/serial/?sku__id__exact={phone.pk}"):
        assert f"/admin/inventory/serials/{serial.pk}/trace/" in client.get(page).content.decode()
    sku_page = client.get(f"/admin/inventory/sku/{phone.pk}/change/").content.decode()
    assert f"/admin/inventory/serial/?sku__id__exact={phone.pk}" in sku_page


def test_a_trace_asks_the_same_few_questions_of_any_lot(client, milk, django_assert_max_num_queries):
    for _ in range(3):
        shipped(confirmed((milk, 1)), "MILK")
    client.force_login(make_user(roles.LEAD))
    with django_assert_max_num_queries(25):
        client.get(f"/admin/inventory/lots/{Lot.objects.get().pk}/trace/")
