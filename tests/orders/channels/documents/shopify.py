from tests.orders.channels.documents.lately import LATELY

ADDRESS = {
    "first_name": "Zoë",
    "last_name": "Łuczak",
    "address1": "Lindenstr. 39",
    "zip": "10969",
    "city": "Berlin",
    "country_code": "DE",
    "province": "Berlin",
}
LINES = [
    {
        "id": 11,
        "sku": "MUG",
        "name": "Mug - blue",
        "quantity": 2,
        "price": "10.00",
        "discount_allocations": [{"amount": "2.00"}],
        "tax_lines": [{"price": "3.42"}],
        "properties": [{"name": "Text", "value": "für Zoë"}, {"name": "_theme", "value": "x"}],
        "requires_shipping": True,
    },
    {
        "id": 12,
        "sku": "CARD",
        "title": "Gift card",
        "quantity": 1,
        "price": "25.00",
        "gift_card": True,
        "requires_shipping": False,
    },
]
REFUND = {
    "id": 31,
    "order_id": 1,
    "note": "broken",
    "refund_line_items": [{"line_item_id": 11, "quantity": 1, "subtotal": "9.00", "total_tax": "1.71"}],
    "transactions": [
        {"kind": "refund", "status": "success", "amount": "10.71", "currency": "EUR"},
        {"kind": "refund", "status": "failure", "amount": "99.00"},
    ],
}
ORDER = {
    "id": 1,
    "name": "#1001",
    "currency": "EUR",
    "total_price": "54.46",
    "current_total_price": "43.75",
    "total_tax": "4.37",
    "total_discounts": "2.00",
    "taxes_included": False,
    "financial_status": "partially_refunded",
    "test": True,
    "email": "zoe@example.com",
    "created_at": f"{LATELY}T10:00:00+01:00",
    "shipping_address": ADDRESS,
    "line_items": LINES,
    "shipping_lines": [{"title": "DHL", "price": "5.00", "discounted_price": "5.00", "tax_lines": [{"price": "0.95"}]}],
    "total_tip_received": "2.09",
    "refunds": [REFUND],
}
INCLUSIVE = {
    "id": 2,
    "name": "#1002",
    "currency": "JPY",
    "total_price": "1500",
    "total_tax": "136",
    "taxes_included": True,
    "cancelled_at": "2026-03-01T10:00:00Z",
    "cancel_reason": "customer",
    "financial_status": "voided",
    "line_items": [
        {"id": 1, "sku": "MUG", "title": "Mug", "quantity": 1, "price": "1500", "tax_lines": [{"price": 136}]}
    ],
    "customer": {"first_name": "Ann", "last_name": "Miller"},
}


def bag(amount):
    return {
        "shopMoney": {"amount": amount, "currencyCode": "USD"},
        "presentmentMoney": {"amount": "1.0", "currencyCode": "EUR"},
    }


