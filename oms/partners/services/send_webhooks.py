"""Sends what is due: many calls at once, so that a receiver who hangs keeps only its own messages waiting.

The calls are made in threads that know no database; what is claimed and recorded is, in one thread. Every
worker, of either kind, does so beside its deliveries.
"""

import logging
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Event, Lock, Thread
from time import monotonic

from django.db import connections
from django.utils import timezone

from oms.lib import http
from oms.partners.models import WebhookEndpoint
from oms.partners.services.claim_webhooks import claim_webhooks
from oms.partners.services.record_tries import Outcome, record_tries

logger = logging.getLogger(__name__)

CALLS = 48  # at once in one process; they only wait
TIMEOUT_S = 5
LOOK_S = 0.2  # how long a free call waits for what becomes due
_lock, _resting = Lock(), Event()
_thread = None


def send_due():
    """Send all that is due, and what is due because of it; returns how many calls that were."""
    made, flying = 0, {}
    with ThreadPoolExecutor(CALLS, thread_name_prefix="webhook") as pool:
        while True:
            calls = _claim(CALLS - len(flying))
            flying |= {pool.submit(make, call): call for call in calls}
            made += len(calls)
            if not flying:
                return made
            done, _ = wait(flying, timeout=LOOK_S, return_when=FIRST_COMPLETED)
            if done:
                record_tries([future.result() for future in done])
                flying = {future: call for future, call in flying.items() if future not in done}


def _claim(room):
    if _resting.is_set() or not room or not _is_due():
        return []
    return claim_webhooks(room)


def _is_due():
    return WebhookEndpoint.objects.with_due(timezone.now()).exists()


def make(call):
    """Make one call and return its Outcome; nothing is raised and no database asked."""
    at, start = timezone.now(), monotonic()
    told = {}
    try:
        told["status"] = http.post(call.url, call.body, headers=call.headers, timeout_s=TIMEOUT_S).status
    except http.HttpError as error:
        told = {"error": str(error), "retry": error.retry}
    except Exception as error:  # one receiver's oddity must not end the sending to the others
        logger.exception("The webhook could not be sent.")
        told = {"error": f"{type(error).__name__}: {error}"}
    return Outcome(call, at, round((monotonic() - start) * 1000), **told)


def send_beside():
    """See to it that what is due is being sent, in a thread of this process that ends with its work."""
    global _thread
    with _lock:
        if _resting.is_set() or (_thread and _thread.is_alive()):
            return
        if _is_due():
            _thread = Thread(target=_run, name="webhooks", daemon=True)
            _thread.start()


def rest():
    """Claim nothing more and wait for the calls being made, a few seconds: this process is about to end."""
    _resting.set()
    if _thread:
        _thread.join(TIMEOUT_S + 1)


def _run():
    try:
        send_due()
    except Exception:  # what was claimed is due again when its lease ends
        logger.exception("The sending of webhooks was interrupted.")
    finally:
        connections.close_all()
