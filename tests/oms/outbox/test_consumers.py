import pytest
from django.utils import timezone

from oms.outbox.models import Delivery, Event
from tests.oms.outbox import consumers

pytestmark = pytest.mark.django_db


def due():
    return Delivery.objects.due(timezone.now())


def end_leases():
    Delivery.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())


def test_subscriber_applies_once(make_delivery):
    delivery = make_delivery("note")

    assert consumers.note(delivery.pk) is True
    assert consumers.note(delivery.pk) is False

    assert Event.objects.filter(name="noted").count() == 1
    delivery.refresh_from_db()
    assert delivery.done_at
    assert (delivery.attempts, delivery.applied, delivery.lease_until) == (1, 1, None)


@pytest.mark.django_db(transaction=True)
def test_sender_acts_once_with_no_transaction_open(make_delivery, acts):
    delivery = make_delivery("tell")

    consumers.tell(delivery.pk)
    consumers.tell(delivery.pk)

    assert acts == [(delivery.event_id, False)]


def test_failure_of_a_subscriber_leaves_only_the_attempt(make_delivery):
    delivery = make_delivery("fail")

    with pytest.raises(OSError, match="gateway away"):
        consumers.fail(delivery.pk)

    assert not Event.objects.filter(name="half.noted").exists()
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.done_at, delivery.applied) == (1, None, 0)
    assert delivery.last_error == "OSError: gateway away"
    assert not due().exists(), "it waits before the next attempt"


def test_waits_longer_after_each_attempt(make_delivery):
    delivery = make_delivery("fail_to_tell")
    waits = []
    for _ in range(Delivery.MAX_ATTEMPTS - 1):
        Delivery.objects.update(next_attempt_at=timezone.now())
        with pytest.raises(OSError, match="gateway away"):
            consumers.fail_to_tell(delivery.pk)
        delivery.refresh_from_db()
        waits.append((delivery.next_attempt_at - timezone.now()).total_seconds())
    assert 3 < waits[0] < 7
    assert all(later > 2 * sooner for sooner, later in zip(waits, waits[1:], strict=False))


def test_dies_after_the_last_attempt(make_delivery, acts):
    delivery = make_delivery("fail_to_tell")
    for _ in range(Delivery.MAX_ATTEMPTS):
        Delivery.objects.update(next_attempt_at=timezone.now())
        with pytest.raises(OSError, match="gateway away"):
            consumers.fail_to_tell(delivery.pk)
    Delivery.objects.update(next_attempt_at=timezone.now())

    assert consumers.fail_to_tell(delivery.pk) is False
    assert len(acts) == Delivery.MAX_ATTEMPTS
    assert Delivery.objects.dead().get().last_error == "OSError: gateway away"


def test_error_that_no_retry_mends_dies_at_once(make_delivery):
    delivery = make_delivery("refuse")
    with pytest.raises(consumers.Refused):
        consumers.refuse(delivery.pk)
    assert Delivery.objects.dead().get().attempts == 1


def test_killed_between_claim_and_act_is_run_again_when_the_lease_ends(make_delivery, acts):
    delivery = make_delivery("tell")
    Delivery.objects.claim(delivery.pk, now=timezone.now(), lease=timezone.timedelta(minutes=1))

    assert consumers.tell(delivery.pk) is False, "another worker has it"
    end_leases()
    assert consumers.tell(delivery.pk) is True

    delivery.refresh_from_db()
    assert (len(acts), delivery.attempts, delivery.applied) == (1, 2, 1)


def test_work_that_always_kills_its_worker_dies(make_delivery, acts):
    delivery = make_delivery("tell")
    for _ in range(Delivery.MAX_ATTEMPTS):
        assert Delivery.objects.claim(delivery.pk, now=timezone.now(), lease=timezone.timedelta(minutes=1))
        end_leases()

    assert consumers.tell(delivery.pk) is False

    assert acts == []
    dead = Delivery.objects.dead().get()
    assert (dead.attempts, dead.last_error) == (8, "Each attempt ended with its worker.")


def test_who_lost_the_lease_records_nothing(make_delivery, acts):
    delivery = make_delivery("lose_the_lease")

    assert consumers.lose_the_lease(delivery.pk) is False

    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.done_at, delivery.applied) == (2, None, 0)


def test_next_event_of_a_subject_waits(make_delivery):
    second = make_delivery("note", sequence=2)
    first = make_delivery("note", sequence=1)
    other = make_delivery("note", sequence=2, subject="thing:2")
    loose = make_delivery("note")

    assert set(due()) == {first, other, loose}
    assert consumers.note(second.pk) is False
    consumers.note(first.pk)
    assert consumers.note(second.pk) is True


def test_consumers_do_not_wait_for_each_other(make_delivery):
    make_delivery("fail", sequence=1)
    second = make_delivery("note", sequence=2)
    assert consumers.note(second.pk) is True


def test_dead_one_does_not_block(make_delivery):
    first = make_delivery("note", sequence=1)
    second = make_delivery("note", sequence=2)
    Delivery.objects.filter(pk=first.pk).update(dead_at=timezone.now())
    assert list(due()) == [second]