GRAPHQL = {
    "id": "gid://shopify/Order/3",
    "name": "#1003",
    "currencyCode": "USD",
    "totalPriceSet": bag("26.50"),
    "currentTotalPriceSet": bag("16.50"),
    "totalTaxSet": bag("1.50"),
    "totalShippingPriceSet": bag("5.0"),
    "totalDiscountsSet": bag("0.0"),
    "totalRefundedSet": bag("10.0"),
    "taxesIncluded": False,
    "displayFinancialStatus": "PARTIALLY_REFUNDED",
    "cancelledAt": None,
    "shippingAddress": {"name": "山田 太郎", "address1": "1-2-3", "city": "東京", "countryCodeV2": "JP", "zip": "150"},
    "lineItems": {
        "edges": [
            {
                "node": {
                    "id": "gid://shopify/LineItem/9",
                    "sku": "MUG",
                    "name": "Mug",
                    "quantity": 2,
                    "originalUnitPriceSet": bag("10.00"),
                    "taxLines": [{"priceSet": bag("1.50")}],
                }
            }
        ]
    },
    "shippingLines": {"nodes": [{"title": "Post", "originalPriceSet": bag("5.00")}]},
    "transactions": [
        {
            "id": "gid://shopify/OrderTransaction/7",
            "kind": "SALE",
            "status": "SUCCESS",
            "gateway": "visa",
            "amountSet": bag("26.50"),
        }
    ],
    "refunds": [{"id": "gid://shopify/Refund/8", "totalRefundedSet": bag("10.0")}],
}
TAXED_IN_PARTS = {
    "id": "gid://shopify/Order/44",
    "name": "#1044",
    "currencyCode": "USD",
    "totalPriceSet": bag("13.20"),
    "shippingLine": {"title": "Post", "originalPriceSet": bag("2.00"), "taxLines": [{"priceSet": bag("0.20")}]},
    "lineItems": {
        "nodes": [
            {
                "id": "gid://shopify/LineItem/45",
                "title": "Mug",
                "quantity": 1,
                "originalUnitPriceSet": bag("10.00"),
                "taxLines": [{"priceSet": bag("0.75")}, {"priceSet": bag("0.25")}],
            }
        ]
    },
}
SAID_OF_GRAPHQL = "order 3 #1003 26.50 USD 1 lines tax 1.50 shipping 5.0 discount 0.0 refunded 10.0 for 山田 太郎"
SAID = "54.46 EUR 2 lines tax 4.37 shipping 5.00 discount 2.00 refunded 10.71 for Zoë Łuczak"
FAULTY = {
    "id": 1,
    "total_price": "x",
    "currency": "EURO",
    "line_items": [{"id": 1, "title": "A"}],
    "financial_status": "paid",
}
LEVELS = [{"location": {"id": "gid://shopify/Location/8"}, "quantities": [{"name": "available", "quantity": 4}]}]
SHOPIFY = [
    ({"order": ORDER}, f"order 1 #1001 {SAID}"),
    (INCLUSIVE, "order 2 #1002 1500 JPY 1 lines tax 136 for Ann Miller"),
    ({"data": {"order": GRAPHQL}}, SAID_OF_GRAPHQL),
    ({"data": {"orders": {"edges": [{"cursor": "x", "node": GRAPHQL}]}}}, SAID_OF_GRAPHQL),
    ({"data": {"orderUpdate": {"order": GRAPHQL, "userErrors": []}}}, SAID_OF_GRAPHQL),
    ({"detail": {"metadata": {}, "payload": INCLUSIVE}}, "order 2 #1002 1500 JPY 1 lines tax 136 for Ann Miller"),
    (REFUND, "refund 31 10.71 EUR 1 lines tax 1.71 refunded 10.71"),
    (
        REFUND
        | {
            "transactions": [{"kind": "refund", "status": "success", "amount": "9.00", "currency": None}],
            "refund_line_items": [{"line_item_id": 11, "quantity": 1, "subtotal": "9.00", "subtotal_set": bag("9.00")}],
        },
        "refund 31 9.00 USD 1 lines refunded 9.00",
    ),
    (
        {
            "refund": {
                "id": 32,
                "order_id": 1,
                "refund_line_items": [{"line_item_id": 1, "quantity": 1, "subtotal": "5.00", "total_tax": "0.50"}],
                "order_adjustments": [{"amount": "-3.00"}],
            }
        },
        "refund 32 8.50 1 lines tax 0.50 refunded 8.50",
    ),
    *(
        ({"id": 33, "order_id": 1, "refund_line_items": []} | shipping, "refund 33 5.95 shipping 5.00 refunded 5.95")
        for shipping in (
            {"order_adjustments": [{"kind": "shipping_refund", "amount": "-5.00", "tax_amount": "-0.95"}]},
            {"refund_shipping_lines": [{"subtotal_amount_set": bag("5.00"), "tax_amount_set": bag("0.95")}]},
        )
    ),
    ({"refund": {"shipping": {}, "refund_line_items": [], "transactions": [{"kind": "suggested_refund"}]}}, "other"),
    (
        {
            "draft_order": {
                "id": 5,
                "name": "#D5",
                "currency": "CAD",
                "total_price": "9.00",
                "line_items": [],
                "shipping_line": {"price": "4.00"},
                "applied_discount": {"amount": "1.00"},
            }
        },
        "order 5 #D5 9.00 CAD shipping 4.00 discount 1.00",
    ),
    (
        {
            "fulfillment": {
                "id": 6,
                "order_id": 1,
                "name": "#1001.1",
                "status": "success",
                "tracking_company": "DHL",
                "tracking_numbers": ["J1", "J2"],
                "line_items": [{"id": 11, "sku": "MUG", "quantity": 1}],
            }
        },
        "shipment 6 #1001.1 1 lines",
    ),
    (
        {"id": 1, "fulfillment_id": 6, "order_id": 1, "status": "in_transit", "happened_at": "2026-03-02T10:00:00Z"},
        "shipment 6",
    ),
    ({"inventory_item_id": 7, "location_id": 8, "available": 4, "updated_at": "2026-03-02T10:00:00Z"}, "stock 7"),
    (
        {
            "data": {
                "inventoryLevel": {
                    "id": "gid://shopify/InventoryLevel/1?x=2",
                    "item": {"id": "gid://shopify/InventoryItem/7", "sku": "MUG"},
                    "location": {"id": "gid://shopify/Location/8"},
                    "quantities": [{"name": "on_hand", "quantity": 9}, {"name": "available", "quantity": 4}],
                }
            }
        },
        "stock 7",
    ),
    ({"order_edit": {"id": 9, "order_id": 1, "line_items": {"additions": []}}}, "other 1"),
    ({"id": 41, "admin_graphql_api_id": "gid://shopify/Return/41", "order_id": 1, "status": "canceled"}, "other 41"),
    ({"admin_graphql_api_id": "gid://shopify/Return/42", "return_line_items": {}, "restocking_fees": {}}, "other 42"),
    ({"data": {"return": {"id": "gid://shopify/Return/43", "name": "#1-R1"}}}, "other gid://shopify/Return/43"),
    ({"data": {"nodes": [GRAPHQL]}}, SAID_OF_GRAPHQL),
    ({"data": {"node": GRAPHQL}}, SAID_OF_GRAPHQL),
    (
        {"data": {"node": TAXED_IN_PARTS}},
        "order 44 #1044 13.20 USD 1 lines tax 1.20 shipping 2.00",
    ),
    (
        {"data": {"draftOrderCreate": {"draftOrder": {**TAXED_IN_PARTS, "totalShippingPriceSet": bag("3.00")}}}},
        "order 44 #1044 13.20 USD 1 lines shipping 3.00",
    ),
    (
        {"data": {"orderUpdate": {"order": None, "userErrors": [{"message": "No such order"}]}}},
        "other refused: Shopify answers with an error: No such order.",
    ),
    (
        {"refund": {"id": 33, "transactions": [{"order_id": 1, "kind": "refund", "amount": "4.00"}]}},
        "refund 33 4.00 refunded 4.00",
    ),
    ({"fulfillment_order_merges": {"id": 51}, "merge_intents": []}, "other 51"),
    ({"inventory_item_id": 7, "location_id": 8}, "other 7"),
    ({"inventory_item_id": 7, "location_id": 8, "available": None}, "stock 7 refused: available is missing."),
    (
        {
            "data": {
                "refundCreate": {
                    "order": {"id": "gid://shopify/Order/1", "totalRefundedSet": bag("4.00")},
                    "refund": {"id": "gid://shopify/Refund/34", "totalRefundedSet": bag("3.00")},
                    "userErrors": [],
                }
            }
        },
        "refund 34 3.00 USD refunded 3.00",
    ),
    (
        {"data": {"inventoryItem": {"id": "gid://shopify/InventoryItem/7", "inventoryLevels": {"nodes": LEVELS}}}},
        "stock 7",
    ),
    ({"data": {"order": None}}, "other"),
    ({"price_rules": [{"id": 39, "title": "Ten off", "value_type": "percentage"}]}, "other 39"),
    ({"data": {"newest": {"nodes": [GRAPHQL]}}}, SAID_OF_GRAPHQL),
    ([{"order": INCLUSIVE}], "order 2 #1002 1500 JPY 1 lines tax 136 for Ann Miller"),
    ({"id": 36, "total_price": "1.234,50", "currency": "EUR", "line_items": []}, "order 36 1234.50 EUR"),
    ({"id": 37, "total_price": "1,234.50", "currency": "EUR", "line_items": []}, "order 37 1234.50 EUR"),
    (
        {"id": 38, "total_price": "99999999999999999999", "currency": "EUR", "line_items": []},
        "order 38 EUR refused: total_price '99999999999999999999' is too large.",
    ),
    (
        {"data": {"fulfillmentCreate": {"fulfillment": {"id": "gid://shopify/Fulfillment/6", "status": "SUCCESS"}}}},
        "shipment 6",
    ),
    ({"fulfillment": {"id": 6, "status": "success"}}, "shipment 6 refused: fulfillment.order_id is missing."),
    (
        {"data": {"fulfillmentEventCreate": {"fulfillmentEvent": {"id": "gid://shopify/FulfillmentEvent/7"}}}},
        "shipment 7",
    ),
    ({"id": 5, "line_items": []}, "order 5 refused: total_price is missing. currency is missing."),
    (
        {"id": 35, "order_id": 1, "refund_line_items": [{"quantity": 1, "line_item": {"id": 9}}]},
        "refund 35 0 1 lines refused: refund_line_items[0].subtotal is missing.",
    ),
    ({"data": {"ordersCount": {"count": 3, "precision": "EXACT"}}}, "other"),
    ({"data": {"orderCancel": {"job": {"id": "gid://shopify/Job/1"}, "orderCancelUserErrors": []}}}, "other"),
    (
        {"data": {"orderCancel": {"job": None, "orderCancelUserErrors": [{"message": "Too late"}]}}},
        "other refused: Shopify answers with an error: Too late.",
    ),
    (
        {"data": {"orderDelete": {"deletedId": "gid://shopify/Order/1", "userErrors": []}}},
        "other gid://shopify/Order/1",
    ),
    ({"id": 52, "order_id": 1, "amount": "3.00", "reason": "fraudulent", "evidence_due_by": "2026-04-01"}, "other 52"),
    ({"id": "c1", "token": "c1", "line_items": [], "note": None, "created_at": "2026-04-01"}, "other c1"),
    ({"shop_id": 53, "shop_domain": "mugs.example.com"}, "other 53"),
    ({"id": 9}, "other 9"),
    ({"errors": "Not Found"}, "other refused: Shopify answers with an error: Not Found."),
    ({"data": None, "errors": [{"message": "Throttled"}]}, "other refused: Shopify answers with an error: Throttled."),
    (
        {"errors": {"line_items": ["are missing", "are none"]}},
        "other refused: Shopify answers with an error: line_items: are missing: are none.",
    ),
    ({"orders": []}, "other"),
    (
        {"properties": {"name": 2}},
        "other refused: The body is no document of Shopify that is known here: it holds properties.",
    ),
    (
        {
            "id": 55,
            "admin_graphql_api_id": "gid://shopify/PaymentSchedule/55",
            "total_price": "9.00",
            "currency": "EUR",
        },
        "other 55",
    ),
    ({"id": "gid://shopify/InventoryTransfer/56", "status": "DRAFT", "line_items": [{"quantity": 2}]}, "other 56"),
    ({"app_subscription": {"admin_graphql_api_id": "gid://shopify/AppSubscription/57", "name": "Pro"}}, "other 57"),
    ({"collection_listing": {"collection_id": 58, "title": "Mugs"}}, "other 58"),
    ([{"id": "post-4.00", "price": "4.00", "title": "Letter"}], "other post-4.00"),
    (
        {
            "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/1",
            "admin_graphql_api_job_id": None,
            "errors": [{"field": "merge_in_progress", "message": "Ann is being merged."}],
        },
        "other",
    ),
    (
        {"order": FAULTY},
        "order 1 1 lines refused: order.line_items[0].quantity is missing. order.total_price 'x' is no amount."
        " order.currency 'EURO' is no currency.",
    ),
]
