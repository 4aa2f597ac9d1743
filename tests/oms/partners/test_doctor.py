import pytest
from django.utils import timezone

from oms.lib import doctor
from oms.partners.models import WebhookEndpoint, WebhookMessage
from oms.partners.services.replay import send_test
from oms.partners.services.webhooks import add_endpoint

pytestmark = pytest.mark.corrupt(14)


@pytest.fixture
def message(partner):
    return send_test(add_endpoint(partner, url="https://example.com/", events=["*"]).pk)


def found():
    findings = doctor.run(only=14, snapshot=False, explain=True)
    return [
        (violation.row, words)
        for one in findings
        for violation, words in zip(one.violations, one.explanations, strict=True)
    ]


def test_message_that_no_worker_sends_is_named(message):
    WebhookMessage.objects.update(next_attempt_at=timezone.now() - timezone.timedelta(minutes=20))
    [(row, words)] = found()
    assert row == f"webhook message {message.pk}"
    assert words.startswith("Start a worker")


def test_one_that_waits_for_a_failing_endpoint_is_sound(message):
    WebhookMessage.objects.update(next_attempt_at=timezone.now() - timezone.timedelta(minutes=20))
    WebhookEndpoint.objects.update(failures=9, put_off_until=timezone.now())
    assert found() == []


def test_message_that_waits_for_an_endpoint_that_is_off_is_named(message):
    WebhookEndpoint.objects.update(is_active=False)
    [(row, words)] = found()
    assert row == f"webhook message {message.pk}"
    assert "Switch the endpoint on" in words
