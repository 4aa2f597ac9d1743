import pytest
from django.utils import timezone

from oms.lib.doctor import run
from oms.outbox.models import Delivery

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def found():
    return [v for finding in run(only=14, snapshot=False) for v in finding.violations]


@pytest.fixture
def delivery(make_delivery):
    return make_delivery("note")


def test_fresh_and_waiting_deliveries_are_well(delivery):
    assert found() == []


def test_names_a_delivery_nobody_runs(delivery):
    Delivery.objects.update(next_attempt_at=timezone.now() - timezone.timedelta(hours=1))
    [violation] = found()
    assert violation.row == f"delivery {delivery.pk}"
    assert "due for 60 minutes" in violation.message


def test_names_an_event_applied_twice(delivery):
    Delivery.objects.update(done_at=timezone.now(), applied=2)
    assert "applied 2 times" in found()[0].message


def test_dead_letters_are_not_overdue(delivery):
    long_ago = timezone.now() - timezone.timedelta(days=1)
    Delivery.objects.update(next_attempt_at=long_ago, dead_at=timezone.now())
    assert found() == []
