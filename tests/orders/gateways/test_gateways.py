"""What every gateway must do, and what the test gateway's tokens mean."""

from decimal import Decimal

import pytest
from django.conf import settings

from oms.lib.plugins import load
from orders.gateways.base import GatewayError, Movement
from orders.models import SandboxMovement

pytestmark = pytest.mark.django_db

STEPS = ["authorise", "capture", "void", "refund"]


def movement(key="1", **fields):
    return Movement(**{"key": key, "amount": Decimal("9.50"), "currency": "EUR", "order_number": "100001"} | fields)


@pytest.mark.parametrize("alias", settings.GATEWAYS)
def test_every_gateway_answers_the_same_key_with_the_same_receipt(alias):
    gateway = load(settings.GATEWAYS, alias)
    for step in STEPS:
        wanted = movement(key=step, token="ok", reference="" if step == "authorise" else "sandbox-ok-1")
        assert getattr(gateway, step)(wanted) == getattr(gateway, step)(wanted)


@pytest.mark.parametrize("alias", settings.GATEWAYS)
def test_every_gateway_tells_its_movements_apart(alias):
    gateway = load(settings.GATEWAYS, alias)
    receipts = {gateway.refund(movement(key=key, reference="sandbox-ok-1")).movement for key in "123"}
    assert len(receipts) == 3


def test_only_people_move_money_by_hand():
    assert load(settings.GATEWAYS, "manual").is_immediate
    assert not load(settings.GATEWAYS, "test").is_immediate


@pytest.mark.parametrize("step", STEPS)
def test_a_declined_step_is_final(step):
    gateway = load(settings.GATEWAYS, "test")
    token = "declined" if step == "authorise" else f"{step}_declined"
    for _ in range(2):
        with pytest.raises(GatewayError) as error:
            getattr(gateway, step)(movement(token=token, reference=f"sandbox-{token}-1"))
        assert error.value.retry is False


@pytest.mark.parametrize("step", STEPS)
def test_a_timed_out_step_was_done_and_says_so_when_asked_again(step):
    gateway = load(settings.GATEWAYS, "test")
    token = "timeout" if step == "authorise" else f"{step}_timeout"
    wanted = movement(token=token, reference="" if step == "authorise" else f"sandbox-{token}-9")
    with pytest.raises(GatewayError) as error:
        getattr(gateway, step)(wanted)
    assert error.value.retry is True
    assert getattr(gateway, step)(wanted).movement == "sandbox-1"
    row = SandboxMovement.objects.get()
    assert (row.operation, row.amount, row.calls) == (step, Decimal("9.50"), 2)


def test_an_authorisation_hands_its_token_on():
    gateway = load(settings.GATEWAYS, "test")
    reference = gateway.authorise(movement(token="refund_declined")).reference
    assert gateway.capture(movement(key="2", reference=reference))
    with pytest.raises(GatewayError, match="refund was declined"):
        gateway.refund(movement(key="3", reference=reference))


def test_a_reference_from_elsewhere_is_fine():
    assert load(settings.GATEWAYS, "test").capture(movement(reference="pi_12-34-56-78")).reference == "pi_12-34-56-78"
