ADDRESS = {
    "first_name": "Zoë",
    "last_name": "Łuczak",
    "street_1": "Lindenstr. 39",
    "city": "Berlin",
    "zip": "10969",
    "country": "Germany",
    "country_iso2": "DE",
    "email": "zoe@example.com",
}
PRODUCT = {
    "id": 5,
    "order_id": 250,
    "product_id": 9,
    "sku": "MUG",
    "name": "Mug",
    "quantity": 2,
    "price_ex_tax": "10.0000",
    "price_inc_tax": "11.9000",
    "total_ex_tax": "20.0000",
    "total_tax": "3.8000",
    "applied_discounts": [{"id": "coupon", "amount": "1.0000"}],
    "product_options": [{"display_name": "Text", "display_value": "Hi"}],
}
ORDER = {
    "id": 250,
    "status_id": 11,
    "status": "Awaiting Fulfillment",
    "date_created": "Thu, 20 Jun 2019 16:07:08 +0000",
    "currency_code": "EUR",
    "default_currency_code": "USD",
    "total_inc_tax": "29.7500",
    "total_tax": "4.7500",
    "shipping_cost_ex_tax": "5.0000",
    "shipping_cost_tax": "0.9500",
    "wrapping_cost_ex_tax": "1.0000",
    "discount_amount": "0.0000",
    "coupon_discount": "1.0000",
    "refunded_amount": "2.5000",
    "payment_status": "captured",
    "payment_method": "Visa",
    "gift_certificate_amount": "4.75",
    "billing_address": ADDRESS,
    "products": {"url": "https://api.example.com/orders/250/products", "resource": "/orders/250/products"},
}
SAID = "29.7500 EUR tax 4.7500 shipping 5.0000 discount 1.0000 refunded 2.5000 for Zoë Łuczak"
REFUND = {
    "id": 12,
    "order_id": 250,
    "total_amount": 50,
    "total_tax": 5,
    "items": [{"item_type": "PRODUCT", "item_id": 5, "quantity": 1}],
}


def hook(scope, data):
    return {"scope": f"store/{scope}", "store_id": "1", "data": data, "created_at": 1561479335, "producer": "stores/x"}


BIGCOMMERCE = [
    (ORDER, f"order 250 {SAID}"),
    ([ORDER], f"order 250 {SAID}"),
    (ORDER | {"products": [PRODUCT]}, f"order 250 {SAID}".replace("EUR", "EUR 1 lines")),
    ([PRODUCT, PRODUCT | {"id": 6}], "order 250 2 lines tax 7.6000"),
    (PRODUCT, "other 250"),
    ({"data": REFUND}, "refund 12 50 1 lines tax 5 refunded 50"),
    ({"data": [REFUND], "meta": {}}, "refund 12 50 1 lines tax 5 refunded 50"),
    (
        [
            {
                "id": 6,
                "order_id": 250,
                "order_address_id": 1,
                "tracking_number": "EJ1",
                "shipping_address": ADDRESS,
                "items": [{"order_product_id": 5, "quantity": 1}],
            }
        ],
        "shipment 6 1 lines for Zoë Łuczak",
    ),
    ([ADDRESS | {"id": 3, "order_id": 250}], "other 250 for Zoë Łuczak"),
    (hook("order/created", {"type": "order", "id": 250}), "other 250"),
    (hook("order/statusUpdated", {"type": "order", "id": 250, "status": {"new_status_id": 5}}), "cancellation 250"),
    (hook("order/statusUpdated", {"type": "order", "id": 250, "status": {"new_status_id": 11}}), "other 250"),
    (hook("order/transaction/created", {"type": "order", "order_id": 250, "transaction_id": 9}), "other 250"),
    (hook("inventory/location/updated", {"location_id": 1, "items": []}), "other 1"),
    ([{"id": 5, "order_id": 250, "subject": "Hello", "message": "Where is it?", "status": "read"}], "other 5"),
    ([{"id": 6, "order_id": 250, "tax_rate_id": 1, "name": "VAT"}], "other 6"),
    ([{"id": 8, "order_id": 250, "type": "custom_fee", "cost_inc_tax": "1.00"}], "other 8"),
    ({"shipping": [{"id": 1}], "downloads": [], "email": {}}, "other"),
    ({"pickups": [{"id": 99, "line_items": []}]}, "other"),
    (
        {"tracking_number": "1Z", "order_address_id": 1, "shipping_provider": "fedex"},
        "shipment refused: id is missing. order_id is missing.",
    ),
    (
        {
            "items": [{"item_type": "PRODUCT", "item_id": 31, "quantity": 1}],
            "payments": [{"provider_id": "storecredit", "amount": 37.89}],
        },
        "refund 1 lines refused: total_amount is missing. id is missing. order_id is missing.",
    ),
    (
        {"orders": {"order": {"id": 251, "status_id": 11, "total_inc_tax": "9.00", "currency_code": "EUR"}}},
        "order 251 9.00 EUR",
    ),
    ({"data": [{"id": 7, "namespace": "n", "key": "k", "value": "v"}], "meta": {}}, "other 7"),
    (hook("shipment/created", {"type": "shipment", "id": 12, "orderId": 250}), "other 12"),
    (
        hook(
            "sku/inventory/updated",
            {"type": "sku", "id": 1, "inventory": {"variant_id": 7, "method": "relative", "value": -2}},
        ),
        "stock 7",
    ),
    ({"id": 4, "sku": "MUG", "inventory_level": 9, "inventory_tracking": "product"}, "stock 4"),
    (
        {
            "data": [
                {"identity": {"sku": "MUG", "variant_id": 7}, "locations": [{"location_id": 1, "available_to_sell": 3}]}
            ]
        },
        "stock 7",
    ),
    (
        {"billing_address": ADDRESS, "products": [{"name": "Mug", "quantity": 1, "price_ex_tax": 10}]},
        "order 1 lines for Zoë Łuczak refused: total_inc_tax is missing. id is missing. currency_code is missing.",
    ),
    (
        [{"status": 404, "message": "The requested resource was not found."}],
        "other refused: BigCommerce answers with an error: The requested resource was not found.",
    ),
]
