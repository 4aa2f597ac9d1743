"""A seller of labels on this machine, over real HTTP, with the faults that a test names; what any of them does.

What it charged is in `charges`, a shipment's id for each label that was sold and not given back.
"""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from socket import SHUT_RDWR

LABELS = {
    "PDF": b"%PDF-1.4\n%a label, byte for byte\n%%EOF\n",
    "ZPL": b"^XA^FO50,50^A0N,50,50^FDA label^FS^XZ\n",
    "PNG": b"\x89PNG\r\n\x1a\nno picture",
}
# Faults after which the thing was done all the same.
DONE = {"", "late", "lost", "late_error", "garbled"}


class FakeCarrier:
    """The state behind the server; each of `faults` (verb, what) meets the next call of that verb."""

    # What is answered to faults that are not heard as silence.
    refusals = {"error": (500, b"<h1>Internal error</h1>"), "late_error": (500, b"<h1>Internal error</h1>")}

    def __init__(self):
        self.shipments, self.trackers, self.faults, self.calls = {}, [], [], []
        self.sold, self.refunded = [], []
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


class FakeHandler(BaseHTTPRequestHandler):
    """Serves one question: `verb_of` names it, `prepare` looks at it as it comes in, `act` does it."""

    def do_GET(self):
        self.serve(None)

    def do_POST(self):
        self.serve(json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}"))

    def prepare(self, verb, parts):
        return None

    def serve(self, said):
        parts = self.path.partition("?")[0].split("/")[2:]
        verb = self.verb_of(parts, said)
        fault = self.server.fake.fault_of(verb)
        self.server.fake.on_call(verb)
        prepared = self.prepare(verb, parts)
        if fault in ("hang", "late"):
            self.connection.shutdown(SHUT_RDWR)
        if fault == "late":
            self.server.fake.go_on.wait(20)
        found = self.act(verb, parts, said, prepared) if fault in DONE else None
        return self.reply(fault, found)

    def reply(self, fault, found):
        if fault in self.server.fake.refusals:
            return self.answer(*self.server.fake.refusals[fault])
        if fault == "lost":
            self.connection.shutdown(SHUT_RDWR)
        if fault in ("", "garbled"):
            self.answer(found[0], json.dumps(found[1]).encode()[: 40 if fault else None])
        return None

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
def serving(fake, handler):
    """Serve until the block ends; gives (the FakeCarrier, its address)."""
    server = Server(("127.0.0.1", 0), handler)
    server.fake, fake.url = fake, f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake, fake.url
    finally:
        server.fake.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
