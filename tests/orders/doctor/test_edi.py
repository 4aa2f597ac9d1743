import pytest
from django.db import transaction

from oms.outbox.models import Delivery
from orders.models import EdiDocument, EdiInterchange, EdiPartner
from tests.make import make_sku
from tests.orders.channels.edi.make import po, x12
from tests.orders.channels.edi.partner import leave, make_partner, take_up
from tests.orders.doctor.test_orders import violations

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def lose_a_file():
    EdiDocument.objects.filter(number=1).delete()


def jump():
    EdiPartner.objects.filter(their_id="BUYER").update(next_number=9)


def forget_a_file():
    EdiDocument.objects.filter(number=1).update(written_at=None)
    Delivery.objects.filter(consumer="orders.tasks.write_edi").delete()


def give_to_another():
    EdiDocument.objects.filter(kind="855").update(partner=make_partner(their_id="OTHER"), number=1)
    EdiPartner.objects.filter(their_id="OTHER").update(next_number=2)


def mix_up():
    EdiInterchange.objects.update(partner=make_partner())


CASES = [(12, lose_a_file), (12, jump), (14, forget_a_file), (16, give_to_another), (16, mix_up)]


def test_corruption_is_named():
    partner = make_partner()
    make_sku(20, code="MUG")
    leave(partner, "a.edi", x12(po("4711", ("MUG", 2, "9.50"))))
    take_up(partner)
    for number, corrupt in CASES:
        assert violations(number) == []
        point = transaction.savepoint()
        corrupt()
        assert violations(number), corrupt
        transaction.savepoint_rollback(point)
