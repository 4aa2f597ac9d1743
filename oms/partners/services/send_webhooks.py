"""Sends the webhooks that are due, beside the deliveries of every worker of either kind."""

import logging
from time import monotonic

from django.utils import timezone

from oms.lib import http
from oms.lib.beside import Beside
from oms.partners.models import WebhookEndpoint
from oms.partners.services.claim_webhooks import claim_webhooks
from oms.partners.services.record_tries import Outcome, record_tries

logger = logging.getLogger(__name__)

CALLS = 48  # at once in one process; they only wait
TIMEOUT_S = 5


def make(call):
    """Make one call and return its Outcome; nothing is raised and no database asked."""
    at, start = timezone.now(), monotonic()
    told = {}
    try:
        answer = http.post(call.url, call.body, headers=call.headers, timeout_s=TIMEOUT_S)
        told = {"status": answer.status, "wait_s": answer.wait_s}
    except http.HttpError as error:
        told = {"error": str(error), "retry": error.retry}
    except Exception as error:  # one receiver's oddity must not end the sending to the others
        logger.exception("The webhook could not be sent.")
        told = {"error": f"{type(error).__name__}: {error}"}
    return Outcome(call, at, round((monotonic() - start) * 1000), **told)


def is_due():
    """Say whether a message is due for an endpoint that may be called."""
    return WebhookEndpoint.objects.with_due(timezone.now()).exists()


SENDER = Beside("webhooks", at_once=CALLS, is_due=is_due, claim=claim_webhooks, make=make, record=record_tries)
send_due = SENDER.send_due
