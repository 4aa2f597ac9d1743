import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from oms.outbox.models import Delivery, Event

LIST = "/admin/outbox/delivery/"

pytestmark = pytest.mark.django_db


def log_in(*permissions, **fields):
    user = User.objects.create_user("ann", is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def dead(make_delivery):
    delivery = make_delivery("note")
    Delivery.objects.filter(pk=delivery.pk).update(dead_at=timezone.now(), attempts=8, last_error="OSError: away")
    return delivery


@pytest.fixture
def ann():
    return log_in("view_event", "view_delivery", "change_delivery", "view_scheduledrun")


def test_lists_and_pages_open(ann, dead):
    for page in ("event", "delivery", "scheduledrun"):
        assert ann.get(f"/admin/outbox/{page}/").status_code == 200
    assert ann.get(f"/admin/outbox/event/{dead.event_id}/change/").status_code == 200
    assert "OSError: away" in ann.get(f"{LIST}{dead.pk}/change/").content.decode()


def test_dead_ones_are_found_by_state_and_subject(ann, dead, make_delivery):
    make_delivery("tell", subject="thing:2")
    shown = ann.get(f"{LIST}?state=dead").content.decode()
    assert "thing:1" in shown
    assert "thing:2" not in shown
    assert "thing:1" not in ann.get(f"{LIST}?q=thing:2").content.decode().split("<table", 1)[1]


def test_one_is_tried_again_after_a_question(ann, dead):
    address = f"{LIST}{dead.pk}/retry_one/"
    assert "Try this delivery again?" in ann.get(address).content.decode()
    dead.refresh_from_db()
    assert dead.dead_at, "asking does nothing"

    answer = ann.post(address, {"_form_submitted": "on"})
    assert answer.status_code == 302
    dead.refresh_from_db()
    assert (dead.dead_at, dead.attempts) == (None, 0)
    assert Event.objects.get(name="delivery.retried").actor.startswith("user:")


def test_selected_ones_are_tried_again(ann, dead, make_delivery):
    done = make_delivery("tell")
    Delivery.objects.filter(pk=done.pk).update(done_at=timezone.now())
    ann.post(LIST, {"action": "retry_selected", "_selected_action": [dead.pk, done.pk]})
    assert list(Delivery.objects.due(timezone.now())) == [dead]


def test_who_may_only_look_cannot_try_again(dead):
    ann = log_in("view_delivery")
    assert ann.post(f"{LIST}{dead.pk}/retry_one/", {"_form_submitted": "on"}).status_code == 403
    ann.post(LIST, {"action": "retry_selected", "_selected_action": [dead.pk]})
    dead.refresh_from_db()
    assert dead.dead_at


def test_nobody_writes_events_by_hand(ann, dead):
    assert ann.get("/admin/outbox/event/add/").status_code == 403
    ann.post(f"/admin/outbox/event/{dead.event_id}/change/", {"name": "thing.forged"})
    assert Event.objects.get(pk=dead.event_id).name == "thing.happened"
