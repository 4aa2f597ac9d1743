from tests.orders.channels.documents.lately import LATELY

ADDRESS = {
    "firstname": "Jürgen",
    "lastname": "Groß",
    "street": ["Hauptstr. 1", "Hinterhaus"],
    "city": "Köln",
    "postcode": "50667",
    "country_id": "DE",
    "telephone": "0221",
}
ORDER = {
    "entity_id": 41,
    "increment_id": "000000041",
    "order_currency_code": "EUR",
    "base_currency_code": "USD",
    "grand_total": 25.05,
    "base_grand_total": 30,
    "tax_amount": 4.05,
    "shipping_amount": 5,
    "discount_amount": -2,
    "total_refunded": 3.5,
    "total_paid": 25.05,
    "total_qty_ordered": 2,
    "state": "canceled",
    "status": "canceled",
    "customer_email": "j@example.com",
    "created_at": f"{LATELY} 10:00:00",
    "items": [
        {
            "item_id": 1,
            "sku": "MUG-BLUE",
            "name": "Mug",
            "qty_ordered": 2,
            "price": 10,
            "row_total": 20,
            "discount_amount": 2,
            "tax_amount": 3.1,
            "product_type": "configurable",
        },
        {"item_id": 2, "parent_item_id": 1, "sku": "MUG-BLUE", "qty_ordered": 2, "price": 0, "row_total": 0},
    ],
    "billing_address": ADDRESS | {"firstname": "Eva"},
    "payment": {"method": "paypal", "last_trans_id": "T1"},
    "shipping_tax_amount": 0.95,
    "extension_attributes": {
        "gift_cards_amount": 2,
        "shipping_assignments": [{"shipping": {"address": ADDRESS}}],
    },
}
CREDIT_MEMO = {
    "entity_id": 5,
    "increment_id": "5000",
    "order_id": 41,
    "order_currency_code": "EUR",
    "grand_total": 3.5,
    "adjustment": 0,
    "creditmemo_status": 1,
    "items": [{"order_item_id": 1, "qty": 1, "sku": "MUG-BLUE", "row_total": 3.5}],
}
INVOICE = {
    "entity_id": 6,
    "increment_id": "6000",
    "order_id": 41,
    "order_currency_code": "EUR",
    "grand_total": 25.05,
    "can_void_flag": 0,
    "items": [],
}
ORDER_1 = {
    "increment_id": "100000041",
    "order_id": "7",
    "order_currency_code": "USD",
    "grand_total": "15.0000",
    "shipping_amount": "5.0000",
    "discount_amount": "0.0000",
    "tax_amount": "0.0000",
    "state": "new",
    "status": "pending",
    "shipping_address": ADDRESS | {"street": "Hauptstr. 1\nHinterhaus"},
    "items": [
        {
            "item_id": "1",
            "sku": "KIT",
            "name": "Kit",
            "qty_ordered": "1.0000",
            "price": "10.0000",
            "row_total": "10.0000",
        },
        {"item_id": "2", "parent_item_id": "1", "sku": "PART", "qty_ordered": "3.0000", "row_total": "9.0000"},
    ],
}
REST_1 = {
    "7": {
        "entity_id": "7",
        "increment_id": "100000042",
        "order_currency_code": "USD",
        "grand_total": "15.0000",
        "addresses": [
            ADDRESS | {"address_type": "billing", "firstname": "Eva"},
            ADDRESS | {"address_type": "shipping"},
        ],
        "order_items": [{"item_id": "1", "sku": "KIT", "qty_ordered": "1.0000", "row_total": "15.0000"}],
    }
}
SOAP = """<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:ns1="urn:Magento" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><SOAP-ENV:Body>
<ns1:salesOrderInfoResponse><result xsi:type="ns1:order"><increment_id xsi:type="xsd:string">100000043</increment_id>
<order_currency_code>USD</order_currency_code><grand_total xsi:type="xsd:string">7.5000</grand_total>
<status>new</status>
<items><item><item_id>1</item_id><sku>KIT</sku><qty_ordered>1.0</qty_ordered><row_total>7.5</row_total></item></items>
</result></ns1:salesOrderInfoResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>"""
SAID = "25.05 EUR 2 lines tax 4.05 shipping 5 discount 2 refunded 3.5 for Jürgen Groß"
EVENT = {"event": {"data": {"key": "k", "value": ORDER}}, "eventid": "e1"}
MAGENTO = [
    (
        {"items": [{"id": 1, "sku": "KIT", "extension_attributes": {"stock_item": {"qty": 5}}}], "total_count": 1},
        "stock KIT",
    ),
    ({"id": 2, "email": "ann@example.com", "group_id": 1}, "other 2"),
    (ORDER, f"order 41 #000000041 {SAID}"),
    (
        {"increment_id": "7", "base_currency_code": "euro", "grand_total": "9.00", "status": "new", "items": []},
        "order 7 9.00 refused: base_currency_code 'euro' is no currency.",
    ),
    ({"entity": ORDER}, f"order 41 #000000041 {SAID}"),
    ({"items": [ORDER], "search_criteria": {}, "total_count": 1}, f"order 41 #000000041 {SAID}"),
    (EVENT, f"order 41 #000000041 {SAID}"),
    ({"items": [], "search_criteria": {}, "total_count": 0}, "other"),
    (CREDIT_MEMO, "refund 5 #5000 3.5 EUR 1 lines refunded 3.5"),
    (INVOICE, "other 6 #6000 25.05 EUR"),
    (
        {"entity_id": 8, "order_id": 41, "items": [{"order_item_id": 1, "qty": 1}], "tracks": [{"track_number": "1Z"}]},
        "shipment 8 1 lines",
    ),
    ({"items": [{"order_item_id": 1, "qty": 1}], "notify": True, "tracks": []}, "shipment 1 lines"),
    ({"orderId": 6, "items": [{"orderItemId": 7, "qty": 1}], "tracks": [{"trackNumber": "1Z"}]}, "shipment 1 lines"),
    (
        {"id": 32, "orderId": 6, "items": [{"entityId": 18, "orderItemId": 7, "qty": 1}], "tracks": []},
        "shipment 32 1 lines",
    ),
    (
        {"items": [{"order_item_id": 1, "qty": 1}], "arguments": {"shipping_amount": 2, "adjustment_positive": 0}},
        "refund 1 lines shipping 2",
    ),
    ({"sourceItems": [{"sku": "MUG", "source_code": "main", "quantity": 5, "status": 1}]}, "stock MUG"),
    ({"item_id": 3, "product_id": 4, "qty": 5, "is_in_stock": True}, "stock 4"),
    ({"source_code": "main", "name": "Main", "country_id": "US"}, "other main"),
    (SOAP, "order 100000043 7.5000 USD 1 lines"),
    (REST_1, "order 100000042 15.0000 USD 1 lines for Jürgen Groß"),
    (INVOICE | {"discount_amount": -2}, "other 6 #6000 25.05 EUR discount 2"),
    ({"grand_total": 9, "total_segments": [], "items": [{"item_id": 1, "qty": 1}]}, "other"),
    ({"id": 4, "is_active": True, "items": [{"item_id": 1, "qty": 1}], "items_qty": 1}, "other 4"),
    ({"items": [{"item_id": 5, "order_id": 41, "qty_ordered": 1}], "total_count": 1}, "other 5"),
    ({"items": [{"transaction_id": 6, "txn_id": "x", "txn_type": "capture"}], "total_count": 1}, "other 6"),
    (
        {"message": "%name is no %kind.", "parameters": {"name": "x", "kind": "sku"}},
        "other refused: Magento answers with an error: x is no sku.",
    ),
    (
        {"message": "%1 of %2.", "parameters": ["one", "two"]},
        "other refused: Magento answers with an error: one of two.",
    ),
    ({"message": "No such entity."}, "other refused: Magento answers with an error: No such entity."),
    (
        {"items": [{"entity_id": 9, "increment_id": "W9"}]},
        "order 9 #W9 refused: items[0].grand_total is missing. items[0].order_currency_code is missing.",
    ),
]


