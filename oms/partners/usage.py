"""Counts partners' calls in memory and writes them down every half minute, so that no call waits for it."""

import atexit
import json
import logging
from collections import Counter, defaultdict
from datetime import UTC, datetime
from threading import Lock, Timer

from django.db import DatabaseError, connections
from django.db.models import F

from oms.lib.commands import command
from oms.lib.text import clean
from oms.partners.models import CallError, PartnerKey, UsageDay

logger = logging.getLogger(__name__)

FLUSH_S = 30
MOST_ERRORS = 20  # kept of one partner in one flush: a program in a loop fills no disk


class Batch:
    """What was counted since the last flush."""

    def __init__(self):
        self.calls = Counter()  # {(partner id, day, field of UsageDay): calls}
        self.used = {}  # {key id: moment}
        self.errors = defaultdict(list)  # {partner id: [unsaved CallError]}


_lock = Lock()
_batch = None


class CountCalls:
    """Middleware: notes what became of each call that came with a partner's key."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user = getattr(request, "partner_user", None)
        if user:
            note(user, request, response)
        return response


def note(user, request, response):
    """Count the call, and keep it when it was refused or failed; microseconds, no statement."""
    global _batch
    now, status, partner = datetime.now(UTC), response.status_code, user.partner.pk
    field = "ok" if status < 400 else "refused" if status < 500 else "failed"
    with _lock:
        if _batch is None:
            _batch = Batch()
            _flush_later()
        _batch.calls[partner, now.date(), field] += 1
        if user.is_usable_at(now):
            _batch.used[user.key.pk] = now
        if status >= 400 and len(_batch.errors[partner]) < MOST_ERRORS:
            _batch.errors[partner].append(_error(user, request, response, now))


def flush():
    """Write down what was counted; what cannot be written is logged and lost, for it must not pile up."""
    batch = forget()
    if batch:
        try:
            _write(batch)
        except DatabaseError:
            logger.exception("Calls of partners could not be counted.")


def forget():
    """Return what was counted and begin anew."""
    global _batch
    with _lock:
        batch, _batch = _batch, None
    return batch


def _flush_later():
    timer = Timer(FLUSH_S, _flush_here)
    timer.daemon = True
    timer.start()


def _flush_here():
    try:
        flush()
    finally:
        connections.close_all()


atexit.register(flush)


def _error(user, request, response, now):
    return CallError(
        partner=user.partner,
        key=user.key.prefix,
        at=now,
        method=request.method[:10],
        path=clean(request.path)[:200],
        status=response.status_code,
        detail=_detail(response),
        request_id=request.META.get("HTTP_X_REQUEST_ID", "")[:64],
    )


def _detail(response):
    """Return what a problem says, with the names of the fields to blame but none of their values."""
    if response.get("Content-Type") != "application/problem+json":
        return ""
    problem = json.loads(response.content)
    names = ", ".join(problem.get("errors", {}))
    return clean(f"{problem['detail']} ({names})" if names else problem["detail"])[:300]


@command
def _write(batch):
    for (partner, day, field), calls in sorted(batch.calls.items()):
        row = UsageDay.objects.filter(partner=partner, day=day)
        if not row.update(**{field: F(field) + calls}):
            UsageDay.objects.bulk_create([UsageDay(partner_id=partner, day=day)], ignore_conflicts=True)
            row.update(**{field: F(field) + calls})
    for key, moment in sorted(batch.used.items()):
        PartnerKey.objects.filter(pk=key).update(last_used_at=moment)
    CallError.objects.bulk_create([error for errors in batch.errors.values() for error in errors])
