"""A Karrio server on this machine: drafts, purchases, labels, cancellations and trackers.

As with the real one, a purchase looks whether the shipment is a draft when it comes in, and then asks the carrier: who
comes in meanwhile buys it, too, and the label that is kept is the last one.
"""

from base64 import encodebytes
from urllib.parse import parse_qs, urlsplit

from tests.fulfilment.fake_carrier import LABELS, FakeCarrier, FakeHandler, serving

KEY = "key_only_for_tests"
# (carrier_id, carrier_name, service, total charge, days)
RATES = [
    ("dhl_berlin", "dhl_express", "dhl_express_worldwide", 8.25, 2),
    ("ups_main", "ups", "ups_standard", 6.1000000000000005, 4),
]


def error(code, message, **details):
    return {"errors": [{"code": code, "message": message} | ({"details": details} if details else {})]}


def message(code, words):
    return {"messages": [{"code": code, "message": words, "carrier_name": "ups", "carrier_id": "ups_main"}]}


class FakeKarrio(FakeCarrier):
    refusals = FakeCarrier.refusals | {
        "busy": (429, error("throttled", "Request was throttled"), {"Retry-After": "7"}),
        "refuse": (424, message("120100", "Missing or invalid shipper number")),
        "silent_carrier": (424, message("SHIPPING_SDK_INTERNAL_ERROR", "The read operation timed out")),
    }

    def __init__(self):
        super().__init__()
        self.bought = "created"  # how it calls a shipment that was purchased: "purchased", if it is an older one
        self.is_old = False  # it gives labels by their address only

    def rates(self, said, name="rat"):
        wanted = said.get("carrier_ids") or [rate[0] for rate in RATES]
        return [
            {"id": f"{name}_{service}", "object_type": "rate", "carrier_id": account, "carrier_name": carrier}
            | {"service": service, "total_charge": amount, "currency": "EUR", "transit_days": days}
            | {"meta": {"service_name": service.upper().replace("_", " ")}, "extra_charges": []}
            for account, carrier, service, amount, days in RATES
            if account in wanted
        ]

    def create(self, said):
        if not said["recipient"].get("phone_number", "+49").startswith("+"):
            lacks = {"recipient": {"phone_number": ["Invalid phone number format"]}}
            return 400, {"errors": [{"code": {"recipient": "invalid"}, "details": lacks}]}
        name = f"shp_{next(self.numbers)}"
        self.shipments[name] = {"id": name, "object_type": "shipment", "status": "draft", "test_mode": True}
        self.shipments[name] |= {"rates": self.rates(said, name), "messages": [], "tracking_number": None}
        self.shipments[name] |= {"reference": said.get("reference"), "label_type": said["label_type"], "said": said}
        return 201, self.shipments[name]

    def purchase(self, name, said, was_draft):
        shipment = self.shipments[name]
        if not was_draft:
            return 409, error("state_error", f"Shipment is {shipment['status']} and cannot be updated anymore...")
        with self.lock:
            self.sold.append(name)
            rate = next(row for row in shipment["rates"] if row["id"] == said["selected_rate_id"])
            number = f"1Z{len(self.sold):09d}"
            shipment |= {"status": self.bought, "tracking_number": number, "selected_rate": rate}
            shipment |= {"tracking_url": f"/v1/trackers/{rate['carrier_name']}/{number}"}
            shipment |= {"meta": {"carrier_tracking_link": f"https://track.example.com/{number}"}}
        return 200, shipment

    def cancel(self, name):
        shipment = self.shipments[name]
        if shipment["status"] not in ("draft", self.bought):
            return 409, error("state_error", f"The shipment is '{shipment['status']}' and can not be cancelled anymore")
        if shipment["tracking_number"]:
            self.refunded.append(name)
        shipment["status"] = "cancelled"
        return 200, shipment

    def page(self, rows, **wanted):
        """Return a list of those that hold what is `wanted`, in part, the newest first."""
        held = [row for row in rows if all((value or [""])[0] in str(row.get(key)) for key, value in wanted.items())]
        return 200, {"count": len(held), "next": None, "previous": None, "results": held[::-1]}


class Handler(FakeHandler):
    def serve(self, said):
        if self.headers["Authorization"] != f"Token {KEY}":
            return self.answer(401, error("invalid_token", "Given token not valid for any token type"))
        if self.path.endswith(".pdf"):
            return self.answer(200, LABELS["PDF"])
        return super().serve(said)

    def verb_of(self, parts, said):
        if parts[0] in ("proxy", "trackers"):
            return {"proxy": "rates", "trackers": "track"}[parts[0]]
        return parts[2] if len(parts) > 2 else "create" if said else "find" if len(parts) == 2 else "list"

    def prepare(self, verb, parts):
        return verb == "purchase" and self.server.fake.shipments[parts[1]]["status"] == "draft"

    def act(self, verb, parts, said, prepared):
        fake, query = self.server.fake, parse_qs(urlsplit(self.path).query)
        if verb == "rates":
            return 200, {"messages": [], "rates": fake.rates(said)}
        if verb == "create":
            return fake.create(said)
        if verb == "purchase":
            return fake.purchase(parts[1], said, prepared)
        if verb == "cancel":
            return fake.cancel(parts[1])
        if verb == "documents":
            return self.document(fake.shipments[parts[1]])
        if verb == "track":
            return fake.page(fake.trackers, tracking_number=query["tracking_number"])
        if verb == "list":
            return fake.page(list(fake.shipments.values()), reference=query.get("reference"))
        return (200, fake.shipments[parts[1]]) if parts[1] in fake.shipments else (404, error("not_found", "None"))

    def document(self, shipment):
        if self.server.fake.is_old:
            return 405, {"detail": "Method not allowed"}
        form = shipment["label_type"]
        return 200, {"category": "label", "format": form, "base64": encodebytes(LABELS[form]).decode(), "url": None}


def karrio():
    """Serve Karrio until the block ends; gives (FakeKarrio, its address)."""
    return serving(FakeKarrio(), Handler)
