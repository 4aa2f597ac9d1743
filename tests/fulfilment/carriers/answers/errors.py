from tests.fulfilment.carriers.answers.envelope import soap

ERRORS = [
    (
        "easypost",
        {
            "error": {
                "code": "SHIPMENT.INVALID",
                "message": "Bad",
                "errors": [{"field": "weight", "message": "missing"}],
            }
        },
        "SHIPMENT.INVALID: Bad; weight: missing",
    ),
    (
        "fedex",
        {"errors": [{"code": "NOT.AUTHORIZED", "message": "Bad credentials"}]},
        "NOT.AUTHORIZED: Bad credentials",
    ),
    (
        "fedex",
        "<TrackReply><TrackDetails><Notification><Severity>ERROR</Severity><Code>9040</Code>"
        "<Message>Not found</Message></Notification></TrackDetails></TrackReply>",
        "9040: Not found",
    ),
    (
        "ups",
        {"response": {"errors": [{"code": "250003", "message": "Invalid Access License number"}]}},
        "250003: Invalid Access License number",
    ),
    (
        "usps",
        "<Error><Number>80040b1a</Number><Description>Authorization failure.</Description></Error>",
        "80040b1a: Authorization failure.",
    ),
    ("mydhl", {"title": "Bad request", "detail": "998: no products", "status": 400}, "Bad request; 998: no products"),
    (
        "dhl_parcel_de",
        {
            "status": {"title": "Bad", "detail": "No"},
            "items": [{"validationMessages": [{"property": "p", "validationMessage": "m"}]}],
        },
        "Bad: No; p: m",
    ),
    ("hermes", {"listOfResultCodes": [{"code": "e010", "message": "No street"}]}, "e010: No street"),
    ("dpd_meta", [{"errorCode": "S01", "errorMessage": "No"}], "S01: No"),
    (
        "canadapost",
        "<messages><message><code>E002</code><description>AAA Authentication Failure</description>"
        "</message></messages>",
        "E002: AAA Authentication Failure",
    ),
    (
        "stamps",
        soap("<s:Fault><faultcode>x</faultcode><faultstring>Invalid SOAP message</faultstring></s:Fault>"),
        "Invalid SOAP message",
    ),
    ("gls", {"message": "Unauthorized"}, "Unauthorized"),
    ("seko", {"Property": "Packages", "Message": "empty"}, "Packages: empty"),
    (
        "usps",
        "<ExternalReturnLabelErrorResponse><errors><ExternalReturnLabelError><InternalErrorNumber>40"
        "</InternalErrorNumber><InternalErrorDescription>No account</InternalErrorDescription>"
        "</ExternalReturnLabelError></errors></ExternalReturnLabelErrorResponse>",
        "40: No account",
    ),
    (
        "usps",
        "<IntlRateV2Response><Package ID='0'><Service ID='2'><Postage>0.00</Postage><ServiceErrors/></Service>"
        "</Package></IntlRateV2Response>",
        "No service is offered.",
    ),
    ("newzealandpost", {"errors": ["Too heavy"], "message": "Too heavy", "status": "failure"}, "Too heavy"),
    (
        "dhl",
        "<r:TrackingResponse xmlns:r='urn:x'><AWBInfo><Status><Condition><ConditionCode>103</ConditionCode>"
        "<ConditionData>Nothing found</ConditionData></Condition></Status></AWBInfo></r:TrackingResponse>",
        "103: Nothing found",
    ),
    (
        "dhl",
        "<ErrorResponse><Response><Status><Condition><ConditionCode>111</ConditionCode><ConditionData>Bad XML"
        "</ConditionData></Condition></Status></Response></ErrorResponse>",
        "111: Bad XML",
    ),
    ("dhl", {"failedCancellations": [{"orderID": "7", "message": "Picked up"}]}, "7: Picked up"),
    (
        "dpd",
        soap(
            "<s:Fault><faultstring>Fault</faultstring><detail><x><errorCode>A</errorCode><errorMessage>No login"
            "</errorMessage></x></detail></s:Fault>"
        ),
        "A: No login; Fault",
    ),
    ("sendle", [{"error": "bad", "error_description": "No"}], "bad: No"),
    ("sendle", {"messages": "It has left.", "error": "bad", "error_description": "No"}, "bad: No; It has left."),
    (
        "ups",
        "<VoidShipmentResponse><Response><Error><ErrorCode>19</ErrorCode><ErrorDescription>Too late"
        "</ErrorDescription></Error></Response></VoidShipmentResponse>",
        "19: Too late",
    ),
    (
        "karrio",
        {"errors": [{"code": {"parcels": "required"}, "details": {"parcels": [{"weight": ["Required."]}]}}]},
        "parcels.weight Required.",
    ),
    (
        "karrio",
        {
            "messages": [
                {
                    "code": "SHIPPING_SDK_FIELD_ERROR",
                    "carrier_id": "dhl_berlin",
                    "message": "Invalid request payload",
                    "details": {"recipient.city": {"code": "required", "message": "This field is required"}},
                }
            ]
        },
        "dhl_berlin: Invalid request payload: recipient.city This field is required",
    ),
]
