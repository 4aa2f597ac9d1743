"""Purchase orders in the console, as a buyer works them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from inventory.models import Bin, BinStock, PurchaseOrder, Receipt, Serial, Sku, StockEntry, SupplierReturn
from inventory.services import quarantine, serials, stock
from inventory.services.bins import system_bin
from inventory.services.receive_delivery import receive
from oms import roles
from tests.deliver import deliver
from tests.inventory.buying import lists, make_purchase, make_sent, make_supplier
from tests.make import make_location, make_order, make_sku, make_user

pytestmark = pytest.mark.django_db
ALL = "/admin/inventory/purchaseorder/"


@pytest.fixture
def buyer(client):
    client.user = make_user(roles.BUYER)
    client.force_login(client.user)
    return client


def page(order):
    return f"{ALL}{order.pk}/change/"


def act(client, order, step, **data):
    return client.post(f"{ALL}{order.pk}/{step}/", data)


def rows(*typed):
    return {name: [row[i] for row in typed] for i, name in enumerate(("sku", "quantity", "price"))}


def state(order):
    return PurchaseOrder.objects.get(pk=order.pk).status


def test_a_buyer_writes_approves_and_sends_an_order(buyer):
    row, place = lists(make_supplier(), moq=12), make_location()
    buyer.post(f"{ALL}add/", {"supplier": row.supplier_id, "location": place.pk})
    order = PurchaseOrder.objects.get()
    buyer.post(page(order), rows((row.sku.code.lower(), "6", ""), ("", "", "")) | {"note": "Gate 3"})
    line = order.lines.get()
    assert (line.sku, line.quantity, line.cost) == (row.sku, 6, 4)
    shown = buyer.get(page(order)).content.decode()
    assert "at least 12 pieces" in shown
    assert "€24.00" in shown
    act(buyer, order, "approve")
    act(buyer, order, "send", next="")
    assert state(order) == "sent"
    deliver()
    assert mail.outbox[-1].attachments


def test_an_unknown_sku_or_number_keeps_what_was_typed_and_changes_nothing(buyer):
    order = make_purchase(10)
    for typed, words in (
        (("NONE", "5", ""), "Row 1: nothing has the code NONE."),
        ((order.lines.get().sku.code, "-5", ""), "is not a whole number"),
        ((order.lines.get().sku.code, "5", "abc"), "is not an amount"),
        ((order.lines.get().sku.code, "0", ""), "Row 1: say how many pieces"),
    ):
        answer = buyer.post(page(order), rows(typed))
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert words in shown
        assert f'value="{typed[1]}"' in shown
    assert order.lines.get().quantity == 10


@pytest.mark.parametrize("typed", [{"quantity": ""}, {}])
def test_a_sku_without_pieces_is_asked_how_many(buyer, typed):
    order = make_purchase(10)
    code = order.lines.get().sku.code
    answer = buyer.post(page(order), {"sku": code, "price": "2"} | typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "How many?" in shown
    assert f'value="{code}"' in shown
    assert order.lines.get().quantity == 10
    buyer.post(page(order), rows((code, "3", ""), ("", "", "")))
    assert order.lines.get().quantity == 3


def test_what_was_typed_after_the_approval_is_told_that_it_comes_too_late(buyer):
    order = make_purchase(10)
    act(buyer, order, "approve")
    shown = buyer.post(page(order), rows((order.lines.get().sku.code, "5", "")), follow=True)
    assert f"{order} is approved and cannot be changed any more" in shown.content.decode()
    assert order.lines.get().quantity == 10


def test_a_sku_typed_twice_is_refused(buyer):
    order = make_purchase(10)
    code = order.lines.get().sku.code
    answer = buyer.post(page(order), rows((code, "1", ""), (code, "2", "")))
    assert "stands there twice" in answer.content.decode()
    assert order.lines.get().quantity == 10


def test_over_the_limit_the_author_is_told_that_somebody_else_must_approve(buyer):
    order = make_purchase(10, supplier=make_supplier(approval_over=Decimal(1)), actor=f"user:{buyer.user.pk}")
    answer = buyer.post(f"{ALL}{order.pk}/approve/", follow=True)
    assert "second person" in answer.content.decode()
    assert state(order) == "draft"


def test_dates_are_confirmed_and_the_rest_is_closed(buyer):
    order = make_sent(10)
    line, day = order.lines.get(), timezone.localdate() + timedelta(days=40)
    act(buyer, order, "confirm", **{f"day-{line.pk}": day.isoformat(), "reference": "AB-7"})
    line.refresh_from_db()
    assert line.confirmed_on == day
    assert "AB-7" in buyer.get(page(order)).content.decode()
    assert act(buyer, order, "close-short", reason="").status_code == 422
    act(buyer, order, "close-short", reason="Discontinued")
    assert state(order) == "closed_short"


def test_one_day_confirms_all_lines(buyer):
    order, day = make_sent(10, 5), timezone.localdate() + timedelta(days=40)
    act(buyer, order, "confirm", day=day.isoformat(), reference="AB-8")
    assert set(order.lines.values_list("confirmed_on", flat=True)) == {day}
    assert state(order) == "confirmed"


def test_a_day_that_cannot_be_names_those_that_can(buyer):
    order, today = make_sent(10), timezone.localdate()
    answer = act(buyer, order, "confirm", **{f"day-{order.lines.get().pk}": "9999-12-31"})
    shown = answer.content.decode()
    assert f"name a day from {today} to {today + timedelta(days=730)}" in shown
    assert "confirmed_on" not in shown


def test_freight_is_entered_on_a_delivery(buyer):
    order = make_sent(10)
    receive(order.lines.get().sku, order.location, 10, order=order)
    receipt = Receipt.objects.get()
    assert "Freight and duty" in buyer.get(page(order)).content.decode()
    buyer.post(f"/admin/inventory/receipt/{receipt.pk}/costs/", {"freight": "10", "duty": "0"})
    assert Sku.objects.get(pk=order.lines.get().sku_id).unit_cost == 5


@pytest.mark.parametrize("role", [roles.BUYER, roles.LEAD])
def test_goods_go_back_to_their_supplier(client, role):
    client.force_login(make_user(role))
    order = make_sent(10)
    receive(order.lines.get().sku, order.location, 10, order=order)
    assert "/give-back/" in client.get(page(order)).content.decode()
    asked = client.get(f"{ALL}{order.pk}/give-back/").content.decode()
    field = asked.split('name="row-')[1].split('"')[0]
    act(client, order, "give-back", reason="Cracked", **{f"row-{field}": "3"})
    row = SupplierReturn.objects.get()
    assert StockEntry.objects.get(key=row.lines.get().entry_key).delta == -3
    assert client.get(f"/admin/inventory/supplierreturn/{row.pk}/pdf/").content[:5] == b"%PDF-"
    assert row.number in client.get(page(order)).content.decode()


@pytest.mark.parametrize("make", [make_purchase, make_sent])
def test_the_pdf_opens_before_and_after_sending(buyer, make):
    answer = buyer.get(f"{ALL}{make().pk}/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content[:5] == b"%PDF-"


def test_overdue_lines_name_the_orders_they_hurt(buyer):
    order = make_sent(10)
    line = order.lines.get()
    hurt = make_order(line.sku, 2)
    order.lines.update(expected_on=timezone.localdate() - timedelta(days=3))
    shown = buyer.get(f"{ALL}overdue/").content.decode()
    assert "3 days late" in shown
    assert hurt.number in shown
    assert "2 pieces wait" in shown
    assert hurt.number in buyer.get(page(order)).content.decode()
    assert order.number in buyer.get(f"{ALL}?overdue=yes").content.decode()


def test_what_lies_in_quarantine_goes_back_without_an_order(buyer):
    supplier, place = make_supplier(), make_location()
    sku, grinder = lists(supplier).sku, lists(supplier, make_sku(tracking="serial")).sku
    other = make_sku(4, place)
    stock.receive(sku, place, 5)
    stock.receive(grinder, place, 2, serials=serials.new(grinder, ["S1", "S2"]))
    dock = system_bin(place, Bin.Kind.DOCK)
    for each, pieces in ((sku, 5), (grinder, 2), (other, 1)):
        quarantine.put(each, dock, pieces)
    url = f"/admin/inventory/supplier/{supplier.pk}/give-back/"
    page = buyer.get(url).content.decode()
    assert str(sku) in page
    assert str(other) not in page
    row, numbered = (BinStock.objects.get(sku=each, bin__kind="quarantine").pk for each in (sku, grinder))
    data = {"reason": "Cracked", f"row-{row}": "3", f"row-{numbered}": "1"}
    assert buyer.post(url, data).status_code == 422
    assert not SupplierReturn.objects.exists()
    assert buyer.post(url, data | {f"serials-{numbered}": "S2"}).status_code == 302
    assert SupplierReturn.objects.get().lines.count() == 2
    assert Serial.objects.get(code="S2").state == "returned"


@pytest.mark.parametrize("step", ["approve", "reopen", "send", "confirm", "close-short", "cancel", "give-back"])
def test_who_only_looks_changes_nothing(client, step):
    client.force_login(make_user(roles.READ_ONLY))
    order = make_purchase(10)
    assert act(client, order, step, reason="x").status_code == 403
    client.post(page(order), rows((make_sku().code, "5", "1")))
    assert (state(order), order.lines.get().quantity) == ("draft", 10)


def test_a_number_finds_its_order_in_the_list(buyer):
    order, other = make_purchase(), make_purchase()
    shown = buyer.get(f"{ALL}?q={order.number.lower()}").context["cl"].result_list
    assert order in shown
    assert other not in shown


def test_lists_ask_the_same_number_of_questions_for_many_rows(buyer, django_assert_max_num_queries):
    for _ in range(6):
        receive(*_first(make_sent(3)))
    urls = ["", "overdue/"]
    for url in [*(ALL + url for url in urls), *(f"/admin/inventory/{name}/" for name in ("supplier", "suppliersku"))]:
        with django_assert_max_num_queries(24):
            assert buyer.get(url).status_code == 200
    with django_assert_max_num_queries(24):
        assert buyer.get("/admin/inventory/receipt/").status_code == 200


def _first(order):
    return order.lines.get().sku, order.location, 1


def test_the_buyers_home_counts_what_waits(buyer):
    make_purchase()
    make_sent().lines.update(expected_on=timezone.localdate() - timedelta(days=1))
    shown = buyer.get("/admin/").content.decode()
    assert "Purchase orders to approve" in shown
    assert "Overdue goods" in shown
