import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from oms.lib.errors import DomainError
from oms.lib.once import Done, forget_expired, is_done, new_key, once
from oms.papers.models import Message
from tests.race import race

MANY = 8


def write(number=0):
    return Message.objects.create(kind="x", subject="order:1", to="a@example.com", object_id=number, status="queued")


def refuse():
    write()
    raise DomainError("No.")


@pytest.mark.django_db
def test_what_is_refused_leaves_nothing_and_may_come_again():
    key = new_key()
    with pytest.raises(DomainError):
        once(key, refuse)
    assert not Message.objects.exists()
    assert not is_done(key)
    once(key, write)
    assert is_done(key)
    with pytest.raises(Done):
        once(key, write)
    assert Message.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "0" * 33, "\x00" * 32, "{" + "0" * 32 + "}", "A" * 32])
def test_what_is_no_key_is_not_kept(key):
    once(key, write)
    assert Message.objects.exists()
    assert not is_done(key)
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_keys_are_forgotten_in_time(time_machine):
    once(key := new_key(), write)
    forget_expired()
    assert is_done(key)
    time_machine.move_to(timezone.now() + timedelta(days=15))
    forget_expired()
    assert not is_done(key)


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_of_many_at_once_one_is_done():
    key = new_key()

    def send(number):
        try:
            once(key, lambda: write(number))
        except Done:
            return False
        return True

    assert sum(race(send, MANY)) == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_control_who_only_looks_does_it_often():
    key = new_key()

    def look_and_write(number):
        if is_done(key):
            return False
        time.sleep(0.5)
        write(number)
        return True

    assert sum(race(look_and_write, MANY)) > 1
