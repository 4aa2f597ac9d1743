import pytest
from django.conf import settings
from django.test import Client

LOGIN = "/admin/login/"
RIGHT, WRONG = {"username": "anna", "password": "right"}, {"username": "anna", "password": "wrong"}


@pytest.fixture
def anna(django_user_model):
    return django_user_model.objects.create_superuser("anna", password="right")


def fail_often(client):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = client.post(LOGIN, WRONG)
    return last


def test_guessing_locks_the_name_on_strange_devices(anna):
    assert fail_often(Client()).status_code == 429
    assert Client(headers={"User-Agent": "another browser"}).post(LOGIN, RIGHT).status_code == 429


def test_guessing_elsewhere_does_not_lock_the_owners_own_device(anna):
    station = Client()
    assert station.post(LOGIN, RIGHT).status_code == 302
    station.post("/admin/logout/")
    fail_often(Client())
    assert station.post(LOGIN, RIGHT).status_code == 302


def test_guessing_at_one_name_locks_nobody_else_at_the_same_address(anna, django_user_model):
    django_user_model.objects.create_superuser("ben", password="right")
    fail_often(Client())
    assert Client().post(LOGIN, RIGHT | {"username": "ben"}).status_code == 302


def test_a_device_cookie_of_another_user_is_worth_nothing(anna, django_user_model):
    django_user_model.objects.create_superuser("ben", password="right")
    station = Client()
    station.post(LOGIN, RIGHT | {"username": "ben"})
    station.post("/admin/logout/")
    ben, forged = next(name for name in station.cookies if name.startswith("device_")), Client()
    station.post(LOGIN, RIGHT)
    anna_name = next(name for name in station.cookies if name.startswith("device_") and name != ben)
    forged.cookies[anna_name] = station.cookies[ben].value
    fail_often(Client())
    assert forged.post(LOGIN, RIGHT).status_code == 429
