"""Shopware 6, Unicommerce and spreadsheets."""

from tests.orders.channels.documents.lately import LATELY

ADDRESS = {"firstName": "Eva", "lastName": "Groß", "street": "Hauptstr. 1", "zipcode": "50667", "city": "Köln"}
ORDER = {
    "id": "a1",
    "orderNumber": "10001",
    "orderDateTime": f"{LATELY}T10:00:00.000+00:00",
    "amountTotal": 23.8,
    "shippingTotal": 4,
    "price": {"totalPrice": 23.8, "calculatedTaxes": [{"tax": 3.8, "taxRate": 19}], "taxStatus": "gross"},
    "currency": {"isoCode": "EUR"},
    "stateMachineState": {"technicalName": "open"},
    "orderCustomer": {"firstName": "Ann", "lastName": "Groß", "email": "a@example.com"},
    "billingAddressId": "b1",
    "addresses": [{"id": "b1", **ADDRESS, "firstName": "Ann"}],
    "deliveries": [{"id": "d1", "shippingOrderAddress": ADDRESS}],
    "lineItems": [
        {
            "id": "l1",
            "type": "product",
            "label": "Tasse",
            "quantity": 2,
            "unitPrice": 11,
            "totalPrice": 22,
            "payload": {"productNumber": "MUG"},
            "price": {"calculatedTaxes": [{"tax": 3.51}]},
        },
        {"id": "l2", "type": "promotion", "label": "-10 %", "quantity": 1, "unitPrice": -2.2, "totalPrice": -2.2},
    ],
    "transactions": [
        {
            "id": "t1",
            "amount": {"totalPrice": 23.8},
            "stateMachineState": {"technicalName": "paid"},
            "captures": [{"refunds": [{"amount": {"totalPrice": 5.5}}]}],
        }
    ],
}
JSON_API = {
    "data": [
        {
            "id": "a1",
            "type": "order",
            "attributes": {"orderNumber": "10001", "amountTotal": 9.5, "shippingTotal": 0},
            "relationships": {
                "currency": {"data": {"type": "currency", "id": "c1"}},
                "lineItems": {
                    "data": [{"type": "order_line_item", "id": "l1"}, {"type": "order_line_item", "id": "gone"}]
                },
                "tags": {"data": None},
            },
        }
    ],
    "included": [
        {"id": "c1", "type": "currency", "attributes": {"isoCode": "CHF"}},
        {
            "id": "l1",
            "type": "order_line_item",
            "attributes": {"label": "Tasse", "quantity": 1, "unitPrice": 9.5, "totalPrice": 9.5},
            "relationships": {"order": {"data": {"type": "order", "id": "a1"}}},
        },
    ],
}
CHF = {"isoCode": "CHF"}
PARTLY = {"amount": {"totalPrice": 9}, "stateMachineState": {"technicalName": "refunded_partially"}}
SAID = "23.8 EUR 2 lines tax 3.8 shipping 4 discount 2.2 refunded 5.5 for Eva Groß"
SHOPWARE = [
    (
        {"data": {"type": "state_machine_state", "id": "s1", "attributes": {"technicalName": "cancelled"}}},
        "other s1",
    ),
    ({"data": [ORDER], "total": 1}, f"order a1 #10001 {SAID}"),
    (
        {"data": {"payload": {"order": ORDER}, "event": "checkout.order.placed"}, "source": {}},
        f"order a1 #10001 {SAID}",
    ),
    ({"orders": {"elements": [ORDER]}}, f"order a1 #10001 {SAID}"),
    (JSON_API, "order a1 #10001 9.5 CHF 1 lines"),
    ({"data": [{"id": "d1", "shippingOrderAddress": ADDRESS, "trackingCodes": ["1Z"]}]}, "shipment d1 for Eva Groß"),
    ({"data": [{"id": "l1", "productId": "p", "quantity": 1}]}, "other l1"),
    (
        {"data": [{"id": "a3", "orderNumber": "10003", "amountTotal": 11.9, "amountNet": 10, "currency": CHF}]},
        "order a3 #10003 11.9 CHF tax 1.9",
    ),
    (
        {"data": [{"id": "a4", "orderNumber": "10004", "amountTotal": 9, "currency": CHF, "transactions": [PARTLY]}]},
        "order a4 #10004 9 CHF",
    ),
    (
        {"elements": [{"orderNumber": "10005", "price": {"totalPrice": 5}, "lineItems": [{"price": {"quantity": 1}}]}]},
        "order #10005 5 1 lines refused: elements[0].id is missing. elements[0].currency.isoCode is missing."
        " elements[0].lineItems[0].id is missing.",
    ),
    ({"token": "t", "price": {"totalPrice": 0}, "lineItems": [], "errors": []}, "other"),
    ({"data": {"id": "p1", "productNumber": "MUG", "stock": 4}}, "stock p1"),
    ({"data": [{"id": "p1", "productNumber": "MUG"}]}, "other p1"),
    ({"data": [{"id": "r1", "captureId": "k1", "amount": {"totalPrice": 2.5}}]}, "refund r1 2.5 refunded 2.5"),
    (
        {"data": [{"id": "a2", "orderNumber": "10002", "currencyId": "c1"}]},
        "order a2 #10002 refused: data[0].amountTotal is missing.",
    ),
    (
        {"errors": [{"status": "401", "title": "Unauthorized", "detail": "No token"}]},
        "other refused: Shopware answers with an error: Unauthorized: No token.",
    ),
]
SALE = {
    "code": "SO1",
    "displayOrderCode": "SINV-1",
    "displayOrderDateTime": 1623695400000,
    "status": "CANCELLED",
    "currencyCode": "INR",
    "addresses": [
        {"id": "1", "name": "Asha", "addressLine1": "42", "pincode": "400001", "country": "IN"},
        {"id": "2", "name": "Ravi", "addressLine1": "43", "pincode": "400002", "country": "IN"},
    ],
    "shippingPackages": [],
    "saleOrderItems": [
        {
            "code": "MUG-0",
            "itemSku": "MUG",
            "shippingAddressId": 2,
            "totalPrice": 655.5,
            "sellingPrice": 638.9,
            "discount": 9.1,
            "shippingCharges": 16.6,
            "totalStateGst": 31.0,
            "totalCentralGst": 31.0,
        },
        {"code": "MUG-1", "itemSku": "MUG", "totalPrice": 648.0, "sellingPrice": 648.0, "prepaidAmount": 648.0},
    ],
}
ITEM = {"code": "MUG-0", "totalPrice": "5", "sellingPrice": "5"}
PACKAGE = {"code": "P2", "saleOrderCode": "SO1", "items": {"MUG": {"quantity": 1}, "TAG": {"quantity": 2}}}
ADDED = {"itemSKU": "MUG", "quantity": 3, "adjustmentType": "ADD", "facilityCode": "W1"}
SAID_OF_SALE = "1303.5 INR 2 lines tax 62.0 shipping 16.6 discount 9.1 for Ravi"
UNICOMMERCE = [
    ({"successful": True, "saleOrderDTO": SALE}, f"order SO1 #SINV-1 {SAID_OF_SALE}"),
    (SALE, f"order SO1 #SINV-1 {SAID_OF_SALE}"),
    ({"successful": True, "saleOrderDetailDTO": SALE}, f"order SO1 #SINV-1 {SAID_OF_SALE}"),
    ({"successful": True, "elements": [SALE]}, f"order SO1 #SINV-1 {SAID_OF_SALE}"),
    ({"code": "SO2", "currencyCode": "INR", "saleOrderItems": []}, "order SO2 INR"),
    ({"successful": True, "elements": [{"code": "SO3", "displayOrderCode": "S3", "status": "CREATED"}]}, "other SO3"),
    ({"successful": True, "code": "SO4", "status": "CANCELLED"}, "cancellation SO4"),
    (
        {"saleOrder": SALE | {"saleOrderItems": [ITEM], "shippingAddress": {"referenceId": 2}}},
        "order SO1 #SINV-1 5 INR 1 lines for Ravi",
    ),
    (
        {"saleOrder": SALE | {"saleOrderItems": [ITEM], "addresses": [], "billingAddress": {"referenceId": 2}}},
        "order SO1 #SINV-1 5 INR 1 lines",
    ),
    ({"successful": True, "shippingPackages": [PACKAGE]}, "shipment P2 2 lines"),
    ({"successful": True, "shippingPackageCode": "P3", "trackingNumber": "1Z", "invoiceCode": "I1"}, "shipment P3"),
    ({"successful": True, "inventoryDTOs": [{"skuCode": "MUG", "inventory": 4}]}, "stock MUG"),
    ({"successful": True, "inventoryAdjustmentResponses": [{"facilityInventoryAdjustment": ADDED}]}, "stock MUG"),
    ({"inventoryAdjustment": ADDED | {"adjustmentType": "REMOVE"}}, "stock MUG"),
    ({"successful": True, "itemTypeDTO": {"skuCode": "MUG"}}, "other MUG"),
    ({"successful": True, "returnOrders": [{"code": "R1"}]}, "other R1"),
    (
        {"successful": True, "returnSaleOrderItems": [{}], "returnSaleOrderValue": {"reversePickupCode": "R2"}},
        "other R2 1 lines",
    ),
    ({"successful": True, "inventorySnapshots": [{"itemTypeSKU": "MUG", "inventory": 4}]}, "stock MUG"),
    (
        {
            "successful": True,
            "shippingPackageDetailDTO": {"code": "P1", "saleOrderCode": "SO1", "trackingNumber": "1Z"},
        },
        "shipment P1",
    ),
    (
        {"successful": False, "errors": [{"code": 10001, "description": "INVALID_SALE_ORDER_CODE"}]},
        "other refused: Unicommerce answers with an error: INVALID_SALE_ORDER_CODE.",
    ),
]

