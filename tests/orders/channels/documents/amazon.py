import json

from tests.orders.channels.documents.lately import LATELY


def usd(amount):
    return {"CurrencyCode": "USD", "Amount": amount}


def since(amount):
    return {"currencyCode": "USD", "amount": amount}


ORDER = {
    "AmazonOrderId": "902-1",
    "OrderStatus": "Unshipped",
    "OrderTotal": usd("19.03"),
    "PurchaseDate": f"{LATELY}T10:00:00Z",
    "PaymentMethod": "Other",
    "MarketplaceId": "ATVPDKIKX0DER",
    "BuyerInfo": {"BuyerName": "Ann", "BuyerEmail": "a@marketplace.example"},
    "ShippingAddress": {"Name": "Zoë Łuczak", "AddressLine1": "1 Cross St.", "CountryCode": "US"},
}
ITEM = {
    "OrderItemId": "77",
    "SellerSKU": "MUG",
    "Title": "Mug",
    "QuantityOrdered": 2,
    "ItemPrice": usd("15.00"),
    "ItemTax": usd("1.03"),
    "ShippingPrice": usd("4.00"),
    "ShippingDiscount": usd("1.00"),
    "PromotionDiscount": usd("2.00"),
    "BuyerInfo": {"GiftWrapPrice": usd("2.00"), "GiftMessageText": "For you"},
}
ORDER_2026 = {
    "orderId": "902-2",
    "createdTime": f"{LATELY}T10:00:00Z",
    "buyer": {"buyerName": "Ann"},
    "recipient": {"deliveryAddress": {"name": "山田", "addressLine1": "1", "addressLine2": "2", "countryCode": "JP"}},
    "proceeds": {"grandTotal": since("21.50")},
    "fulfillment": {"fulfillmentStatus": "CANCELLED"},
    "orderItems": [
        {
            "orderItemId": "78",
            "quantityOrdered": 2,
            "product": {"sellerSku": "MUG", "title": "Mug", "price": {"unitPrice": since("10.00")}},
            "proceeds": {
                "proceedsTotal": since("21.50"),
                "breakdowns": [
                    {"type": "ITEM", "subtotal": since("20.00")},
                    {"type": "SHIPPING", "subtotal": since("3.00")},
                    {
                        "type": "TAX",
                        "subtotal": since("1.50"),
                        "detailedBreakdowns": [
                            {"subtype": "ITEM", "value": since("1.20")},
                            {"subtype": "SHIPPING", "value": since("0.30")},
                        ],
                    },
                    {
                        "type": "DISCOUNT",
                        "subtotal": since("-3.00"),
                        "detailedBreakdowns": [{"subtype": "ITEM", "value": since("-3.00")}],
                    },
                ],
            },
        }
    ],
}


def notice(kind, payload):
    return {"NotificationType": kind, "Payload": payload}


def change(status, kind="OrderStatusChange"):
    summary = {"OrderStatus": status, "OrderItems": [{"OrderItemId": "77", "Quantity": 1}]}
    return {"OrderChangeNotification": {"AmazonOrderId": "902-1", "OrderChangeType": kind, "Summary": summary}}


