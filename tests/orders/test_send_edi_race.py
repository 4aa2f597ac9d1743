"""Files for one partner, and one file of his, by several processes at once, on either database."""

import time

import pytest

from orders.models import ChannelDocument, EdiDocument, EdiInterchange, EdiPartner
from orders.services.send_edi import send
from orders.services.take_up_files import take_up
from tests.orders.channels.edi.make import po, x12
from tests.orders.channels.edi.partner import folder, leave, make_partner
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PROCESSES = 8
TIMES = 20
SEGMENTS = [["AK1", "PO", "1"], ["AK9", "A", "1", "1", "1"]]


def test_numbers_have_no_gap_and_a_key_has_one_number():
    partner = make_partner()

    def write(number):
        return send(partner, EdiDocument.Kind.ACKNOWLEDGEMENT, f"k{number // 2}", SEGMENTS).number

    assert sorted(set(race(write, PROCESSES))) == [1, 2, 3, 4]
    assert list(partner.sent.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert EdiPartner.objects.get().next_number == 5


def test_a_file_that_two_workers_find_is_taken_once():
    partner = make_partner()
    leave(partner, "a.edi", x12(po("1", ("MUG", 1, "1"))))
    race(lambda number: take_up(partner.connection_id), 3)
    assert (ChannelDocument.objects.count(), EdiInterchange.objects.count()) == (1, 1)
    assert [path.name for path in folder(partner, "done").iterdir()] == ["a.edi"]
    assert EdiPartner.objects.get().error == ""


def test_control_without_the_lock_two_take_one_number():
    """The same race, the number read and counted up as a form would: it is real."""
    make_partner()

    def count_up(number):
        for _ in range(TIMES):
            taken = EdiPartner.objects.get().next_number
            time.sleep(0.01)  # as long as the others look
            EdiPartner.objects.update(next_number=taken + 1)

    race(count_up, PROCESSES)
    assert EdiPartner.objects.get().next_number < PROCESSES * TIMES + 1
    EdiPartner.objects.update(next_number=1)
