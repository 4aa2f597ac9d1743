"""EasyPost on this machine: shipments, labels, refunds, trackers, addresses, scan forms and pickups."""

from tests.fulfilment.fake_carrier import LABELS, FakeCarrier, FakeHandler, serving

KEY = "EZTK-only-for-tests"
FORM = b"%PDF-1.4\n%a scan form, byte for byte\n%%EOF\n"
PICKUPS = (("SameDay", "4.50"), ("NextDay", "1.20"))
RATES = {"Ground": ("6.10", 4), "Priority": ("8.25", 2)}


def error(code, message):
    return {"error": {"code": code, "message": message, "errors": []}}


class FakeEasyPost(FakeCarrier):
    refusals = FakeCarrier.refusals | {
        "busy": (429, error("RATE_LIMITED", "Too many requests"), {"Retry-After": "7"}),
        "refuse": (422, error("SHIPMENT.PURCHASE.FAILURE", "Insufficient funds")),
    }

    def __init__(self):
        super().__init__()
        self.pickups, self.booked = {}, []
        self.forms, self.accounts = {}, {}  # the account that sells a service, where that is not ca_1
        self.addresses = {}  # postcode: what an Address of it says beside what was sent

    def create(self, said):
        missing = missing_for_customs(said)
        if missing:
            return 422, error("SHIPMENT.CUSTOMS.MISSING", f"Customs: {missing} is missing.")
        name = f"shp_{next(self.numbers)}"
        rates = [
            {"id": f"{name}_{service}", "carrier": "USPS", "service": service, "rate": amount, "currency": "EUR"}
            | {"delivery_days": days, "carrier_account_id": self.accounts.get(service, "ca_1")}
            for service, (amount, days) in RATES.items()
        ]
        form = said.get("options", {}).get("label_format", "PNG")
        self.shipments[name] = {"id": name, "object": "Shipment", "mode": "test", "rates": rates, "messages": []}
        self.shipments[name] |= {"reference": said.get("reference"), "said": said, "form": form, "refund_status": None}
        self.shipments[name]["scan_form"] = None
        return 201, self.shipments[name]

    def find(self, name):
        known = [self.shipments.get(name), *(row for row in self.shipments.values() if row["reference"] == name)]
        found = [row for row in known if row]
        return (200, found[0]) if found else (404, error("NOT_FOUND", "The requested resource could not be found."))

    def buy(self, name, rate, address, insurance=None):
        shipment = self.shipments[name]
        with self.lock:
            if "postage_label" in shipment:
                return 422, error("SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
            self.sold.append(name)
            chosen = next(row for row in shipment["rates"] if row["id"] == rate)
            number = f"EZ{len(self.sold):09d}"
            label = {"object": "PostageLabel", "label_url": f"{address}/label/{shipment['form']}"}
            tracker = {"object": "Tracker", "public_url": f"https://track.example.com/{number}"}
            shipment |= {
                "insurance": insurance,
                "tracking_code": number,
                "selected_rate": chosen,
                "postage_label": label,
                "tracker": tracker,
                "fees": fees(insurance),
            }
            self.shipments[name] = shipment
        return 200, shipment

    def scan_form(self, names, address):
        rows = [self.shipments[name] for name in names]
        with self.lock:
            if any(row["scan_form"] for row in rows):
                return 422, error("SCAN_FORM.SHIPMENTS.TAKEN", "A shipment is on another scan form.")
            if len({row["selected_rate"]["carrier_account_id"] for row in rows}) > 1:
                return 422, error("SCAN_FORM.ACCOUNTS", "The shipments are of several carrier accounts.")
            name = f"sf_{len(self.forms) + 1}"
            codes = [row["tracking_code"] for row in rows]
            form = {"id": name, "object": "ScanForm", "status": "created", "message": None, "tracking_codes": codes}
            self.forms[name] = form | {"form_url": f"{address}/form"}
            for row in rows:
                row["scan_form"] = {"id": name, "object": "ScanForm"}
        return 200, self.forms[name]

    @property
    def drivers(self):
        """The pickups for which a driver comes, once for each time one was booked."""
        return [name for name in self.booked if self.pickups[name]["status"] == "scheduled"]

    def pickup(self, said):
        shipment = self.shipments[said["shipment"]["id"]]
        name = f"pickup_{next(self.numbers)}"
        rates = [{"carrier": "USPS", "service": service, "rate": rate, "currency": "USD"} for service, rate in PICKUPS]
        found = {"id": name, "object": "Pickup", "status": "unknown", "confirmation": None, "messages": []}
        if "postage_label" not in shipment:
            rates, found["messages"] = [], [{"carrier": "USPS", "message": "There is no label."}]
        self.pickups[name] = found | {"pickup_rates": rates, "said": said}
        return 201, self.pickups[name]

    def book(self, name, said):
        found = self.pickups[name]
        with self.lock:
            if found["status"] == "scheduled":
                return 422, error("PICKUP.ALREADY_SCHEDULED", "The pickup is scheduled.")
            self.booked.append(name)
            found |= {"status": "scheduled", "confirmation": f"WTC{len(self.booked)}", "chosen": said["service"]}
        return 200, found

    def send_away(self, name):
        self.pickups[name]["status"] = "canceled"
        return 200, self.pickups[name]

    def address(self, said):
        delivery = {"success": True, "errors": [], "details": {}}
        found = {"id": "adr_1", "object": "Address", **said, "verifications": {"delivery": delivery}}
        return 201, found | self.addresses.get(said.get("zip"), {})

    def refund(self, name):
        self.shipments[name]["refund_status"] = "submitted"
        self.refunded.append(name)
        return 200, self.shipments[name]


ITEM_FIELDS = ("description", "quantity", "value", "weight", "hs_tariff_number", "origin_country", "currency")


def missing_for_customs(said):
    """Return the first field that a shipment from the European Union to another country lacks, or ""."""
    info = said.get("customs_info", {})
    if said["to_address"].get("country", "DE") in ("DE", "FR", "AT"):
        return "customs_info (not wanted)" if info else ""
    fields = [name for name in ("contents_type", "customs_signer", "customs_items") if not info.get(name)]
    fields += [name for item in info.get("customs_items", []) for name in ITEM_FIELDS if not item.get(name)]
    return ", ".join(fields)


def fees(insurance):
    """Return what a label and its insurance cost in dollars: 1 %, at least 1.00."""
    found = [{"object": "Fee", "type": "LabelFee", "amount": "0.00000"}]
    if insurance:
        premium = max(float(insurance) / 100, 1.0)
        found.append({"object": "Fee", "type": "InsuranceFee", "amount": f"{premium:.5f}"})
    return found


class Handler(FakeHandler):
    def serve(self, said):
        path = self.path.partition("?")[0]
        if path.startswith("/label/"):
            return self.answer(200, LABELS[path.rpartition("/")[2]])  # its address is the secret
        if path == "/form":
            return self.answer(200, FORM)
        if self.headers["Authorization"] != "Basic RVpUSy1vbmx5LWZvci10ZXN0czo=":
            return self.answer(401, error("APIKEY.INACTIVE", "This api key is no longer active."))
        return super().serve(said)

    def verb_of(self, parts, said):
        kind = {"scan_forms": "form", "pickups": "pickup"}.get(parts[0], "")
        if len(parts) == 3:
            return f"{parts[2]}_{kind}".rstrip("_")
        if kind:
            return f"find_{kind}" if said is None else kind
        if parts[0] == "addresses":
            return "address"
        return "track" if parts[0] == "trackers" else "find" if said is None else "create"

    def act(self, verb, parts, said, prepared):
        fake, address = self.server.fake, f"http://{self.headers['Host']}"
        name = parts[1] if len(parts) > 1 else ""
        acts = {
            "address": lambda: fake.address(said["address"]),
            "create": lambda: fake.create(said["shipment"]),
            "find": lambda: fake.find(name) if name else (200, {"shipments": list(fake.shipments.values())[:1]}),
            "buy": lambda: fake.buy(name, said["rate"]["id"], address, said.get("insurance")),
            "refund": lambda: fake.refund(name),
            "track": lambda: (200, {"trackers": fake.trackers}),
            "form": lambda: fake.scan_form([row["id"] for row in said["shipments"]], address),
            "find_form": lambda: (200, fake.forms[name]),
            "pickup": lambda: fake.pickup(said["pickup"]),
            "find_pickup": lambda: (200, fake.pickups[name]),
            "buy_pickup": lambda: fake.book(name, said),
            "cancel_pickup": lambda: fake.send_away(name),
        }
        return acts[verb]()


def easypost():
    """Serve EasyPost until the block ends; gives (FakeEasyPost, its address)."""
    return serving(FakeEasyPost(), Handler)
