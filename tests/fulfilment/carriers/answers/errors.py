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
]
