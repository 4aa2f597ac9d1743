from tests.fulfilment.carriers.answers.envelope import soap

AT = "2026-03-02T08:00:00+01:00"


def fedex_scan(kind, text, at=AT):
    return {"date": at, "eventType": kind, "eventDescription": text, "scanLocation": {"city": "MEMPHIS"}}


def fedex_track(*scans, **fields):
    result = {"trackingNumberInfo": {"trackingNumber": "7946"}, "scanEvents": list(scans)} | fields
    return {"output": {"completeTrackResults": [{"trackingNumber": "7946", "trackResults": [result]}]}}


def ups_activity(kind, text, day="20260302", **fields):
    place = {"address": {"city": "BONN", "countryCode": "DE"}}
    return {"status": {"type": kind, "description": text}, "date": day, "time": "081500", "location": place} | fields


def ups_track(*activity):
    return {"trackResponse": {"shipment": [{"package": [{"trackingNumber": "1Z9", "activity": list(activity)}]}]}}


def usps_event(code, text, at="2026-03-02T08:00:00Z"):
    return {"eventCode": code, "eventType": text, "eventTimestamp": at, "eventCity": "RENO"}


def unified(code, text="", **fields):
    found = {"timestamp": AT, "statusCode": code, "status": text} | fields
    return {"shipments": [{"id": "0034", "status": found, "events": [found]}]}