SHIPPED = {
    "SellerFulfillmentOrderId": "S1",
    "FulfillmentOrderStatus": "PROCESSING",
    "FulfillmentShipment": {
        "AmazonShipmentId": "D1",
        "FulfillmentShipmentPackages": [{"CarrierCode": "UPS", "TrackingNumber": "1Z"}],
    },
}
PAGE_XML = """<ListOrdersResponse xmlns="https://mws.amazonservices.com/Orders/2013-09-01"><ListOrdersResult><Orders>
<Order><AmazonOrderId>902-3</AmazonOrderId><OrderStatus>Unshipped</OrderStatus>
<OrderTotal><CurrencyCode>BRL</CurrencyCode><Amount>100.00</Amount></OrderTotal><PaymentMethod>COD</PaymentMethod>
<ShippingAddress><Name>João</Name><AddressLine1>Av. 1</AddressLine1></ShippingAddress></Order>
<Order><AmazonOrderId>902-4</AmazonOrderId><OrderStatus>Pending</OrderStatus></Order></Orders></ListOrdersResult>
</ListOrdersResponse>"""
ITEMS_XML = """<ListOrderItemsResponse><ListOrderItemsResult><AmazonOrderId>902-3</AmazonOrderId><OrderItems><OrderItem>
<OrderItemId>1</OrderItemId><SellerSKU>MUG</SellerSKU><QuantityOrdered>1</QuantityOrdered>
<ItemPrice><CurrencyCode>BRL</CurrencyCode><Amount>90.00</Amount></ItemPrice></OrderItem></OrderItems>
</ListOrderItemsResult></ListOrderItemsResponse>"""
FBA_XML = """<GetFulfillmentOrderResponse><GetFulfillmentOrderResult><FulfillmentOrder>
<SellerFulfillmentOrderId>S1 </SellerFulfillmentOrderId><DestinationAddress><Name>Taro</Name><Line1>1</Line1>
</DestinationAddress></FulfillmentOrder><FulfillmentOrderItem><member>
<SellerFulfillmentOrderItemId>i1</SellerFulfillmentOrderItemId><Quantity>5</Quantity></member></FulfillmentOrderItem>
<FulfillmentShipment><member><FulfillmentShipmentPackage><member><TrackingNumber>93ZZ</TrackingNumber></member>
</FulfillmentShipmentPackage></member></FulfillmentShipment></GetFulfillmentOrderResult></GetFulfillmentOrderResponse>"""


def feed(kind, inside):
    message = f"<Message><MessageID>1</MessageID><{kind}>{inside}</{kind}></Message>"
    return f"<AmazonEnvelope><MessageType>{kind}</MessageType>{message}</AmazonEnvelope>"


def price(kind, amount):
    return f'<Component><Type>{kind}</Type><Amount currency="EUR">{amount}</Amount></Component>'


