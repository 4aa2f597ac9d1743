"""What orders of channels become: to the cent, once, or a document that says why not."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import KitComponent
from orders.models import ChannelDocument, Hold, Order, SkuAlias
from orders.services import search
from orders.services.map_sku import map_sku, suggest
from orders.services.resume_channel import resume
from orders.services.work_document import replay
from tests.deliver import deliver
from tests.make import make_channel, make_sku
from tests.orders.channels.documents import magento
from tests.orders.channels.documents.lately import LATELY
from tests.orders.channels.feed import BERLIN, line, make_connection, order, refund, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_connection(code="SHOP")


@pytest.fixture
def mug():
    return make_sku(50, code="MUG")


def money(placed):
    placed.refresh_from_db()
    return placed.net, placed.tax, placed.gross


def test_total_and_tax_are_the_channels_own(shop, mug):
    placed = take(shop, order(line("MUG", 2, tax="3.03"))).order
    assert money(placed) == (Decimal("20.87"), Decimal("3.03"), Decimal("23.90"))
    assert [(row.net, row.tax, row.gross) for row in placed.lines.all()] == [
        (Decimal("15.97"), Decimal("3.03"), Decimal("19.00"))
    ]
    assert not placed.charges.filter(kind="rounding").exists()
    assert placed.payment_state == "paid"
    assert list(placed.payments.values_list("gateway", flat=True)) == ["platform"]


def test_prices_without_tax_stay_without_tax(shop, mug):
    placed = take(shop, order(line("MUG", 2, tax="3.61"), taxes_included=False, total_price="27.51")).order
    assert not placed.prices_include_tax
    assert money(placed) == (Decimal("23.90"), Decimal("3.61"), Decimal("27.51"))


def test_a_difference_is_a_rounding_charge_in_sight(shop, mug):
    placed = take(shop, order(line("MUG"), total_price="14.41")).order
    assert money(placed)[2] == Decimal("14.41")
    assert placed.charges.get(kind="rounding").gross == Decimal("0.01")


def test_a_total_far_from_the_sum_is_held_for_a_person(shop, mug):
    placed = take(shop, order(line("MUG"), total_price="99.00")).order
    assert placed.is_held
    assert placed.holds.get().kind == Hold.Kind.APPROVAL


def test_tax_of_the_whole_is_spread_over_what_costs_something(mug):
    shop = make_connection(kind="magento")
    document = {
        "entity_id": 9,
        "increment_id": "000000009",
        "order_currency_code": "EUR",
        "grand_total": 12.0,
        "tax_amount": 2.0,
        "shipping_amount": 0,
        "items": [{"item_id": 1, "sku": "MUG", "name": "Mug", "qty_ordered": 1, "price": 10.0, "row_total": 10.0}],
        "billing_address": {"firstname": "A", "lastname": "B", "street": ["S 1"], "city": "Bonn", "country_id": "DE"},
    }
    placed = take(shop, document).order
    assert money(placed) == (Decimal(10), Decimal(2), Decimal(12))


def test_configurable_goods_of_magento_are_ordered_once(mug):
    paid = {"state": "processing", "status": "processing", "total_refunded": 0}
    rows = [row | {"sku": "MUG"} for row in magento.ORDER["items"]]
    placed = take(make_connection(kind="magento"), magento.ORDER | paid | {"items": rows}).order
    assert list(placed.lines.values_list("external_id", "quantity")) == [("1", 2)]  # that one Magento ships by


def test_tip_duty_and_discounts_land_as_what_they_are(shop, mug):
    row = line("MUG", 2, total_discount="3.00", duties=[{"price": "1.50"}])
    placed = take(shop, order(row, total_tip_received="2.00", total_price="24.40")).order
    assert dict(placed.charges.values_list("kind", "gross")) == {
        "shipping": Decimal("4.90"),
        "tip": Decimal(2),
        "duty": Decimal("1.50"),
    }
    assert placed.lines.get().discount == Decimal(3)
    assert money(placed)[2] == Decimal("24.40")


def test_a_gift_card_pays_and_only_its_end_is_kept(mug):
    shop = make_connection(kind="woocommerce")
    document = {
        "id": 11,
        "number": "11",
        "currency": "EUR",
        "status": "processing",
        "total": "4.50",
        "total_tax": "0.00",
        "date_paid_gmt": "2026-03-02T09:00:00",
        "payment_method": "paypal",
        "gift_cards": [{"code": "AAAA-BBBB-7777", "amount": "5.00"}],
        "line_items": [{"id": 1, "sku": "MUG", "name": "Mug", "quantity": 1, "subtotal": "9.50", "total": "9.50"}],
        "billing": {"first_name": "Ann", "address_1": "S 1", "city": "Bonn", "country": "DE"},
    }
    placed = take(shop, document).order
    assert money(placed)[2] == Decimal("9.50")
    assert sorted(placed.payments.values_list("amount", "reference")) == [
        (Decimal("4.50"), ""),
        (Decimal("5.00"), "…7777"),
    ]
    assert placed.payment_state == "paid"


def test_people_find_it_by_the_channels_number(shop, mug):
    placed = take(shop, order(line("MUG"))).order
    assert [search.find(text) for text in ("#1001", "1001", "5001")] == [{placed.pk: "external"}] * 3


def test_a_kit_brings_its_own_parts(mug):
    box = make_sku(code="BOX", kind="kit")
    KitComponent.objects.create(kit=box, component=mug, quantity=2)
    shop = make_connection(kind="woocommerce")
    rows = [
        {"id": 1, "sku": "BOX", "name": "Box", "quantity": 1, "subtotal": "15.00", "total": "15.00"},
        {"id": 2, "sku": "MUG", "name": "Mug", "quantity": 2, "subtotal": "0.00", "total": "0.00", "bundled_by": 1},
    ]
    document = {"id": 12, "currency": "EUR", "status": "processing", "total": "15.00", "line_items": rows}
    placed = take(shop, document | {"billing": {"address_1": "S 1", "city": "Bonn", "country": "DE"}}).order
    assert [(row.sku_code, row.quantity) for row in placed.lines.all()] == [("BOX", 1), ("MUG", 2)]


def test_a_bundle_that_is_priced_with_its_parts_is_counted_once(mug):
    shop = make_connection(kind="woocommerce")
    rows = [
        {"id": 1, "sku": "SET", "name": "Set", "quantity": 1, "subtotal": "15.00", "total": "15.00"},
        {"id": 2, "sku": "MUG", "name": "Mug", "quantity": 2, "subtotal": "15.00", "total": "15.00", "bundled_by": 1},
    ]
    document = {"id": 13, "currency": "EUR", "status": "processing", "total": "15.00", "line_items": rows}
    placed = take(shop, document | {"billing": {"address_1": "S 1", "city": "Bonn", "country": "DE"}}).order
    assert [(row.sku_code, row.quantity, row.gross) for row in placed.lines.all()] == [("MUG", 2, Decimal(15))]
    assert not placed.charges.exists()


def test_who_pays_need_not_have_a_whole_address(shop, mug):
    placed = take(shop, order(line("MUG"), billing_address={"first_name": "Ann", "country_code": "DE"})).order
    assert placed.bill_to["name"] == "Ann"


def test_downloads_need_no_address(shop):
    make_sku(code="PDF", kind="digital")
    placed = take(shop, order(line("PDF", requires_shipping=False), shipping_address=None)).order
    assert placed.method == "digital"


def test_contacts_that_a_marketplace_hides_are_left_out(shop, mug):
    placed = take(shop, order(line("MUG"), email="Invalid Request", phone="n/a")).order
    assert (placed.email, placed.phone, placed.customer) == ("", "", None)


def test_an_order_without_an_address_waits_on_a_hold_until_the_channel_gives_it(shop, mug):
    placed = take(shop, order(line("MUG"), shipping_address=None)).order
    placed.refresh_from_db()
    assert (placed.is_held, placed.holds.get().kind) == (True, "address")
    take(shop, order(line("MUG"), minutes=5))
    placed.refresh_from_db()
    assert (placed.is_held, placed.status, placed.ship_to["city"]) == (False, "confirmed", "Berlin")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"shipping_address": BERLIN | {"country_code": "Atlantis"}}, "ship_to.country"),
        ({"currency": "USD"}, "currency"),
        ({"line_items": [line("MUG") | {"quantity": "1.5"}]}, "lines.0.quantity"),
        ({"line_items": []}, "lines"),
    ],
)
def test_nonsense_is_refused_with_the_field_and_nothing_is_left(shop, mug, fields, field):
    document = take(shop, order(line("MUG")) | fields)
    assert (document.status, document.field, document.order) == ("refused", field, None)
    assert document.reason
    assert not Order.objects.exists()


def test_another_currency_goes_to_the_channel_that_sells_in_it(shop, mug):
    dollars = make_channel(currency="USD", seller=shop.channel.seller)
    shop.also_for.add(dollars)
    assert take(shop, order(line("MUG"), currency="USD")).order.channel == dollars


@pytest.mark.parametrize(("fields", "reason"), [({"test": True}, "A test order."), ({"invoice_url": "x"}, "A draft")])
def test_tests_and_drafts_are_no_orders(shop, mug, fields, reason):
    document = order(line("MUG"), **fields)
    if "invoice_url" in fields:
        del document["financial_status"]
    stored = take(shop, document)
    assert stored.status == "ignored"
    assert stored.reason.startswith(reason)
    assert not Order.objects.exists()


def test_an_unknown_sku_keeps_the_order_waiting_until_it_is_mapped(shop, mug):
    first = take(shop, order(line("THEIR-MUG", 2)))
    second = take(shop, order(line("their-mug"), pk=5002))
    assert [first.status, second.status] == ["unmapped", "unmapped"]
    [alias] = SkuAlias.objects.to_map()
    assert (alias.code, alias.name) == ("THEIR-MUG", "The THEIR-MUG")
    assert map_sku(alias.pk, mug, actor="user:1") == 2
    deliver()
    assert sorted(Order.objects.values_list("external_id", "lines__sku_code")) == [("5001", "MUG"), ("5002", "MUG")]
    assert take(shop, order(line("THEIR-MUG"), pk=5003)).status == "done"


def test_a_document_waits_for_all_of_its_skus(shop, mug):
    take(shop, order(line("A1"), line("B2", pk=2)))
    one, other = SkuAlias.objects.to_map()
    assert map_sku(one.pk, mug, actor="user:1") == 0
    assert map_sku(other.pk, mug, actor="user:1") == 1
    deliver()
    assert Order.objects.get().lines.count() == 2


def test_suggestions_are_by_barcode_first_then_by_likeness(shop):
    mug = make_sku(code="MUG-RED")
    make_sku(code="MUG-BLUE-XL")
    plate = make_sku(code="PLATE", name="Plate")
    plate.barcodes.create(code="MUG-RE")
    alias = SkuAlias.objects.create(connection=shop, code="MUG-RE", name="Red mug")
    assert suggest(alias)[:2] == [plate, mug]


def test_a_shadow_lists_and_places_nothing(mug):
    shop = make_connection(is_shadow=True)
    taken, refused = take(shop, order(line("MUG"))), take(shop, order(line("MUG"), pk=5002, currency="USD"))
    assert [taken.status, taken.reason] == ["ignored", "Shadow: would be taken."]
    assert [refused.status, refused.field] == ["refused", "currency"]
    assert not Order.objects.exists()
    shop.is_shadow = False
    shop.save()
    assert replay(taken.pk, actor="user:1")
    deliver()
    assert Order.objects.get().external_id == "5001"


def test_a_refused_document_is_replayed_and_a_done_one_is_not(shop, mug):
    shop.channel.is_paused = True
    shop.channel.save()
    document = take(shop, order(line("MUG")))
    assert document.status == "refused"
    shop.channel.is_paused = False
    shop.channel.save()
    assert replay(document.pk, actor="user:1")
    assert not replay(document.pk, actor="user:1")
    deliver()
    document.refresh_from_db()
    assert (document.status, document.attempts) == ("done", 2)
    assert not replay(document.pk, actor="user:1")


def test_orders_of_a_paused_channel_of_another_currency_are_worked_when_it_goes_on(shop, mug):
    pounds = make_channel(currency="GBP", seller=shop.channel.seller, is_paused=True)
    shop.also_for.add(pounds, make_channel(currency="USD", seller=shop.channel.seller))
    assert take(shop, order(line("MUG"), currency="GBP")).field == "channel"
    pounds.is_paused = False
    pounds.save()
    assert resume(pounds, actor="user:1") == 1
    deliver()
    assert Order.objects.get().channel == pounds


def test_an_order_in_pieces_is_placed_when_all_are_there(mug):
    shop = make_connection(kind="amazon")
    head = {
        "AmazonOrderId": "902-1",
        "OrderStatus": "Unshipped",
        "PurchaseDate": f"{LATELY}T09:00:00Z",
        "LastUpdateDate": "2026-03-02T09:00:00Z",
        "OrderTotal": {"CurrencyCode": "EUR", "Amount": "9.50"},
        "MarketplaceId": "A1PA6795UKMFR9",
    }
    item = {"OrderItemId": "1", "SellerSKU": "MUG", "Title": "Mug", "QuantityOrdered": 1}
    items = {"AmazonOrderId": "902-1", "OrderItems": [item | {"ItemPrice": {"CurrencyCode": "EUR", "Amount": "9.50"}}]}
    assert take(shop, {"payload": items}).status == "waiting"
    assert not Order.objects.exists()
    take(shop, {"payload": {"Orders": [head]}})
    placed = Order.objects.get()
    assert (placed.external_id, placed.gross, placed.lines.get().quantity) == ("902-1", Decimal("9.50"), 1)
    assert set(ChannelDocument.objects.values_list("status", flat=True)) == {"done"}


def test_several_documents_in_a_body_are_done_one_by_one(shop, mug):
    orders = [order(line("MUG"), pk=5001), order(line("MUG"), pk=5002, currency="USD"), order(line("MUG"), pk=5003)]
    take(shop, json.dumps({"orders": orders}).encode())
    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["5001", "5003"]
    assert list(ChannelDocument.objects.refused().values_list("external_id", "part")) == [("5002", 1)]


def test_what_changes_nothing_here_is_ignored_with_its_name(shop):
    document = take(shop, {"inventory_item_id": 1, "location_id": 2, "available": 3})
    assert (document.status, document.kind) == ("ignored", "stock")


def test_a_refund_of_nobody_is_refused(shop):
    stored = take(shop, {"id": 7, "refund_line_items": [], "order_id": "", "transactions": []})
    assert stored.status == "refused"


def test_cancelled_before_it_was_seen_it_is_found_and_never_placed(shop, mug):
    document = order(line("MUG"), cancelled_at="2026-03-02T10:00:00Z", financial_status="voided")
    placed = take(shop, document).order
    assert (placed.status, placed.placed_at) == ("cancelled", None)
    assert search.find("1001") == {placed.pk: "external"}
    assert mug.pk
    take(shop, order(line("MUG"), minutes=-5))
    assert Order.objects.get().status == "cancelled"


def test_a_refund_before_its_order_waits_for_it(shop, mug):
    row = line("MUG", 2)
    early = take(shop, refund("9.50", row))
    assert early.status == "waiting"
    placed = take(shop, order(row)).order
    early.refresh_from_db()
    assert (early.status, early.order) == ("done", placed)
    assert placed.refunds.get().amount == Decimal("9.50")


@pytest.mark.parametrize(("at", "said"), [("2001-03-01", "more than a year ago"), ("2199-03-01", "in the future")])
def test_a_moment_that_cannot_be_is_refused(shop, mug, at, said):
    stored = take(shop, order(line("MUG"), created_at=f"{at}T10:00:00Z", processed_at=None))
    assert (stored.status, stored.field) == ("refused", "ordered_at")
    assert said in stored.reason
    assert not Order.objects.exists()


def test_a_clock_without_its_zone_is_ahead_by_some_hours_and_means_now(shop, mug):
    now = timezone.now()
    ahead = (now + timedelta(hours=11)).isoformat()
    placed = take(shop, order(line("MUG"), created_at=ahead, processed_at=None)).order
    assert now <= placed.ordered_at <= timezone.now()
