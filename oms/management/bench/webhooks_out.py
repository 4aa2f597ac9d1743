"""Webhooks out to receivers on this machine: a good one, one that fails and hangs, a dead one; beside bare calls."""

import json
import random
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.db import transaction
from django.test.utils import override_settings

from oms.lib import http
from oms.management.bench.measure import cpu_ms
from oms.outbox.models import Event
from oms.partners.models import Partner, WebhookMessage
from oms.partners.services import record_tries, send_webhooks
from oms.partners.services.webhooks import add_endpoint, body_of, queue_webhooks

EVENTS = 1000
SUBJECTS = 50
SHORT_S = (0.5,)  # instead of hours between tries
LONGEST_S = 900


def run(bench, *, scale=1.0):
    """Add messages a second and CPU of a good receiver, the seconds a flaky one takes, and the good one's delay beside.

    The flaky one fails 30 % and hangs 10 % of its calls and asks for order; `bare_calls_per_s` is the same body
    posted one after the other without database or signature.
    """
    events = max(SUBJECTS, round(EVENTS * scale))
    with receiver() as good, receiver(moody) as flaky, receiver(lambda body, call: None) as dead:
        hosts = [f"127.0.0.1:{server.server_port}" for server in (good, flaky, dead)]
        with override_settings(WEBHOOK_ALLOW=hosts):
            _alone(bench, good, events)
            _together(bench, good, flaky, dead, events)


def _alone(bench, good, events):
    _add("GOOD", good)
    _queue(events, "GOOD")
    start = time.perf_counter()
    with cpu_ms() as cpu:
        send_webhooks.send_due()
    seconds = time.perf_counter() - start
    body = body_of(Event.objects.latest("pk"))
    start = time.perf_counter()
    for _ in range(events):
        http.post(good.url, body, headers={"webhook-id": "bare"})
    bare = time.perf_counter() - start
    bench.add(messages=events, messages_per_s=events / seconds, cpu_ms_per_message=cpu[0] / events)
    bench.add(bare_calls_per_s=events / bare)


def _together(bench, good, flaky, dead, events):
    _add("FLAKY", flaky, in_order=True)
    _add("DEAD", dead)
    good.taken.clear()
    _queue(events, "DEAD", "FLAKY", "GOOD")
    delays, record_tries.DELAYS_S = record_tries.DELAYS_S, SHORT_S
    start = time.monotonic()
    try:
        while _distinct(flaky.taken) < events and time.monotonic() < start + LONGEST_S:
            send_webhooks.send_due()
            time.sleep(0.1)
    finally:
        record_tries.DELAYS_S = delays
    bench.add(flaky_s=time.monotonic() - start, flaky_calls=flaky.calls, flaky_missing=events - _distinct(flaky.taken))
    bench.add(flaky_out_of_order=_out_of_order(flaky.taken), dead_calls=dead.calls)
    bench.add(good_last_after_s=max(moment for moment, _ in good.taken) - start, good_messages=_distinct(good.taken))


def _distinct(taken):
    """Return how many messages came: one whose answer was too slow comes again."""
    return len({(said["subject"], said["sequence"]) for _, said in taken})


def _out_of_order(taken):
    last, wrong = defaultdict(int), 0
    for _, said in taken:
        wrong += said["sequence"] < last[said["subject"]]
        last[said["subject"]] = said["sequence"]
    return wrong


def _add(code, server, **fields):
    partner = Partner.objects.create(code=code, name=code)
    return add_endpoint(partner, url=server.url, events=["*"], **fields)


@transaction.atomic
def _queue(events, *codes):
    """Queue `events` for each partner, in turn, as the outbox's consumer does."""
    partners = Partner.objects.filter(code__in=codes)
    first = WebhookMessage.objects.count()
    for number in range(events):
        for partner in partners:
            subject = f"bench:{partner.code}{number % SUBJECTS}"
            event = Event(name="order.held", subject=subject, data={"partner": partner.pk, "order": number})
            event.sequence = first + number // SUBJECTS + 1
            event.save()
            queue_webhooks(event)


def moody(body, call):
    """Fail 30 % and hang 10 % of the calls, the same in each run; `call` counts those of one message."""
    name = json.loads(body)["data"]
    seed = f"{name['subject']} {name['sequence']} {call}".encode()
    chance = random.Random(sha256(seed).digest()).random()
    return None if chance < 0.1 else 500 if chance < 0.4 else 204


@contextmanager
def receiver(answer=lambda body, call: 204):
    """A server whose `taken` is [(moment, data)] of what it answered with 2xx; None of `answer` hangs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads, server.answer = True, answer
    server.taken, server.calls, server.calls_of = [], 0, defaultdict(int)
    server.ending, server.lock = threading.Event(), threading.Lock()
    server.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.ending.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        server, identity = self.server, self.headers["webhook-id"]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with server.lock:
            server.calls += 1
            server.calls_of[identity] += 1
            status = server.answer(body, server.calls_of[identity])
            if status and status < 300:
                server.taken.append((time.monotonic(), json.loads(body)["data"]))
        if status is None:
            server.ending.wait(60)
            return
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass
