"""What became of the calls: the message, the log, and how its endpoint stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from random import uniform

from django.utils import timezone

from oms.lib.commands import command
from oms.lib.text import clean
from oms.partners.models import WebhookEndpoint, WebhookMessage, WebhookTry
from oms.partners.services.claim_webhooks import BREAKS_AFTER, Call
from oms.partners.services.webhooks import switch_off

# After the first try, the second ...: eight tries in a good 24 hours.
DELAYS_S = (5, 60, 600, 3600, 3 * 3600, 8 * 3600, 12 * 3600)
PAUSE_S, LONGEST_PAUSE_S = 30, 600  # of an endpoint that is put off; each probe that fails doubles it
OFF_AFTER = timedelta(days=3)  # without one success


@dataclass(frozen=True)
class Outcome:
    """What a call ended with: an HTTP `status`, or None and an `error`, and the wait it asks for (0: none)."""

    call: Call
    at: datetime
    duration_ms: int
    status: int | None = None
    error: str = ""
    retry: bool = True
    wait_s: int = 0

    @property
    def is_ok(self):
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self):
        """Whether the receiver wants nothing more (HTTP 410)."""
        return self.status == 410

    @property
    def reason(self):
        """Why it is no success, in a line; "" for one."""
        if self.is_ok:
            return ""
        if self.status is not None:
            hint = ": redirects are not followed" if 300 <= self.status < 400 else ""
            return f"HTTP {self.status}{hint}"
        return clean(self.error)[:300]


@command
def record_tries(outcomes):
    """Record Outcomes; what another worker has claimed meanwhile is left to that one."""
    now = timezone.now()
    ordered = sorted(outcomes, key=lambda outcome: (outcome.call.endpoint_id, outcome.at))
    for pk, group in groupby(ordered, key=lambda outcome: outcome.call.endpoint_id):
        endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=pk).first()
        if endpoint:  # it may have been deleted, its messages with it
            _record(endpoint, list(group), now)


def _record(endpoint, outcomes, now):
    tries = [made for outcome in outcomes if (made := _settle(outcome, now))]
    WebhookTry.objects.bulk_create(tries)
    for outcome in outcomes:
        _judge(endpoint, outcome, now)
    endpoint.save(update_fields=["failures", "worked_at", "failing_since", "put_off_until", "last_error"])
    if any(outcome.is_gone for outcome in outcomes):
        switch_off(endpoint.pk, reason="It answered 410 Gone.", actor="system")
    elif endpoint.failures >= BREAKS_AFTER and endpoint.failing_since <= now - OFF_AFTER:
        reason = f"{endpoint.failures} failures in a row since {endpoint.failing_since:%Y-%m-%d}: {endpoint.last_error}"
        switch_off(endpoint.pk, reason=reason, actor="system")


def _settle(outcome, now):
    """Record an outcome on its message; returns the unsaved row of the log, or None when it is not ours any more."""
    call, next_at, changes = outcome.call, None, {"lease_until": None, "last_error": outcome.reason}
    if outcome.is_ok:
        changes["done_at"] = now
    elif call.number >= WebhookMessage.MAX_ATTEMPTS or outcome.is_gone or not outcome.retry:
        changes["dead_at"] = now
    else:
        changes["next_attempt_at"] = next_at = now + max(delay(call.number), timedelta(seconds=outcome.wait_s))
    ours = WebhookMessage.objects.pending().filter(pk=call.message_id, attempts=call.number)
    if not ours.update(**changes):
        return None
    return WebhookTry(
        message_id=call.message_id,
        number=call.number,
        at=outcome.at,
        status=outcome.status,
        error=outcome.reason,
        duration_ms=outcome.duration_ms,
        next_try_at=next_at,
    )


def delay(number):
    """Return how long to wait after try `number`, spread by a tenth so that messages do not return as one."""
    return timedelta(seconds=DELAYS_S[min(number, len(DELAYS_S)) - 1] * uniform(0.9, 1.1))


def _judge(endpoint, outcome, now):
    """Note on the unsaved `endpoint` that it works, or how long it has failed and when it is probed."""
    if outcome.is_ok:
        endpoint.failures, endpoint.failing_since, endpoint.put_off_until, endpoint.last_error = 0, None, None, ""
        endpoint.worked_at = max(outcome.at, endpoint.worked_at or outcome.at)
        return
    # Calls that hang end together: what began before one that went well is no row of failures.
    if endpoint.worked_at is None or outcome.at > endpoint.worked_at:
        endpoint.failures += 1
        endpoint.failing_since = endpoint.failing_since or now
        endpoint.last_error = outcome.reason
        if endpoint.failures >= BREAKS_AFTER:
            pause = min(PAUSE_S * 2 ** (endpoint.failures - BREAKS_AFTER), LONGEST_PAUSE_S)
            endpoint.put_off_until = now + timedelta(seconds=pause * uniform(0.9, 1.1))
    if outcome.wait_s:
        asked = now + timedelta(seconds=outcome.wait_s)
        endpoint.put_off_until = max(asked, endpoint.put_off_until or asked)