def xml_rpc(*members):
    """Return an object of XML-RPC: its names, each with an XML value."""
    rows = "".join(f"<member><name>{name}</name><value>{value}</value></member>" for name, value in members)
    return f"<struct>{rows}</struct>"


ITEM_RPC = xml_rpc(
    ("item_id", "<int>1</int>"),
    ("sku", "KIT"),
    ("qty_ordered", "<string>1.0000</string>"),
    ("row_total", "7.5000"),
)
XML_RPC = (
    "<methodResponse><params><param><value>"
    + xml_rpc(
        ("increment_id", "<string>100000044</string>"),
        ("grand_total", "<string>7.5000</string>"),
        ("order_currency_code", "<string>USD</string>"),
        ("customer_note", "<nil/>"),
        ("shipping_address", xml_rpc(("firstname", "Ann"))),
        ("items", f"<array><data><value>{ITEM_RPC}</value></data></array>"),
    )
    + "</value></param></params></methodResponse>"
)
MAGENTO1 = [
    (ORDER_1, "order 100000041 15.0000 USD 2 lines tax 0.0000 shipping 5.0000 discount 0.0000 for Jürgen Groß"),
    (REST_1, "order 100000042 15.0000 USD 1 lines for Jürgen Groß"),
    (SOAP, "order 100000043 7.5000 USD 1 lines"),
    (XML_RPC, "order 100000044 7.5000 USD 1 lines for Ann"),
    ("<methodResponse><params><param><value><array><data/></array></value></param></params></methodResponse>", "other"),
    (
        "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>2</int></value></member>"
        "<member><name>faultString</name><value>Access denied.</value></member></struct></value></fault>"
        "</methodResponse>",
        "other refused: Magento 1 answers with an error: 2: Access denied.",
    ),
    ({"jsonrpc": "2.0", "result": [REST_1["7"]], "id": 1}, "order 100000042 15.0000 USD 1 lines for Jürgen Groß"),
    ({"jsonrpc": "2.0", "result": "100000045", "id": 1}, "other"),
    (
        {
            "jsonrpc": "2.0",
            "result": [
                {"creditmemo_id": "1", "increment_id": "100000001", "order_increment_id": "7", "grand_total": "9.5"}
            ],
            "id": 1,
        },
        "refund 1 #100000001 9.5 refunded 9.5",
    ),
    (
        {"jsonrpc": "2.0", "error": {"code": 2, "message": "Access denied"}, "id": 1},
        "other refused: Magento 1 answers with an error: 2: Access denied.",
    ),
    (
        {"shipment_id": "1", "increment_id": "S1", "order_id": "7", "items": [], "tracks": [{"number": "1Z"}]},
        "shipment 1 #S1",
    ),
    ([{"product_id": "4", "sku": "KIT", "qty": "5.0000", "is_in_stock": "1"}], "stock KIT"),
    (
        {"messages": {"error": [{"code": 404, "message": "Resource not found."}]}},
        "other refused: Magento 1 answers with an error: Resource not found.",
    ),
]
