import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.outbox.models import Delivery, Event
from oms.outbox.publish import publish, publish_all
from oms.subscribers import SUBSCRIBERS


@pytest.fixture
def subscribers(monkeypatch):
    """Two consumers of `thing.happened`, none of anything else."""
    monkeypatch.setitem(SUBSCRIBERS, "thing.happened", ["a.tasks.one", "a.tasks.two"])


@pytest.mark.django_db(transaction=True)
def test_needs_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        publish("thing.happened", "thing:1")
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_writes_event_and_deliveries_in_two_statements(subscribers):
    with CaptureQueriesContext(connection) as queries:
        event = publish("thing.happened", "thing:1", sequence=4, actor="user:3", thing=1)

    assert len(queries) == 2
    event = Event.objects.get(pk=event.pk)
    assert (event.name, event.subject, event.sequence) == ("thing.happened", "thing:1", 4)
    assert (event.actor, event.data) == ("user:3", {"thing": 1})
    rows = Delivery.objects.values_list("event", "consumer", "subject", "sequence")
    assert sorted(rows) == [
        (event.pk, "a.tasks.one", "thing:1", 4),
        (event.pk, "a.tasks.two", "thing:1", 4),
    ]


@pytest.mark.django_db
def test_event_without_consumers_is_one_statement(subscribers):
    with CaptureQueriesContext(connection) as queries:
        publish("thing.ignored", "thing:1")
    assert len(queries) == 1
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_many_events_are_two_statements(subscribers):
    with CaptureQueriesContext(connection) as queries:
        events = publish_all([Event(name="thing.happened", subject=f"thing:{n}") for n in range(20)])
    assert len(queries) == 2
    assert all(event.pk for event in events)
    assert Delivery.objects.count() == 40


@pytest.mark.django_db
def test_waits_until_not_before(subscribers):
    now = timezone.now()
    later = now + timezone.timedelta(hours=1)
    publish("thing.happened", "thing:1", not_before=later)
    assert not Delivery.objects.due(now).exists()
    assert Delivery.objects.due(later).count() == 2


@pytest.mark.django_db
def test_sequence_is_used_once_per_subject(subscribers):
    publish("thing.happened", "thing:1", sequence=1)
    publish("thing.happened", "thing:2", sequence=1)
    publish("thing.happened", "thing:1")
    publish("thing.happened", "thing:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        publish("thing.happened", "thing:1", sequence=1)
    assert Event.objects.count() == 4


@pytest.mark.django_db
def test_change_that_fails_leaves_no_news(subscribers):

    def change():
        with transaction.atomic():
            publish("thing.happened", "thing:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_timeline_is_newest_first_and_of_one_subject():
    for name in ["thing.made", "thing.sold"]:
        publish(name, "thing:1")
    publish("thing.made", "thing:10")
    names = Event.objects.timeline("thing:1").values_list("name", flat=True)
    assert list(names) == ["thing.sold", "thing.made"]
