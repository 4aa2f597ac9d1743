"""EasyPost on this machine, over real HTTP: shipments, labels, refunds, trackers, scan forms and pickups.

It does as it should but for the faults that a test names.

What it charged is in `charges`, a shipment's id for each label that was sold and not given back.
"""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from socket import SHUT_RDWR

KEY = "EZTK-only-for-tests"
LABELS = {
    "PDF": b"%PDF-1.4\n%a label, byte for byte\n%%EOF\n",
    "ZPL": b"^XA^FO50,50^A0N,50,50^FDA label^FS^XZ\n",
    "PNG": b"\x89PNG\r\n\x1a\nno picture",
}
FORM = b"%PDF-1.4\n%a scan form, byte for byte\n%%EOF\n"
PICKUPS = (("SameDay", "4.50"), ("NextDay", "1.20"))
RATES = {"Ground": ("6.10", 4), "Priority": ("8.25", 2)}


class FakeEasyPost:
    """The state behind the server; each of `faults` (verb, what) meets the next call of that verb."""

    def __init__(self):
        self.shipments, self.trackers, self.faults, self.calls = {}, [], [], []
        self.sold, self.refunded = [], []
        self.pickups, self.booked = {}, []
        self.forms, self.accounts = {}, {}  # the account that sells a service, where that is not ca_1
        self.numbers = count(1)
        self.lock = threading.Lock()
        self.go_on = threading.Event()  # for those that act after the client gave up
        self.on_call = lambda verb: None

    @property
    def charges(self):
        return [name for name in self.sold if name not in self.refunded]

    def fail(self, verb, what, times=1):
        """Let the next calls of `verb` go wrong: hang, late, lost, error, late_error, busy, garbled or refuse.

        Of the first three the client hears nothing: at once, so that no test waits, or hurries, by the clock.
        """
        self.faults += [(verb, what)] * times

    def fault_of(self, verb):
        with self.lock:
            self.calls.append(verb)
            found = next((fault for fault in self.faults if fault[0] == verb), (verb, ""))
            if found[1]:
                self.faults.remove(found)
            return found[1]

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


def error(code, message):
    return {"error": {"code": code, "message": message, "errors": []}}


# Faults after which the thing was done all the same, and what is answered to others.
DONE = {"", "late", "lost", "late_error", "garbled"}
REFUSALS = {
    "error": (500, b"<h1>Internal error</h1>"),
    "late_error": (500, b"<h1>Internal error</h1>"),
    "busy": (429, error("RATE_LIMITED", "Too many requests"), {"Retry-After": "7"}),
    "refuse": (422, error("SHIPMENT.PURCHASE.FAILURE", "Insufficient funds")),
}


def verb_of(parts, *, is_read):
    kind = {"scan_forms": "form", "pickups": "pickup"}.get(parts[0], "")
    if len(parts) == 3:
        return f"{parts[2]}_{kind}".rstrip("_")
    if kind:
        return f"find_{kind}" if is_read else kind
    return "track" if parts[0] == "trackers" else "find" if is_read else "create"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.serve(None)

    def do_POST(self):
        self.serve(json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}"))

    def serve(self, said):
        path = self.path.partition("?")[0]
        if path.startswith("/label/"):
            return self.answer(200, LABELS[path.rpartition("/")[2]])  # its address is the secret
        if path == "/form":
            return self.answer(200, FORM)
        if self.headers["Authorization"] != "Basic RVpUSy1vbmx5LWZvci10ZXN0czo=":
            return self.answer(401, error("APIKEY.INACTIVE", "This api key is no longer active."))
        parts = path.split("/")[2:]
        verb = verb_of(parts, is_read=said is None)
        fault = self.server.fake.fault_of(verb)
        self.server.fake.on_call(verb)
        if fault in ("hang", "late"):
            self.connection.shutdown(SHUT_RDWR)
        if fault == "late":
            self.server.fake.go_on.wait(20)
        found = self.act(verb, parts, said) if fault in DONE else None
        return self.reply(fault, found)

    def reply(self, fault, found):
        if fault in REFUSALS:
            return self.answer(*REFUSALS[fault])
        if fault == "lost":
            self.connection.shutdown(SHUT_RDWR)
        if fault in ("", "garbled"):
            self.answer(found[0], json.dumps(found[1]).encode()[: 40 if fault else None])
        return None

    def act(self, verb, parts, said):
        fake, address = self.server.fake, f"http://{self.headers['Host']}"
        name = parts[1] if len(parts) > 1 else ""
        acts = {
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

    def answer(self, status, body, headers=None):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # the client gave up

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a client that was killed


@contextmanager
def serving():
    """Serve until the block ends; gives (FakeEasyPost, its address)."""
    server = Server(("127.0.0.1", 0), Handler)
    server.fake = FakeEasyPost()
    server.fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.fake, server.fake.url
    finally:
        server.fake.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
