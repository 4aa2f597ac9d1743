from tests.fulfilment.carriers.answers.envelope import soap

PDF = "JVBERi0xLjQK"  # the begin of a PDF, as base64

LABELS = [
    (
        "easypost",
        {
            "object": "Shipment",
            "tracking_code": "EZ1",
            "postage_label": {"label_url": "https://example.com/l.png"},
            "selected_rate": {"rate": "6.10", "currency": "USD"},
        },
        "EZ1  https://example.com/l.png 6.10",
    ),
    (
        "fedex",
        {
            "output": {
                "transactionShipments": [
                    {
                        "pieceResponses": [
                            {
                                "trackingNumber": "7946",
                                "packageDocuments": [{"contentType": "LABEL", "docType": "PDF", "encodedLabel": PDF}],
                            }
                        ]
                    }
                ]
            }
        },
        "7946 pdf  None",
    ),
    (
        "fedex",
        "<ProcessShipmentReply><CompletedShipmentDetail><CompletedPackageDetails><TrackingIds>"
        f"<TrackingNumber>7946</TrackingNumber></TrackingIds><Label><Parts><Image>{PDF}</Image>"
        "</Parts></Label></CompletedPackageDetails></CompletedShipmentDetail>"
        "</ProcessShipmentReply>",
        "7946 pdf  None",
    ),
    (
        "ups",
        {
            "ShipmentResponse": {
                "ShipmentResults": {
                    "ShipmentCharges": {"TotalCharges": {"CurrencyCode": "USD", "MonetaryValue": "9.10"}},
                    "PackageResults": [
                        {
                            "TrackingNumber": "1Z9",
                            "ShippingLabel": {"ImageFormat": {"Code": "ZPL"}, "GraphicImage": "XlhBXlha"},
                        }
                    ],
                }
            }
        },
        "1Z9 zpl  9.10",
    ),
    ("usps", {"labelMetadata": {"trackingNumber": "9400", "postage": 5.25}, "labelImage": PDF}, "9400 pdf  5.25"),
    (
        "mydhl",
        {"shipmentTrackingNumber": "123", "documents": [{"typeCode": "label", "imageFormat": "PDF", "content": PDF}]},
        "123 pdf  None",
    ),
    (
        "dhl_parcel_de",
        {"status": {"statusCode": 200}, "items": [{"shipmentNo": "0034", "label": {"b64": PDF, "fileFormat": "PDF"}}]},
        "0034 pdf  None",
    ),
    (
        "gls",
        {"CreatedShipment": {"ParcelData": [{"TrackID": "ZX1"}], "PrintData": [{"Data": PDF, "LabelFormat": "PDF"}]}},
        "ZX1 pdf  None",
    ),
    ("hermes", {"shipmentID": "H1", "labelImage": PDF, "labelMediatype": "application/pdf"}, "H1 pdf  None"),
    ("dpd_meta", [{"shipmentId": "M1", "networkParcelIds": ["0998"], "label": {"base64Data": PDF}}], "0998 pdf  None"),
    (
        "canadapost",
        "<shipment-info><tracking-pin>1234</tracking-pin><links>"
        '<link rel="label" href="https://example.com/label"/></links></shipment-info>',
        "1234 pdf https://example.com/label None",
    ),
    (
        "australiapost",
        {
            "shipments": [
                {"shipment_summary": {"total_cost": 13.6}, "items": [{"tracking_details": {"article_id": "7XX"}}]}
            ]
        },
        "7XX   13.6",
    ),
    (
        "stamps",
        soap(
            "<CreateIndiciumResponse><TrackingNumber>9400</TrackingNumber><Rate><Amount>6.40</Amount>"
            "</Rate><URL>https://example.com/i</URL></CreateIndiciumResponse>",
        ),
        "9400  https://example.com/i 6.40",
    ),
    ("asendia", {"trackingNumber": "AS1", "labelLocation": "/parcels/1/label"}, "AS1  /parcels/1/label None"),
    (
        "seko",
        {"Consignments": [{"Connote": "699", "OutputFiles": {"LABEL_PDF_100X150": [PDF]}}], "Errors": []},
        "699 pdf  None",
    ),
    (
        "sendle",
        {
            "sendle_reference": "S34",
            "labels": [{"format": "pdf", "url": "https://example.com/s"}],
            "price": {"gross": {"amount": 8.7, "currency": "AUD"}},
        },
        "S34  https://example.com/s 8.7",
    ),
    (
        "teleship",
        {"trackingNumber": "TE1", "documents": [{"type": "LABEL", "format": "PDF", "base64String": PDF}]},
        "TE1 pdf  None",
    ),
    (
        "parcelone",
        {
            "results": {
                "ActionResult": {"Success": 1},
                "TotalCharges": {"Value": "5.99", "Currency": "EUR"},
                "PackageResults": [{"TrackingID": "12345", "Label": PDF}],
            }
        },
        "12345 pdf  5.99",
    ),
    (
        "teleship",
        {
            "messages": [{"code": 1, "message": "A warning"}],
            "shipment": {
                "trackingNumber": "TE1",
                "documents": [{"type": "LABEL", "base64String": PDF}],
                "rate": {"price": 10.5, "currency": "GBP"},
            },
        },
        "TE1 pdf  10.5",
    ),
    (
        "karrio",
        {
            "object_type": "shipment",
            "status": "created",
            "tracking_number": "1Z1",
            "label_type": "PDF",
            "selected_rate": {"total_charge": 6.1, "currency": "EUR"},
            "shipping_documents": [{"category": "invoice", "base64": "AAAA"}, {"category": "label", "base64": PDF}],
        },
        "1Z1 pdf  6.1",
    ),
    (
        "karrio",
        {
            "count": 1,
            "results": [
                {"object_type": "shipment", "tracking_number": "1Z1", "label_url": "/v1/shipments/shp_1/label.pdf"}
            ],
        },
        "1Z1  /v1/shipments/shp_1/label.pdf None",
    ),
]
