from tests.orders.channels.documents.lately import LATELY


def eur(value):
    return {"value": value, "currency": "EUR"}


ORDER = {
    "orderId": "07-1",
    "creationDate": f"{LATELY}T10:00:00.000Z",
    "orderPaymentStatus": "PARTIALLY_REFUNDED",
    "cancelStatus": {"cancelState": "CANCELED"},
    "buyer": {"username": "carl1"},
    "pricingSummary": {
        "priceSubtotal": eur("20.0"),
        "priceDiscount": eur("-2.0"),
        "deliveryCost": eur("4.5"),
        "total": eur("22.5"),
    },
    "paymentSummary": {
        "payments": [
            {"paymentMethod": "EBAY", "paymentReferenceId": "p1", "amount": eur("19.1"), "paymentStatus": "PAID"}
        ],
        "refunds": [
            {"refundReferenceId": "r1", "amount": eur("1.5"), "refundStatus": "REFUNDED"},
            {"refundReferenceId": "r2", "amount": eur("9.0"), "refundStatus": "FAILED"},
        ],
    },
    "fulfillmentStartInstructions": [
        {
            "shippingStep": {
                "shipTo": {
                    "fullName": "Carl Müller",
                    "contactAddress": {"addressLine1": "Str. 42", "city": "Mülheim", "countryCode": "DE"},
                    "primaryPhone": {"phoneNumber": "0208"},
                    "email": "c@example.com",
                }
            }
        }
    ],
    "lineItems": [
        {
            "lineItemId": "1",
            "sku": "TAG",
            "title": "NFC Anhänger",
            "quantity": 2,
            "lineItemCost": eur("20.0"),
            "discountedLineItemCost": eur("18.0"),
        }
    ],
}
XML = """<?xml version="1.0" encoding="UTF-8"?>
<GetOrdersResponse xmlns="urn:ebay:apis:eBLBaseComponents"><Ack>Success</Ack>
<OrderArray><Order><OrderID>110-0</OrderID><OrderStatus>Completed</OrderStatus>
<AdjustmentAmount currencyID="USD">{adjusted}</AdjustmentAmount><AmountPaid currencyID="USD">22.00</AmountPaid>
<ShippingAddress><Name> Ann
 O'Hara </Name><Street1>1 Main St.</Street1><CityName>Reno</CityName><Country>US</Country></ShippingAddress>
<ShippingServiceSelected><ShippingServiceCost currencyID="USD">3.0</ShippingServiceCost></ShippingServiceSelected>
<Subtotal currencyID="USD">20.0</Subtotal><Total currencyID="USD">{total}</Total>
<TransactionArray><Transaction>
<Item><ItemID>5</ItemID><SKU>JEANS</SKU><Title>Jeans &amp; belt</Title></Item><QuantityPurchased>2</QuantityPurchased>
<TransactionPrice currencyID="USD">10.0</TransactionPrice>
<Taxes><TotalTaxAmount currencyID="AUD">2.34</TotalTaxAmount></Taxes><OrderLineItemID>5-0</OrderLineItemID>
<Variation><SKU>JEANS-L</SKU></Variation></Transaction></TransactionArray>{more}</Order></OrderArray>
</GetOrdersResponse>"""
REFUNDS = """<MonetaryDetails><Refunds><Refund><RefundAmount currencyID="USD">5.00</RefundAmount></Refund>
<Refund><RefundAmount>-2.50</RefundAmount></Refund><Refund/></Refunds></MonetaryDetails>"""
SAID = "22.5 EUR 1 lines shipping 4.5 discount 2.0 refunded 1.5 for Carl Müller"
EBAY = [
    (
        {
            "responses": [
                {
                    "statusCode": 200,
                    "sku": "TAG",
                    "inventoryItem": {"availability": {"shipToLocationAvailability": {"quantity": 7}}},
                }
            ]
        },
        "stock TAG",
    ),
    ({"responses": [{"statusCode": 200, "offerId": "5", "errors": []}]}, "other 5"),
    (
        {"responses": [{"statusCode": 404, "sku": "BAG", "errors": [{"errorId": 25702, "message": "No BAG"}]}]},
        "other refused: eBay answers with an error: 25702: No BAG.",
    ),
    (
        {"lineItems": [{"lineItemId": "1", "quantity": 1}], "trackingNumber": "T1", "shippingCarrierCode": "USPS"},
        "shipment 1 lines refused: fulfillmentId is missing.",
    ),
    ({"reasonForRefund": "BUYER_CANCEL", "refundItems": []}, "refund refused: refundId is missing."),
    ({"tasks": [{"taskId": "t1", "status": "QUEUED"}]}, "other t1"),
    ({"locations": [{"merchantLocationKey": "w1"}]}, "other w1"),
    ({"orders": [ORDER], "total": 1}, f"order 07-1 {SAID}"),
    (ORDER, f"order 07-1 {SAID}"),
    ({"orders": [], "total": 0}, "other"),
    (
        XML.format(adjusted="-1.00", total="22.0", more=""),
        "order 110-0 22.0 USD 1 lines shipping 3.0 discount 1.00 for Ann O'Hara",
    ),
    (
        XML.format(adjusted="-7.50", total="23.0", more=REFUNDS),
        "order 110-0 23.0 USD 1 lines shipping 3.0 refunded 7.50 for Ann O'Hara",
    ),
    ("<GetOrdersResponse><Ack>Success</Ack><OrderArray/></GetOrdersResponse>", "other"),
    (
        "<GetOrdersResponse><Ack>Failure</Ack><Errors><LongMessage>Expired.</LongMessage></Errors></GetOrdersResponse>",
        "other refused: eBay answers with an error: Expired.",
    ),
    (
        {
            "fulfillments": [
                {
                    "fulfillmentId": "f1",
                    "shipmentTrackingNumber": "1Z",
                    "lineItems": [{"lineItemId": "1", "quantity": 1}],
                }
            ]
        },
        "shipment f1 1 lines",
    ),
    ({"sku": "TAG", "availability": {"shipToLocationAvailability": {"quantity": 4}}}, "stock TAG"),
    ({"refundId": "r1", "refundStatus": "PENDING"}, "refund r1"),
    (
        {"orderId": "07-2", "lineItems": [{"lineItemId": "1", "quantity": 1, "lineItemCost": {"value": "1.0"}}]},
        "order 07-2 1 lines refused: pricingSummary.total.currency is missing. pricingSummary.total.value is missing.",
    ),
    ({"offers": [{"offerId": "o1", "sku": "TAG", "availableQuantity": 3}]}, "stock TAG"),
    ({"transactions": [{"transactionId": "t1", "transactionType": "SALE"}], "total": 1}, "other t1"),
    ({"payouts": [{"payoutId": "p1", "payoutStatus": "SUCCEEDED"}]}, "other p1"),
    ({"cancelDetail": {"cancelId": "c1", "cancelState": "CLOSED"}}, "other c1"),
    ({"members": [{"returnId": "r1", "state": "CLOSED"}], "total": 1}, "other r1"),
    (
        {
            "metadata": {"topic": "ORDER_CONFIRMATION"},
            "notification": {"data": {"order": {"orderId": "07-1", "orderLineItems": [{"quantity": 1}]}}},
        },
        "other 07-1 1 lines",
    ),
    (
        "<ReviseInventoryStatusResponse><Ack>Success</Ack><InventoryStatus><ItemID>5</ItemID><SKU>TAG</SKU>"
        "<Quantity>4</Quantity></InventoryStatus></ReviseInventoryStatusResponse>",
        "stock TAG",
    ),
    ({"metadata": {"topic": "X"}, "notification": {}}, "other"),
    (
        {"errors": [{"errorId": 1100, "message": "Access denied."}]},
        "other refused: eBay answers with an error: 1100: Access denied.",
    ),
]
