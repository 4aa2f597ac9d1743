"""Several workers at once: each message is sent by one of them, in order, and no endpoint is called too often."""

from collections import Counter

import pytest
from django.utils import timezone

from oms.partners.models import WebhookMessage, WebhookTry
from oms.partners.services.claim_webhooks import AT_ONCE, claim_webhooks
from oms.partners.services.record_tries import Outcome, record_tries
from oms.partners.services.webhooks import add_endpoint
from tests.deliver import deliver
from tests.oms.partners.conftest import happen
from tests.race import processes, race

pytestmark = [pytest.mark.race, pytest.mark.corrupt(16), pytest.mark.django_db(transaction=True)]
MESSAGES = 40


@pytest.fixture
def endpoint(make_partner):
    partner = make_partner()
    endpoint = add_endpoint(partner, url="https://example.com/", events=["*"], in_order=True)
    for number in range(MESSAGES):
        happen(partner, subject=f"thing:{number % 20}", sequence=number)
    deliver("oms.partners.tasks.fan_out")
    return endpoint


def taken(calls):
    record_tries([Outcome(call, timezone.now(), 1, status=200) for call in calls])


def test_four_workers_send_each_message_once_in_order_and_not_too_many_at_once(endpoint):
    def work(number):
        most = 0
        while WebhookMessage.objects.pending().exists():
            calls = claim_webhooks(48)
            most = max(most, endpoint.messages.in_flight(timezone.now()).count())
            taken(calls)
        return most

    assert max(race(work, 4)) <= AT_ONCE
    tries = list(WebhookTry.objects.order_by("pk").values_list("message__subject", "message__sequence"))
    assert len(tries) == len(set(tries)) == MESSAGES
    last = Counter()
    for subject, sequence in tries:
        assert sequence >= last[subject]
        last[subject] = sequence


def test_control_without_a_claim_they_send_it_often(endpoint):
    """The same four workers, each reading what is due and sending it with nothing in between."""
    read = processes.Barrier(4)

    def work(number):
        due = list(WebhookMessage.objects.due(timezone.now()).first_of_subject())
        read.wait(30)
        return len(due)

    assert sum(race(work, 4)) > MESSAGES
    WebhookMessage.objects.all().delete()
