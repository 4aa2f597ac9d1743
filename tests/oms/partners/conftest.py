"""Partners' servers on this machine, and events to tell them of."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

import pytest
from django.db import transaction

from oms.outbox.publish import publish
from oms.partners.services import record_tries, send_webhooks
from tests.deliver import deliver


class Listener(ThreadingHTTPServer):
    """Keeps in `got` (moment, headers, body) of what it took.

    `answer` is a status, None to hang, or says which; it has `more` headers.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer, self.got, self.calls, self.more = answer, [], 0, {}
        self.ending, self.lock = threading.Event(), threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        listener, headers = self.server, dict(self.headers)
        body = self.rfile.read(int(headers["Content-Length"]))
        with listener.lock:
            listener.calls += 1
            status = listener.answer(headers, body) if callable(listener.answer) else listener.answer
            if status and status < 300:
                listener.got.append((monotonic(), headers, body))
        if status is None:
            listener.ending.wait(30)
            return
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", listener.url)
        for name, value in listener.more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def make_listener(settings):
    """Return `make_listener(answer)`: a partner's server that webhooks may go to."""
    made = []

    def make(answer=204):
        listener = Listener(answer)
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        made.append((listener, thread))
        settings.WEBHOOK_ALLOW = [*settings.WEBHOOK_ALLOW, f"127.0.0.1:{listener.server_port}"]
        return listener

    yield make
    for listener, thread in made:
        listener.ending.set()
        listener.shutdown()
        thread.join()
        listener.server_close()


@pytest.fixture
def listener(make_listener):
    return make_listener()


@pytest.fixture
def partner(make_partner):
    return make_partner()


@pytest.fixture
def at_once(monkeypatch):
    """No try waits for its hour and no endpoint is put off for long."""
    monkeypatch.setattr(record_tries, "DELAYS_S", (0,))
    monkeypatch.setattr(record_tries, "PAUSE_S", 0)
    monkeypatch.setattr(send_webhooks, "TIMEOUT_S", 0.3)


def happen(partner, name="order.held", *, subject="thing:7", sequence=None):
    with transaction.atomic():
        return publish(name, subject, sequence=sequence, partner=partner.pk, thing=7)


def tell():
    """Send all webhooks that are due; returns how many calls that were."""
    deliver("oms.partners.tasks.fan_out")
    return send_webhooks.send_due()
