from tests.orders.channels.documents.lately import LATELY

ORDER = {
    "id": 21,
    "number": "W-21",
    "status": "processing",
    "order_key": "wc_1",
    "currency": "EUR",
    "total": "26.10",
    "total_tax": "4.16",
    "discount_total": "2.00",
    "shipping_total": "4.00",
    "prices_include_tax": True,
    "date_created_gmt": f"{LATELY}T10:00:00",
    "date_paid_gmt": "2026-03-01T10:01:00",
    "payment_method": "stripe",
    "transaction_id": "pi_1",
    "billing": {"first_name": "João", "last_name": "Silva", "email": "joao@example.com", "country": "BR"},
    "shipping": {"first_name": "Ann", "last_name": "O&#8217;Hara", "address_1": "Main St. 1", "country": "US"},
    "line_items": [
        {
            "id": 1,
            "name": "Mug &ndash; blue",
            "sku": 123,
            "quantity": 3,
            "subtotal": "20.00",
            "total": "18.00",
            "total_tax": "3.42",
            "price": 5.999999999999999,
            "meta_data": [{"key": "pa_color", "display_key": "Color", "display_value": "Blue"}],
        },
    ],
    "shipping_lines": [{"method_title": "DHL", "total": "4.00", "total_tax": "0.74"}],
    "fee_lines": [{"name": "Wrap", "total": "1.94", "total_tax": "0.00"}],
    "gift_cards": [{"id": 1, "code": "ABC", "amount": 2}],
    "refunds": [{"id": 22, "total": "-5.00", "reason": "late"}, {"id": 23, "total": "-1.50"}],
}
REFUND = {
    "id": 22,
    "amount": "5.00",
    "reason": "late",
    "refunded_payment": True,
    "line_items": [
        {"id": 9, "quantity": -1, "total": "-5.00", "meta_data": [{"key": "_refunded_item_id", "value": "1"}]}
    ],
}
LEGACY = {
    "order": {
        "id": 24,
        "order_number": "24",
        "status": "cancelled",
        "currency": "USD",
        "total": "9.00",
        "total_tax": "0.00",
        "total_shipping": "2.00",
        "total_discount": "0.00",
        "billing_address": {"first_name": "Bob"},
        "shipping_address": {"first_name": "", "address_1": ""},
        "line_items": [{"id": 1, "name": "A", "quantity": 1, "subtotal": "7.00", "total": "7.00", "price": "7.00"}],
        "shipping_lines": [{"method_title": "Post", "total": "2.00"}],
    }
}
SAID = "26.10 EUR 1 lines tax 4.16 shipping 4.00 discount 2.00 refunded 6.50 for Ann O’Hara"
WOOCOMMERCE = [
    ({"amount": "30", "line_items": []}, "refund 30 refunded 30 refused: id is missing."),
    ({"message": "Permanently deleted order"}, "other"),
    (ORDER, f"order 21 #W-21 {SAID}"),
    ({"data": [ORDER]}, f"order 21 #W-21 {SAID}"),
    (LEGACY, "order 24 9.00 USD 1 lines shipping 2.00 for Bob"),
    (REFUND, "refund 22 5.00 1 lines refunded 5.00"),
    ({"tracking_id": "t1", "tracking_number": "1Z", "tracking_provider": "UPS"}, "shipment t1"),
    ({"id": 3, "sku": "MUG", "price": "5", "stock_status": "instock", "stock_quantity": 7}, "stock 3"),
    ({"id": 3, "sku": "MUG", "price": "5", "stock_status": "instock", "stock_quantity": None}, "other 3"),
    ({"id": 3, "note": "Hello", "customer_note": False}, "other 3"),
    (ORDER | {"id": 25, "billing_period": "month", "billing_interval": "1"}, "other 25"),
    ({"order_notes": [{"id": "4", "note": "Hello"}]}, "other 4"),
    ({"order_id": 21, "num_items_sold": 2, "net_total": 9}, "other 21"),
    ({"count": 3}, "other"),
    ({"create": [], "update": [REFUND]}, "refund 22 5.00 1 lines refunded 5.00"),
    (
        {"delete": [{"id": 26, "error": {"code": "gone", "message": "No such order."}}]},
        "other refused: WooCommerce answers with an error: gone: No such order.",
    ),
    ({"id": 3}, "other 3"),
    (
        {"code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID.", "data": {"status": 404}},
        "other refused: WooCommerce answers with an error: woocommerce_rest_shop_order_invalid_id: Invalid ID.",
    ),
    (
        {"id": 5, "currency": "EUR", "total": True, "line_items": "none"},
        "order 5 EUR refused: total is no text. line_items is no object.",
    ),
]
