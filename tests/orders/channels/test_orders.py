"""What placing an order needs is read, in each channel's own words."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.channels.base import IncomingOrder
from tests.orders.channels.documents import amazon, bigcommerce, ebay, magento, others, shopify, woocommerce
from tests.orders.channels.words import inside, only, read

TIPPED = {
    "grandTotal": amazon.since("2.00"),
    "breakdowns": [{"type": "DELIVERY_TIP", "subtotal": amazon.since("2.00")}],
}
ORDERS = [
    (
        "shopify",
        shopify.ORDER,
        [
            "2 × MUG at 10.00 less 2.00 tax 3.42 (Text: für Zoë)",
            "1 × CARD at 25.00",
            "shipping 5.00 tax 0.95",
            "tip 2.09",
            "captured 54.46 ",
            "is_test",
        ],
    ),
    ("shopify", shopify.INCLUSIVE, ["1 × MUG at 1500 tax 136", "is_cancelled", "prices_include_tax"]),
    (
        "shopify",
        {"data": {"order": shopify.GRAPHQL}},
        ["2 × MUG at 10.00 tax 1.50", "shipping 5.00", "captured 26.50 visa"],
    ),
    (
        "woocommerce",
        woocommerce.ORDER,
        [
            "3 × 123 at 6.666667 less 2.00 tax 3.42 (Color: Blue)",
            "shipping 4.00 tax 0.74",
            "fee 1.94",
            "captured 2 gift card",
            "captured 26.10 stripe",
        ],
    ),
    ("woocommerce", woocommerce.LEGACY, ["1 × A at 7.000000", "shipping 2.00", "is_cancelled"]),
    (
        "magento",
        magento.ORDER,
        [
            "2 × MUG-BLUE at 10 less 2 tax 3.1",
            "shipping 5 tax 0.95",
            "captured 2 gift card",
            "captured 25.05 paypal",
            "is_cancelled",
        ],
    ),
    (
        "magento1",
        magento.ORDER_1,
        ["1.0000 × KIT at 10.0000", "3.0000 × PART at 3.000000 in 1", "shipping 5.0000"],
    ),
    ("amazon", {"payload": amazon.ORDER}, ["captured 19.03 Other", "is_partial"]),
    (
        "amazon",
        {"order": amazon.ORDER_2026 | {"proceeds": TIPPED, "orderItems": []}},
        ["tip 2.00", "captured 2.00 ", "is_cancelled"],
    ),
    (
        "amazon",
        amazon.REPORT_XML,
        ["2 × MUG at 10.000000 tax 3.80", "shipping 3.00 tax 0.57", "captured 25.37 "],
    ),
    (
        "amazon",
        {"payload": {"AmazonOrderId": "902-1", "OrderItems": [amazon.ITEM]}},
        ["2 × MUG at 7.500000 less 2.00 tax 1.03 (For you)", "shipping 3.00", "fee 2.00", "is_partial"],
    ),
    (
        "amazon",
        {"order": amazon.ORDER_2026},
        ["2 × MUG at 10.00 less 3.00 tax 1.20", "shipping 3.00 tax 0.30", "captured 21.50 ", "is_cancelled"],
    ),
    (
        "bigcommerce",
        bigcommerce.ORDER | {"products": [bigcommerce.PRODUCT]},
        [
            "2 × MUG at 10.0000 less 1.0000 tax 3.8000 (Text: Hi)",
            "shipping 5.0000 tax 0.9500",
            "fee 1.0000",
            "captured 4.75 gift certificate",
            "captured 25.0000 Visa",
        ],
    ),
    (
        "ebay",
        ebay.ORDER,
        ["2 × TAG at 10.000000 less 2.0", "shipping 4.5", "captured 22.5 EBAY", "is_cancelled", "prices_include_tax"],
    ),
    (
        "ebay",
        ebay.XML.format(adjusted="-1.00", total="22.0", more=""),
        ["2 × JEANS-L at 10.0", "shipping 3.0", "fee -1.00", "captured 22.00 "],
    ),
    (
        "shopware6",
        {"data": [others.ORDER]},
        ["2 × MUG at 11 tax 3.51", "shipping 4", "captured 23.8 ", "prices_include_tax"],
    ),
    (
        "unicommerce",
        others.SALE,
        [
            "1 × MUG at 648.0 less 9.1 tax 62.0",
            "1 × MUG at 648.0",
            "shipping 16.6",
            "captured 648.0 prepaid",
            "is_cancelled",
            "prices_include_tax",
        ],
    ),
]


@pytest.mark.parametrize(("kind", "document", "said"), ORDERS)
def test_what_an_order_is_made_of(kind, document, said):
    found = only(kind, document)
    assert isinstance(found, IncomingOrder)
    assert inside(found) == said


def test_moments_are_read_however_they_are_written():
    moments = {
        only("shopify", shopify.ORDER | {"created_at": "2026-03-01T10:00:00+01:00"}).ordered_at,
        only("woocommerce", woocommerce.ORDER | {"date_created_gmt": "2026-03-01T09:00:00"}).ordered_at,
        only("magento", magento.ORDER | {"created_at": "2026-03-01 09:00:00"}).ordered_at,
        only("bigcommerce", bigcommerce.ORDER | {"date_created": "Sun, 01 Mar 2026 09:00:00 +0000"}).ordered_at,
        only("unicommerce", others.SALE | {"displayOrderDateTime": 1772355600000}).ordered_at,
    }
    assert moments == {datetime(2026, 3, 1, 9, tzinfo=UTC)}
    assert only("woocommerce", woocommerce.ORDER | {"date_created_gmt": "{{now}}"}).ordered_at is None


def test_a_page_of_mws_is_an_order_each():
    unshipped, pending = read("amazon_mws_xml", amazon.PAGE_XML)
    assert (unshipped.total, unshipped.currency, unshipped.name, unshipped.payments) == (
        Decimal("100.00"),
        "BRL",
        "João",
        (),
    )
    assert (pending.total, pending.status, pending.line_count) == (None, "Pending", 0)


def test_refunds_and_shipments_name_their_order_and_lines():
    refund = only("shopify", shopify.REFUND)
    assert (refund.order_id, refund.reason, [line.line_id for line in refund.lines]) == ("1", "broken", ["11"])
    refund = only("woocommerce", woocommerce.REFUND)
    assert [(line.line_id, line.quantity, line.amount) for line in refund.lines] == [("1", Decimal(1), Decimal("5.00"))]
    memo = only("magento", magento.CREDIT_MEMO)
    assert (memo.order_id, memo.lines[0].line_id, memo.reason) == ("41", "1", "")
    comments = [{"comment": "scratched [oms 7]"}, {"comment": None}]
    assert only("magento", magento.CREDIT_MEMO | {"comments": comments}).reason == "scratched [oms 7]"
    refund = only("bigcommerce", {"data": bigcommerce.REFUND})
    assert (refund.order_id, refund.lines[0].line_id) == ("250", "5")
    shipped = only(
        "amazon", amazon.notice("FULFILLMENT_ORDER_STATUS", {"FulfillmentOrderStatusNotification": amazon.SHIPPED})
    )
    assert (shipped.order_id, shipped.carrier, shipped.tracking_numbers) == ("S1", "UPS", ("1Z",))


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("captured", "captured"),
        ("paid", "captured"),
        ("partially refunded", "captured"),
        ("authorized", "authorised"),
        ("pending", None),
        ("declined", None),
    ],
)
def test_what_bigcommerce_calls_paid_is_paid(said, state):
    found = only("bigcommerce", bigcommerce.ORDER | {"payment_status": said}).payments
    assert [one.state for one in found if not one.is_gift_card] == ([state] if state else [])


def test_addresses_are_whole():
    magento_1 = only("magento1", magento.ORDER_1).ship_to
    assert magento_1 == only("magento", magento.ORDER).ship_to
    assert (magento_1.line1, magento_1.line2, magento_1.country) == ("Hauptstr. 1", "Hinterhaus", "DE")
    assert only("magento1", magento.REST_1).bill_to.name == "Eva Groß"
    order = only("woocommerce", woocommerce.ORDER)
    assert (order.ship_to.name, order.bill_to.name, order.email) == ("Ann O’Hara", "João Silva", "joao@example.com")
    assert order.lines[0].name == "Mug – blue"


def test_stock_says_where_and_whether_it_is_a_change():
    level = only("shopify", {"inventory_item_id": 7, "location_id": 8, "available": 4})
    assert (level.location, level.quantity, level.is_change) == ("8", Decimal(4), False)
    hook = {"inventory": {"variant_id": 7, "method": "relative", "value": -2}}
    change = only("bigcommerce", bigcommerce.hook("sku/inventory/updated", hook))
    assert (change.quantity, change.is_change) == (Decimal(-2), True)


def test_a_notice_says_what_is_to_be_fetched():
    notice = only("bigcommerce", bigcommerce.hook("shipment/created", {"id": 12, "orderId": 250}))
    assert notice.about == "A notice: shipment created of order 250, to be fetched"
    assert (
        only("amazon", amazon.notice("ORDER_CHANGE", amazon.change("Shipped"))).about
        == "An order changed: to be fetched"
    )


def test_a_draft_is_no_order_yet():
    draft = only("shopify", {"draft_order": {"id": 5, "currency": "CAD", "total_price": "9.00", "line_items": []}})
    auto = only("woocommerce", woocommerce.ORDER | {"status": "auto-draft"})
    assert draft.is_draft
    assert auto.is_draft


@pytest.mark.parametrize(
    ("kind", "quantity", "is_change"), [("ADD", 3, True), ("REMOVE", -3, True), ("REPLACE", 3, False)]
)
def test_stock_that_was_set_or_changed_by_unicommerce(kind, quantity, is_change):
    found = only("unicommerce", {"inventoryAdjustment": others.ADDED | {"adjustmentType": kind}})
    assert (found.quantity, found.is_change, found.location) == (quantity, is_change, "W1")