REPORT_XML = feed(
    "OrderReport",
    "<AmazonOrderID>902-4</AmazonOrderID><FulfillmentData><Address><Name>Eva Groß</Name></Address></FulfillmentData>"
    "<Item><AmazonOrderItemCode>7</AmazonOrderItemCode><SKU>MUG</SKU><Quantity>2</Quantity><ItemPrice>"
    + price("Principal", "20.00")
    + price("Shipping", "3.00")
    + price("Tax", "3.80")
    + price("ShippingTax", "0.57")
    + f"</ItemPrice><Promotion>{price('Principal', '-2.00')}</Promotion></Item>",
)
SAID_OF_REPORT = "order 902-4 25.37 EUR 1 lines tax 4.37 shipping 3.00 discount 2.00 for Eva Groß"
CANCELLED = {
    "NotificationType": "ORDER_CHANGE",
    "Payload": {"OrderChangeNotification": {"AmazonOrderId": "902-5", "Summary": {"OrderStatus": "Canceled"}}},
}
AMAZON = [
    (
        {
            "marketplaceId": "M1",
            "packageDetail": {"packageReferenceId": "1", "orderItems": [{"orderItemId": "9", "quantity": 2}]},
        },
        "shipment 1 1 lines",
    ),
    ({"items": [{"asin": "B1", "summaries": []}]}, "other B1"),
    ({"shipments": [{"id": "s1", "locationId": "L1", "shipmentStatus": "ACCEPTED"}]}, "other s1"),
    ({"returns": [{"id": "r1", "returnMetadata": {}}]}, "other r1"),
    ({"payload": {"trackingId": "t1", "eventHistory": []}}, "other t1"),
    ({"Type": "Notification", "Message": json.dumps(CANCELLED)}, "cancellation 902-5"),
    ({"Records": [{"body": json.dumps(CANCELLED)}]}, "cancellation 902-5"),
    ({"Messages": [{"Body": "hello"}]}, "other refused: The body is neither a JSON object or list nor XML."),
    ({"payload": ORDER}, "order 902-1 19.03 USD for Zoë Łuczak"),
    ({"payload": {"Orders": [ORDER], "NextToken": "x"}}, "order 902-1 19.03 USD for Zoë Łuczak"),
    (
        {"payload": {"AmazonOrderId": "902-1", "OrderItems": [ITEM]}},
        "order 902-1 USD 1 lines tax 1.03 shipping 4.00 discount 3.00",
    ),
    (
        {
            "payload": {
                "AmazonOrderId": "902-1",
                "OrderItems": [ITEM | {"CODFee": {"CurrencyCode": "GBP", "Amount": "1"}}],
            }
        },
        "order 902-1 USD 1 lines tax 1.03 shipping 4.00 discount 3.00"
        " refused: payload.OrderItems[0].CODFee is in GBP, the order in USD.",
    ),
    (
        ORDER | {"OrderItems": [ITEM]},
        "order 902-1 19.03 USD 1 lines tax 1.03 shipping 4.00 discount 3.00 for Zoë Łuczak",
    ),
    ({"payload": {"AmazonOrderId": "902-1", "OrderStatus": "Pending"}}, "order 902-1"),
    (
        {"payload": {"AmazonOrderId": "902-1", "OrderStatus": "Shipped"}},
        "order 902-1 refused: payload.OrderTotal is missing.",
    ),
    ({"order": ORDER_2026}, "order 902-2 21.50 USD 1 lines tax 1.50 shipping 3.00 discount 3.00 for 山田"),
    (
        {"orders": [ORDER_2026], "pagination": {}},
        "order 902-2 21.50 USD 1 lines tax 1.50 shipping 3.00 discount 3.00 for 山田",
    ),
    (
        {"payload": {"AmazonOrderId": "902-1", "ShippingAddress": ORDER["ShippingAddress"]}},
        "other 902-1 for Zoë Łuczak",
    ),
    ({"payload": {"AmazonOrderId": "902-1", "BuyerName": "Ann"}}, "other 902-1 for Ann"),
    ({"payload": {"AmazonOrderId": "902-1", "OrderItems": [{"OrderItemId": "77"}]}}, "other 902-1 1 lines"),
    (notice("ORDER_CHANGE", change("Canceled")), "cancellation 902-1 1 lines"),
    (notice("ORDER_CHANGE", change("Unshipped", "BuyerRequestedChange")), "other 902-1 1 lines"),
    ({"detail": notice("ORDER_CHANGE", change("Shipped"))}, "other 902-1 1 lines"),
    (notice("FULFILLMENT_ORDER_STATUS", {"FulfillmentOrderStatusNotification": SHIPPED}), "shipment D1 1 lines"),
    (
        {
            "notificationType": "ITEM_INVENTORY_EVENT_CHANGE",
            "payload": {"itemInventoryEventChanges": [{"asin": "B1", "highlyAvailableInventory": 6}]},
        },
        "stock B1",
    ),
    (notice("LISTINGS_ITEM_MFN_QUANTITY_CHANGE", {"Sku": "MUG", "Quantity": 4}), "stock MUG"),
    (
        {"payload": {"ShipmentId": "s1", "AmazonOrderId": "902-1", "ItemList": [{"OrderItemId": "7", "Quantity": 1}]}},
        "shipment s1 1 lines",
    ),
    ({"payload": {"packageNumber": 5, "trackingNumber": "1Z", "currentStatus": "DELIVERED"}}, "shipment 5"),
    (
        {"sku": "MUG", "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": 4}]},
        "stock MUG",
    ),
    ({"items": [{"sku": "MUG", "fulfillmentAvailability": [{"fulfillmentChannelCode": "AMAZON_NA"}]}]}, "other MUG"),
    ({"reports": [{"reportId": "r1", "processingStatus": "DONE"}]}, "other r1"),
    ({"feeds": [{"feedId": "f1"}], "nextToken": "x"}, "other f1"),
    ({"payload": {"transactions": [{"transactionId": "t1", "transactionType": "Refund"}]}}, "other t1"),
    ({"payload": {"orders": [{"purchaseOrderNumber": "P1", "orderDetails": {}}]}}, "other P1"),
    (ITEMS_XML, "order 902-3 BRL 1 lines"),
    (REPORT_XML, SAID_OF_REPORT),
    (notice("PRICING_HEALTH", {"x": 1}), "other"),
    (
        {"payload": {"inventorySummaries": [{"sellerSku": "MUG", "inventoryDetails": {"fulfillableQuantity": 3}}]}},
        "stock MUG",
    ),
    (
        {"orderId": "STAR-1", "shipmentId": "STAR-2", "shipmentStatus": "CREATED", "shipBy": "2026-04-01"},
        "other STAR-2",
    ),
    ({"orderId": "STAR-1"}, "other STAR-1"),
    (
        {
            "NotificationType": "MFN_ORDER_STATUS_CHANGE",
            "Payload": {"MFNOrderStatusChangeNotification": {"AmazonOrderId": "902-6", "OrderStatus": "CANCELED"}},
        },
        "cancellation 902-6",
    ),
    ({"inboundPlans": [{"inboundPlanId": "wf1", "status": "ACTIVE"}], "pagination": {}}, "other"),
    (
        {
            "payload": {"ShipmentId": "s2", "AmazonOrderId": "902-1", "ItemList": []},
            "errors": [{"code": "Warning", "message": "Late."}],
        },
        "shipment s2",
    ),
    (
        {"errors": [{"code": "Unauthorized", "message": "No."}]},
        "other refused: Amazon answers with an error: Unauthorized: No.",
    ),
]
MWS = [
    (ITEMS_XML, "order 902-3 BRL 1 lines"),
    (FBA_XML, "shipment S1 1 lines for Taro"),
    ("<ListOrdersResponse><ListOrdersResult><Orders/></ListOrdersResult></ListOrdersResponse>", "other"),
    (
        "<ErrorResponse><Error><Code>Throttled</Code><Message>Slow down</Message></Error></ErrorResponse>",
        "other refused: Amazon MWS answers with an error: Throttled: Slow down.",
    ),
    (REPORT_XML, SAID_OF_REPORT),
    (
        feed(
            "OrderFulfillment",
            "<AmazonOrderID>902-5</AmazonOrderID><FulfillmentData><ShipperTrackingNumber>1Z</ShipperTrackingNumber>"
            "</FulfillmentData><Item><AmazonOrderItemCode>7</AmazonOrderItemCode><Quantity>2</Quantity></Item>",
        ),
        "shipment 902-5 1 lines",
    ),
    (
        feed(
            "OrderAdjustment",
            "<AmazonOrderID>902-5</AmazonOrderID><AdjustedItem><ItemPriceAdjustments>"
            '<Component><Type>Principal</Type><Amount currency="EUR">4.00</Amount></Component>'
            '<Component><Type>Tax</Type><Amount currency="EUR">0.76</Amount></Component>'
            "</ItemPriceAdjustments></AdjustedItem>",
        ),
        "refund 902-5 4.76 EUR 1 lines tax 0.76 refunded 4.76",
    ),
    (feed("Inventory", "<SKU>MUG</SKU><Quantity>8</Quantity>"), "stock MUG"),
    (
        feed("OrderAcknowledgement", "<AmazonOrderID>902-5</AmazonOrderID><StatusCode>Failure</StatusCode>"),
        "cancellation 902-5",
    ),
    (
        feed("OrderAcknowledgement", "<AmazonOrderID>902-5</AmazonOrderID><StatusCode>Success</StatusCode>"),
        "other 902-5",
    ),
    (feed("ProcessingReport", "<DocumentTransactionID>1</DocumentTransactionID>"), "other"),
    (
        "<ListAllFulfillmentOrdersResponse><ListAllFulfillmentOrdersResult><FulfillmentOrders><member>"
        "<SellerFulfillmentOrderId>S9</SellerFulfillmentOrderId><DestinationAddress><Name>Ann Lee</Name>"
        "</DestinationAddress></member></FulfillmentOrders>"
        "</ListAllFulfillmentOrdersResult></ListAllFulfillmentOrdersResponse>",
        "other S9 for Ann Lee",
    ),
    (
        "<CreateShipmentResponse><CreateShipmentResult><Shipment><ShipmentId>s1</ShipmentId><AmazonOrderId>902-1"
        "</AmazonOrderId></Shipment></CreateShipmentResult></CreateShipmentResponse>",
        "shipment s1",
    ),
    (
        "<GetMatchingProductResponse><GetMatchingProductResult><Product/></GetMatchingProductResult>"
        "</GetMatchingProductResponse>",
        "other",
    ),
    (
        "<ListOrdersResponse><ListOrdersResult><Product/></ListOrdersResult></ListOrdersResponse>",
        "other refused: ListOrdersResponse.ListOrdersResult is no document of Amazon that is known here:"
        " it holds Product.",
    ),
    ("<a/>", "other refused: The body is no document of Amazon MWS that is known here: it holds a."),
]