TRACKING = [
    ("easypost", {"object": "Tracker", "tracking_code": "EZ1", "status": "pre_transit"}, "EZ1 pre_transit 0"),
    (
        "easypost",
        {
            "object": "Event",
            "description": "tracker.updated",
            "result": {
                "tracking_code": "EZ1",
                "status": "return_to_sender",
                "tracking_details": [{"status": "return_to_sender", "datetime": AT}],
            },
        },
        "EZ1 returned 1",
    ),
    (
        "fedex",
        fedex_track(
            fedex_scan("PU", "Picked up"), fedex_scan("OD", "On FedEx vehicle for delivery", "2026-03-03T08:00:00Z")
        ),
        "7946 out_for_delivery 2",
    ),
    (
        "fedex",
        fedex_track(latestStatusDetail={"code": "DE", "description": "Customer not available"}),
        "7946 exception 0",
    ),
    (
        "fedex",
        "<TrackReply><TrackDetails><TrackingNumber>7946</TrackingNumber><StatusCode>RS</StatusCode>"
        "</TrackDetails></TrackReply>",
        "7946 returned 0",
    ),
    (
        "ups",
        ups_track(ups_activity("D", "DELIVERED", "20260303"), ups_activity("I", "Out For Delivery")),
        "1Z9 delivered 2",
    ),
    (
        "ups",
        ups_track(ups_activity("I", "Out For Delivery Today", gmtDate="20260302", gmtTime="07:15:00")),
        "1Z9 out_for_delivery 1",
    ),
    ("ups", ups_track(ups_activity("M", "Shipper created a label")), "1Z9 pre_transit 1"),
    (
        "ups",
        "<TrackResponse><Shipment><Package><TrackingNumber>1Z9</TrackingNumber><Activity>"
        "<ActivityLocation><Address><City>ROME</City></Address></ActivityLocation><Status>"
        "<StatusType><Code>X</Code><Description>A late trailer delayed it</Description>"
        "</StatusType></Status><Date>20260302</Date><Time>0915</Time></Activity></Package>"
        "</Shipment></TrackResponse>",
        "1Z9 exception 1",
    ),
    (
        "usps",
        {
            "trackingNumber": "9400",
            "statusCategory": "In Transit",
            "trackingEvents": [usps_event("10", "Arrived at USPS Facility")],
        },
        "9400 in_transit 1",
    ),
    (
        "usps",
        {
            "trackingNumber": "9400",
            "trackingEvents": [
                usps_event("16", "Available for Pickup"),
                usps_event("03", "Accepted", "2026-03-01T08:00:00Z"),
            ],
        },
        "9400 out_for_delivery 2",
    ),
    (
        "usps",
        '<TrackResponse><TrackInfo ID="9400"><TrackSummary><EventTime>8:29 am</EventTime>'
        "<EventDate>March 2, 2026</EventDate><Event>"
        "Notice Left (No Authorized Recipient Available)</Event><EventCode>02</EventCode>"
        "</TrackSummary></TrackInfo></TrackResponse>",
        "9400 exception 1",
    ),
    (
        "mydhl",
        {
            "shipments": [
                {
                    "shipmentTrackingNumber": "123",
                    "events": [
                        {
                            "date": "2026-03-02",
                            "time": "08:00:00",
                            "GMTOffset": "+01:00",
                            "typeCode": "WC",
                            "description": "With delivering courier",
                        }
                    ],
                }
            ]
        },
        "123 out_for_delivery 1",
    ),
    ("dhl", unified("transit", "The shipment is out for delivery"), "0034 out_for_delivery 1"),
    ("dhl", unified("failure", "The shipment could not be delivered"), "0034 exception 1"),
    (
        "dhl_parcel_de",
        '<data name="piece-shipment-list"><data name="piece-shipment" piece-code="0034">'
        '<data name="piece-event-list">'
        '<data name="piece-event" event-timestamp="02.03.2026 08:00" event-status="Zugestellt" '
        'standard-event-code="ZU"/>'
        ""
        "</data></data></data>",
        "0034 delivered 1",
    ),
    (
        "gls",
        {
            "parcels": [
                {
                    "unitno": "ZX1",
                    "status": "INDELIVERY",
                    "events": [
                        {
                            "code": "INTIAL.PREADVICE",
                            "description": "Data entered",
                            "eventDateTime": "2026-03-02T08:00:00+0100",
                        }
                    ],
                }
            ]
        },
        "ZX1 out_for_delivery 1",
    ),
    (
        "hermes",
        {"shipmentinfo": [{"shipmentID": "H1", "status": [{"code": "6081", "timestamp": AT, "description": ""}]}]},
        "H1 returned 1",
    ),
    (
        "hermes",
        {"shipmentinfo": [{"shipmentID": "H1", "status": [{"code": "3511", "timestamp": AT, "description": ""}]}]},
        "H1 delivered 1",
    ),
    (
        "dpd",
        {
            "parcellifecycleResponse": {
                "parcelLifeCycleData": {
                    "shipmentInfo": {"parcelLabelNumber": "0998"},
                    "statusInfo": [
                        {
                            "status": "ON_THE_ROAD",
                            "isCurrentStatus": True,
                            "statusHasBeenReached": True,
                            "date": {"content": "02.03.2026"},
                        }
                    ],
                }
            }
        },
        "0998 in_transit 1",
    ),
    (
        "canadapost",
        "<tracking-detail><pin>1234</pin><significant-events><occurrence><event-identifier>"
        "1498</event-identifier><event-date>2026-03-02</event-date><event-time>"
        "08:00:00</event-time><event-time-zone>EST</event-time-zone></occurrence>"
        "</significant-events></tracking-detail>",
        "1234 delivered 1",
    ),
    (
        "australiapost",
        {
            "tracking_results": [
                {
                    "tracking_id": "7XX",
                    "trackable_items": [
                        {
                            "article_id": "7XX",
                            "events": [{"description": "Shipping information received by Australia Post", "date": AT}],
                        }
                    ],
                }
            ]
        },
        "7XX pre_transit 1",
    ),
    (
        "stamps",
        soap(
            "<TrackShipmentResponse><TrackingEvents><TrackingEvent><Timestamp>"
            "2026-03-02T10:32:00</Timestamp><Event>NOTICE</Event><TrackingEventType>"
            "DeliveryAttempted</TrackingEventType></TrackingEvent></TrackingEvents>"
            "</TrackShipmentResponse>",
        ),
        " exception 1",
    ),
    (
        "asendia",
        {"trackingNumber": "AS1", "events": [{"time": AT, "description": "Out for delivery"}]},
        "AS1 out_for_delivery 1",
    ),
    (
        "seko",
        [
            {
                "ConsignmentNo": "699",
                "Status": "Delivered",
                "Events": [{"EventDT": "2026-03-02T08:00:00", "Description": "Signed by Anna, delivered"}],
            }
        ],
        "699 delivered 1",
    ),
    (
        "sendle",
        {
            "state": "In Transit",
            "tracking_events": [{"event_type": "Pickup", "scan_time": AT, "description": "Parcel picked up"}],
        },
        " in_transit 1",
    ),
    (
        "teleship",
        {"trackingNumber": "TE1", "events": [{"timestamp": AT, "code": "returned_to_sender", "description": "Back"}]},
        "TE1 returned 1",
    ),
    (
        "ups",
        ups_track(ups_activity("X", "A refund was submitted", "20260305"), ups_activity("D", "DELIVERED")),
        "1Z9 delivered 2",
    ),
    (
        "ups",
        ups_track(ups_activity("I", "Arrival Scan", "20260305"), ups_activity("RS", "Returned to shipper")),
        "1Z9 returned 2",
    ),
    (
        "usps",
        '<TrackResponse><TrackInfo ID="9400"><TrackSummary>Your item was left with a neighbor at 2:16 pm on '
        "March 2, 2026 in RENO, NV 89501.</TrackSummary><TrackDetail>Out for Delivery, March 2, 2026, 8:02 am, "
        "RENO, NV 89501</TrackDetail><TrackDetail>Shipping Label Created, March 1, 2026</TrackDetail>"
        "<TrackDetail>We are sorry.</TrackDetail></TrackInfo></TrackResponse>",
        "9400 delivered 3",
    ),
    (
        "canadapost",
        "<tracking-detail><pin>70</pin><significant-events><occurrence><event-identifier>20</event-identifier>"
        "<event-date>2026-03-03</event-date><event-description>Signature image recorded</event-description>"
        "</occurrence><occurrence><event-identifier>1496</event-identifier><event-date>2026-03-02</event-date>"
        "<event-description>Item successfully delivered</event-description></occurrence>"
        "</significant-events></tracking-detail>",
        "70 delivered 2",
    ),
    (
        "dhl",
        "<r:TrackingResponse xmlns:r='urn:x'><AWBInfo><AWBNumber>33</AWBNumber><ShipmentInfo><ShipmentEvent>"
        "<Date>2026-03-02</Date><Time>10:09:00</Time><ServiceEvent><EventCode>OK</EventCode>"
        "<Description>Signed for</Description></ServiceEvent></ShipmentEvent></ShipmentInfo></AWBInfo>"
        "</r:TrackingResponse>",
        "33 delivered 1",
    ),
    (
        "dpd",
        soap(
            "<getTrackingDataResponse><trackingresult><statusInfo><status>Courier</status><label><content>Out"
            "</content><bold>true</bold></label><description><content><content>On its way to you</content></content>"
            "</description><statusHasBeenReached>true</statusHasBeenReached><date><content>3/2/2026 7:11:26 PM"
            "</content></date></statusInfo><statusInfo><status>DeliveryFailure</status><isCurrentStatus>true"
            "</isCurrentStatus></statusInfo></trackingresult></getTrackingDataResponse>"
        ),
        " exception 1",
    ),
    ("dpd", {"pnr": "0151", "status": "delivery_shop", "statusdate": "02032026091500"}, "0151 out_for_delivery 1"),
    (
        "gls",
        {"parcels": [{"requested": "604831", "unitno": "60483", "status": "INTRANSIT", "events": []}]},
        "604831 in_transit 0",
    ),
    (
        "parcelone",
        {"success": 1, "results": {"Events": [{"DateTime": "2026-03-02T08:00:00", "Description": "Delivered"}]}},
        " delivered 1",
    ),
    (
        "parcelone",
        {
            "P1Trackno": "405",
            "TrackingEvents": [
                {"EventdateUTC": AT, "Status": "It awaits you", "DeliveryStatus": "AvailableForPickup_001"}
            ],
        },
        "405 out_for_delivery 1",
    ),
    (
        "karrio",
        {"object_type": "tracker", "tracking_number": "1Z1", "status": "pending", "events": []},
        "1Z1 pre_transit 0",
    ),
    (
        "karrio",
        {
            "results": [
                {
                    "object_type": "tracker",
                    "tracking_number": "1Z1",
                    "status": "delivered",
                    "events": [
                        {"date": "2026-03-02", "time": "04:05 PM", "description": "KB", "location": "BONN"},
                        {"date": "2026-03-02", "time": "08:00", "description": "Picked up"},
                        {"description": "Nobody knows when"},
                    ],
                }
            ]
        },
        "1Z1 delivered 2",
    ),
    ("karrio", {"tracking": {"tracking_number": "1Z1", "status": "unknown", "events": []}}, "1Z1 pre_transit 0"),
]
