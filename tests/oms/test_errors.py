"""What people see where a page is missing, forbidden or broken: words, on a phone, too."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.make import make_user


@pytest.mark.django_db
def test_missing_page_says_so_on_a_phone():
    response = Client().get("/no/such/page")
    assert (response.status_code, "There is no such page" in response.text) == (404, True)
    assert "width=device-width" in response.text


@pytest.mark.django_db
def test_forbidden_page_says_whom_to_ask(client):
    client.force_login(make_user("Picker"))
    response = client.get("/admin/auth/user/")
    assert (response.status_code, "A manager can give you another role" in response.text) == (403, True)


def test_broken_page_needs_nothing_to_be_shown():
    assert "nothing was half done" in render_to_string("500.html")
