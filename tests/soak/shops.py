"""The load of a crash test: shops that place orders and a 3PL that ships, over HTTP, each until acknowledged."""

import http.client
import json
import time
from collections import Counter
from threading import Event, Thread

from tests.make import ADDRESS

PATIENCE_S = 180
PAUSE_S = 0.3


class Load:
    """Threads of shops and one of a 3PL; they end after `stop()`, when each last request was acknowledged.

    `orders` is {external id: number as answered}, `shipped` the fulfilment orders acknowledged as shipped,
    `answers` counts what was heard: a status, or the name of a connection's error.
    """

    def __init__(self, port, key, *, channel, skus, shops):
        self.port, self.channel, self.skus = port, channel, skus
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.orders, self.shipped, self.answers, self.errors = {}, set(), Counter(), []
        self.stopping = Event()
        jobs = [lambda number=number: self.shop(number) for number in range(shops)] + [self.third_party]
        self.threads = [Thread(target=self._run, args=(job,), daemon=True) for job in jobs]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Let each finish what it began; raises AssertionError for what was not acknowledged."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(PATIENCE_S + 30)
        assert not self.errors, self.errors
        assert not any(thread.is_alive() for thread in self.threads)

    def shop(self, number):
        """Place one order after the other."""
        count = 0
        while not self.stopping.is_set():
            name = f"{number}-{count}"
            lines = [{"sku": sku, "quantity": 1 + count % 3, "unit_price": "9.50"} for sku in self.skus]
            ship_to = ADDRESS | {"name": f"Ann {name}", "line1": f"Torstr. {1 + number * 1000 + count}"}
            body = {"channel": self.channel, "external_id": name, "email": f"ann{name}@example.com"}
            answer = self.insist("POST", "orders", body | {"ship_to": ship_to, "lines": lines}, key=f"order-{name}")
            self.orders[name] = answer["number"]
            count += 1
            self.stopping.wait(PAUSE_S)

    def third_party(self):
        """Ship, one after the other, what is assigned."""
        while not self.stopping.is_set():
            for work in self.insist("GET", "fulfilment-orders?status=released")["results"]:
                if self.stopping.is_set():
                    return
                pieces = {str(line["id"]): line["quantity"] for line in work["lines"]}
                report = {"parcels": [{"pieces": pieces, "tracking_number": f"T{work['id']}"}]}
                self.insist("POST", f"fulfilment-orders/{work['id']}/ship", report, key=f"ship-{work['id']}")
                self.shipped.add(work["id"])
            self.stopping.wait(PAUSE_S)

    def insist(self, method, path, body=None, *, key=None):
        """Send the same request until it is acknowledged; return its JSON."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                status, text = self._once(method, path, body and json.dumps(body), headers)
            except (OSError, http.client.HTTPException) as error:
                status, text = type(error).__name__, ""
            self.answers[status] += 1
            if status in (200, 201):
                return json.loads(text)
            assert isinstance(status, str) or status == 503, f"{method} {path}: {status} {text[:500]}"
            time.sleep(0.2)
        raise AssertionError(f"{method} {path} was not acknowledged within {PATIENCE_S} s: {self.answers}")

    def _once(self, method, path, body, headers):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, f"/api/v1/{path}", body, headers)
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        finally:
            link.close()

    def _run(self, job):
        try:
            job()
        except Exception as error:
            self.errors.append(repr(error))
