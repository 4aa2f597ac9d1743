import pytest
from django.test import Client


@pytest.mark.parametrize("address", ["/healthz?a=%00", "/healthz?%E2%80%AE=1", "/healthz%00", "/healthz?a=%0B"])
def test_deceiving_address_is_refused(address):
    assert Client().get(address).status_code == 400


def test_problem_for_a_program():
    answer = Client().get("/api/v1/webhooks?cursor=%00")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_others_pass():
    assert Client().get("/healthz?q=Zo%C3%AB%20%F0%9F%8E%81").status_code == 200
