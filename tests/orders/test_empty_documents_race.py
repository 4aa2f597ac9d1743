"""Documents are emptied while one of them is replayed, in processes of their own, on either database."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from orders.models import ChannelDocument
from orders.services.empty_documents import empty_due, to_empty
from orders.services.work_document import replay
from tests.orders.channels.feed import line, make_connection, order, take
from tests.race import processes, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.corrupt]  # nobody works them

LONG = 10  # seconds that one waits for the other


@pytest.fixture
def part():
    """The second of two orders in a body of long ago, both without an order here: ignored, it can be replayed."""
    take(make_connection(), {"orders": [order(line("MUG"), pk=pk) for pk in (5001, 5002)]})
    then = timezone.now() - timedelta(days=401)
    ChannelDocument.objects.update(received_at=then, status=ChannelDocument.Status.IGNORED)
    return ChannelDocument.objects.exclude(whole=None).get()


def test_what_is_replayed_meanwhile_keeps_its_text(part):
    held, looks = processes.Event(), processes.Event()

    def act(number):
        if number:
            with transaction.atomic():
                replay(part.pk, actor="user:1")
                held.set()
                looks.wait(LONG)
                time.sleep(0.3)  # until the other one waits for this row
            return None
        held.wait(LONG)
        looks.set()
        return empty_due()

    assert race(act, 2).count(0) == 1
    part.refresh_from_db()
    assert (part.status, part.raw != b"") == ("pending", True)


def test_control_without_the_lock_it_is_to_be_worked_and_empty(part):
    """The same, emptied by who has only looked: the race is real."""
    looked, replayed = processes.Event(), processes.Event()

    def act(number):
        if number:
            looked.wait(LONG)
            replay(part.pk, actor="user:1")
            replayed.set()
            return
        pks = list(to_empty(timezone.now() - timedelta(days=400)).values_list("pk", flat=True))
        looked.set()
        replayed.wait(LONG)
        ChannelDocument.objects.filter(pk__in=pks).update(body=b"", emptied_at=timezone.now())

    race(act, 2)
    part.refresh_from_db()
    assert (part.status, part.why_empty != "") == ("pending", True)