ROWS = {
    "order_id": "A1",
    "ordered_at": f"{LATELY}",
    "currency": "EUR",
    "prices_include_tax": True,
    "shipping": "4.90",
    "discount": "1.00",
    "ship_to": {"name": "Ann", "line1": "Torstr. 1", "city": "Berlin", "country": "DE"},
    "lines": [{"sku": "MUG", "quantity": 2, "unit_price": "9.50", "discount": "0.50"}],
}
NET = ROWS | {
    "prices_include_tax": False,
    "tax": "4.45",
    "lines": [{"sku": "MUG", "quantity": 2, "unit_price": "9.50", "tax": "3.52"}],
}
SPREADSHEET = [
    (ROWS, "order A1 22.40 EUR 1 lines shipping 4.90 discount 1.50 for Ann"),
    (NET, "order A1 27.35 EUR 1 lines tax 4.45 shipping 4.90 discount 1.00 for Ann"),
    (
        ROWS | {"prices_include_tax": False},
        "order A1 EUR 1 lines shipping 4.90 discount 1.50 for Ann",
    ),
    (
        ROWS | {"lines": [{"sku": "", "quantity": "two"}]},
        "order A1 EUR 1 lines shipping 4.90 discount 1.00 for Ann refused: "
        "lines[0].quantity 'two' is no amount. lines[0].sku is missing.",
    ),
    ({"colour": "red"}, "other refused: The body is no document of a spreadsheet that is known here: it holds colour."),
]
