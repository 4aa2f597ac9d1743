from tests.fulfilment.carriers.answers.envelope import soap

RATES = [
    (
        "easypost",
        {"object": "Shipment", "rates": [{"carrier": "UPS", "service": "Ground", "rate": "6.10", "currency": "USD"}]},
        "UPS.Ground 6.10 USD",
    ),
    (
        "fedex",
        {
            "output": {
                "rateReplyDetails": [
                    {
                        "serviceType": "FEDEX_GROUND",
                        "operationalDetail": {"transitTime": "TWO_DAYS"},
                        "ratedShipmentDetails": [
                            {"rateType": "LIST", "totalNetCharge": 9, "currency": "USD"},
                            {"rateType": "ACCOUNT", "totalNetCharge": 7.5, "currency": "USD"},
                        ],
                    }
                ]
            }
        },
        "FEDEX_GROUND 7.5 USD 2",
    ),
    (
        "fedex",
        '<v9:RateReply xmlns:v9="urn:x"><v9:RateReplyDetails><v9:ServiceType>'
        "STANDARD_OVERNIGHT</v9:ServiceType><v9:RatedShipmentDetails><v9:ShipmentRateDetail>"
        "<v9:TotalNetCharge><v9:Currency>USD</v9:Currency><v9:Amount>31.00</v9:Amount>"
        "</v9:TotalNetCharge></v9:ShipmentRateDetail></v9:RatedShipmentDetails>"
        "</v9:RateReplyDetails></v9:RateReply>",
        "STANDARD_OVERNIGHT 31.00 USD",
    ),
    (
        "ups",
        {
            "RateResponse": {
                "RatedShipment": {
                    "Service": {"Code": "03"},
                    "TotalCharges": {"CurrencyCode": "USD", "MonetaryValue": "12.40"},
                }
            }
        },
        "03 12.40 USD",
    ),
    (
        "UPS",
        "<RatingServiceSelectionResponse><RatedShipment><Service><Code>11</Code></Service>"
        "<TotalCharges><CurrencyCode>EUR</CurrencyCode><MonetaryValue>8.10</MonetaryValue>"
        "</TotalCharges><GuaranteedDaysToDelivery>1</GuaranteedDaysToDelivery></RatedShipment>"
        "</RatingServiceSelectionResponse>",
        "11 8.10 EUR 1",
    ),
    (
        "usps",
        {
            "totalBasePrice": 5.25,
            "rates": [{"mailClass": "USPS_GROUND_ADVANTAGE", "description": "Ground", "price": 5.25}],
        },
        "USPS_GROUND_ADVANTAGE 5.25 USD",
    ),
    (
        "usps",
        '<RateV4Response><Package ID="0"><Postage CLASSID="1"><MailService>'
        "Priority Mail&amp;lt;sup&amp;gt;&amp;amp;reg;&amp;lt;/sup&amp;gt;</MailService><Rate>"
        "7.90</Rate></Postage></Package></RateV4Response>",
        "1 7.90 USD",
    ),
    (
        "mydhl",
        {
            "products": [
                {
                    "productCode": "P",
                    "totalPrice": [
                        {"currencyType": "PULCL", "priceCurrency": "CZK", "price": 900},
                        {"currencyType": "BILLC", "priceCurrency": "EUR", "price": 38.2},
                    ],
                }
            ]
        },
        "P 38.2 EUR",
    ),
    (
        "canadapost",
        '<price-quotes xmlns="urn:x"><price-quote><service-code>DOM.EP</service-code><service-name>'
        "Expedited</service-name><price-details><due>10.21</due></price-details><service-standard>"
        "<expected-transit-time>2</expected-transit-time></service-standard></price-quote>"
        "</price-quotes>",
        "DOM.EP 10.21 CAD 2",
    ),
    (
        "australia_post",
        {"services": {"service": {"code": "AUS_PARCEL", "name": "Parcel", "price": "9.70"}}},
        "AUS_PARCEL 9.70 AUD",
    ),
    (
        "australiapost",
        {
            "items": [
                {"prices": [{"product_id": "T28", "calculated_price": 4}]},
                {"prices": [{"product_id": "T28", "calculated_price": 5}]},
            ]
        },
        "T28 9 AUD",
    ),
    (
        "newzealandpost",
        {"status": "success", "products": [{"service_code": "PC", "description": "Parcel", "cost": "5.40"}]},
        "PC 5.40 NZD",
    ),
    (
        "stamps",
        soap(
            "<GetRatesResponse><Rates><Rate><Amount>6.40</Amount><ServiceType>US-PM</ServiceType>"
            "<DeliverDays>1-3</DeliverDays></Rate></Rates></GetRatesResponse>",
        ),
        "US-PM 6.40 USD 3",
    ),
    (
        "seko",
        {"Available": [{"QuoteId": "q", "DeliveryType": "Express", "Cost": 11.2, "CarrierName": "DHL"}]},
        "Express 11.2 NZD",
    ),
    (
        "sendle",
        [
            {
                "quote": {"gross": {"amount": 8.7, "currency": "AUD"}},
                "product": {"code": "STANDARD-PICKUP", "name": "Standard"},
                "eta": {"days_range": [2, 4]},
            }
        ],
        "STANDARD-PICKUP 8.7 AUD 4",
    ),
    (
        "teleship",
        {
            "rates": [
                {"service": {"code": "TELE-EXP", "name": "Express"}, "price": 15.3, "currency": "GBP", "transit": 3}
            ]
        },
        "TELE-EXP 15.3 GBP 3",
    ),
    (
        "usps",
        "<IntlRateResponse><Package ID='0'><Service ID='1'><Postage>32.50</Postage><SvcDescription>Express"
        "</SvcDescription></Service><Service ID='9'><Postage>0.00</Postage></Service></Package></IntlRateResponse>",
        "1 32.50 USD",
    ),
    (
        "nzpost",
        "<hash><products type='array'><product><cost>2.40</cost><code>PKT</code><description>Envelope</description>"
        "</product></products></hash>",
        "PKT 2.40 NZD",
    ),
    (
        "karrio",
        {
            "messages": [{"carrier_name": "ups", "carrier_id": "ups_main", "code": "1", "message": "No contract"}],
            "rates": [
                {
                    "id": "rat_1",
                    "carrier_name": "dhl_express",
                    "service": "dhl_express_worldwide",
                    "total_charge": 12.400000000000001,
                    "currency": "EUR",
                    "transit_days": 2,
                    "meta": {"service_name": "DHL EXPRESS WORLDWIDE"},
                }
            ],
        },
        "dhl_express.worldwide 12.40 EUR 2",
    ),
]
