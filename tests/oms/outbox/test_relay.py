from collections import Counter

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from oms.outbox import relay
from oms.outbox.models import Delivery, Event
from oms.outbox.publish import publish
from oms.outbox.relay import dispatch, run_due
from tests.oms.outbox import consumers
from tests.oms.outbox.broker import broker_at
from tests.race import processes, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue():
    """A broker in memory in place of Redis; yields its queue."""
    with broker_at("memory://"), current_app.connection() as broker, broker.SimpleQueue("celery") as queue:
        queue.clear()
        yield queue


def tasks(queue):
    """Take all messages; returns each task's name and arguments."""
    taken = []
    while queue.qsize():
        message = queue.get_nowait()
        message.ack()
        taken.append((message.headers["task"], message.payload[0]))
    return taken


def test_runs_what_is_due_and_goes_on_after_an_error(wire):
    wire("fail", "note")
    publish("thing.happened", "thing:1")
    publish("thing.happened", "thing:2", not_before=timezone.now() + timezone.timedelta(hours=1))

    assert run_due() == 2
    assert run_due() == 0

    assert Event.objects.filter(name="noted").count() == 1
    assert Delivery.objects.pending().count() == 3


def test_next_of_a_subject_is_due_after_the_first(wire):
    wire("note")
    for sequence in (1, 2, 3):
        publish("thing.happened", "thing:1", sequence=sequence)
    assert [run_due(), run_due(), run_due(), run_due()] == [1, 1, 1, 0]
    events = Event.objects.filter(name="thing.happened").values_list("pk", flat=True)
    noted = Event.objects.filter(name="noted").order_by("pk").values_list("data__event", flat=True)
    assert list(noted) == list(events)


def test_stops_when_told(wire):
    wire("note")
    publish("thing.happened", "thing:1")
    assert run_due(is_stopping=lambda: True) == 0
    assert Delivery.objects.due(timezone.now()).exists()


def test_dispatch_sends_each_delivery_once(make_delivery, queue):
    delivery = make_delivery("note")
    assert dispatch() == 1
    assert dispatch() == 0
    assert tasks(queue) == [(f"{consumers.__name__}.note", [delivery.pk])]
    assert run_due() == 1, "waiting in the broker keeps nobody from running it"


def test_lost_message_is_sent_again(make_delivery, queue):
    make_delivery("note")
    dispatch()
    Delivery.objects.update(queued_until=timezone.now())
    assert dispatch() == 1


def test_what_the_broker_refuses_is_free_again(make_delivery, queue):
    make_delivery("note")
    with broker_at("redis://127.0.0.1:1/0"), pytest.raises(OperationalError):
        dispatch()
    with broker_at("memory://"):
        assert dispatch() == 1


def test_failed_delivery_is_sent_again_when_due(make_delivery, queue):
    delivery = make_delivery("fail_to_tell")
    dispatch()
    with pytest.raises(OSError, match="gateway away"):
        consumers.fail_to_tell(delivery.pk)
    assert dispatch() == 0
    Delivery.objects.update(next_attempt_at=timezone.now())
    assert dispatch() == 1


def test_backlog_stays_in_the_database(wire, queue, monkeypatch):
    monkeypatch.setattr(relay, "WINDOW", 3)
    wire("note")
    for _ in range(5):
        publish("thing.happened", "thing:1")
    assert dispatch() == 3
    assert dispatch() == 0
    run_due(limit=1)
    assert dispatch() == 1


def test_a_backlog_of_one_lane_leaves_room_for_the_others(make_delivery, queue, monkeypatch):
    monkeypatch.setattr(relay, "WINDOW", 3)
    monkeypatch.setattr(relay, "SLOW", {f"{consumers.__name__}.wait"})
    monkeypatch.setattr(relay, "MAIL", {f"{consumers.__name__}.tell"})
    for number in range(5):
        make_delivery("wait", subject=f"thing:{number}")
        make_delivery("tell", subject=f"thing:{number}")
    assert dispatch() == 6
    tasks(queue)
    work = make_delivery("note", subject="thing:9")
    assert dispatch() == 1
    assert tasks(queue) == [(f"{consumers.__name__}.note", [work.pk])]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_workers_apply_each_delivery_once(wire):
    publish_many(wire, 40)

    def work(number):
        while run_due(limit=10):
            pass

    race(work, 4)

    noted = Counter(Event.objects.filter(name="noted").values_list("data__event", flat=True))
    assert len(noted) == 40
    assert set(noted.values()) == {1}
    assert set(Delivery.objects.values_list("applied", flat=True)) == {1}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_without_a_claim_they_apply_it_often(wire):
    """The same four workers, each reading what is due and acting on it with nothing in between."""
    publish_many(wire, 40)
    read = processes.Barrier(4)

    def work(number):
        events = list(Event.objects.filter(deliveries__in=Delivery.objects.due(timezone.now())))
        read.wait(30)
        for event in events:
            Event.objects.create(name="noted", subject=event.subject)
            Delivery.objects.filter(event=event).update(done_at=timezone.now())

    race(work, 4)

    assert Event.objects.filter(name="noted").count() > 40


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_workers_keep_the_order_of_each_subject(wire):
    wire("note")
    with transaction.atomic():
        for sequence in range(1, 9):
            for thing in range(5):
                publish("thing.happened", f"thing:{thing}", sequence=sequence)

    def work(number):
        while Delivery.objects.pending().exists():
            run_due(limit=5)

    race(work, 4)

    for thing in range(5):
        noted = Event.objects.filter(name="noted", subject=f"thing:{thing}").order_by("pk")
        events = list(noted.values_list("data__event", flat=True))
        assert events == sorted(events)
        assert len(events) == 8


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_worker_that_is_killed_leaves_the_delivery_to_the_next(wire):
    wire("die")
    with transaction.atomic():
        publish("thing.happened", "thing:1")
    connection.close()
    worker = processes.Process(target=run_due)
    worker.start()
    worker.join(30)

    assert worker.exitcode == -9
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.done_at) == (1, None)
    assert delivery.lease_until > timezone.now()


def publish_many(wire, count):
    wire("note")
    with transaction.atomic():
        for _ in range(count):
            publish("thing.happened", "thing:1")
