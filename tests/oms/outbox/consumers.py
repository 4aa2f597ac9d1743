"""Consumers that the outbox's tests wire in; what they did is read from the database or from `acts`."""

import os
import threading
from pathlib import Path
from time import sleep

from django.db import connection
from django.utils import timezone

from oms.outbox.consumers import SENDER_LEASE, sender, subscriber
from oms.outbox.models import Delivery, Event

acts = []


class Refused(Exception):
    retry = False


@subscriber
def note(event):
    """An effect in the database: one row for each time it is applied."""
    Event.objects.create(name="noted", subject=event.subject, data={"event": event.pk})


@subscriber
def fail(event):
    note_half(event)
    raise OSError("gateway away\x00")


@subscriber
def refuse(event):
    raise Refused("no such customer")


@sender
def tell(event):
    acts.append((event.pk, connection.in_atomic_block))


@sender
def fail_to_tell(event):
    acts.append(event.pk)
    raise OSError("gateway away")


@sender
def lose_the_lease(event):
    """Take so long that another worker claims the delivery."""
    Delivery.objects.filter(event=event).update(lease_until=timezone.now())
    [delivery] = Delivery.objects.filter(event=event)
    assert Delivery.objects.claim(delivery.pk, now=timezone.now(), lease=SENDER_LEASE)


@sender
def die(event):
    """Kill the process that runs it, as the system does when memory runs out."""
    os.kill(os.getpid(), 9)


@sender
def write_line(event):
    """An act outside: a line in the file that the environment names."""
    write(event)


@sender
def write_line_slowly(event):
    write(event)
    sleep(0.1)


def write(event):
    with Path(os.environ["ACTS"]).open("a") as file:
        file.write(f"{event.subject} {event.sequence}\n")


def note_half(event):
    Event.objects.create(name="half.noted", subject=event.subject)


def every_minute():
    Event.objects.create(name="minute.passed", subject="clock")


def fail_every_minute():
    raise OSError("clock away")


waits, go_on = threading.Event(), threading.Event()


@sender
def wait(event):
    waits.set()
    assert go_on.wait(20)
