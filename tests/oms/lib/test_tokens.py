from datetime import UTC, datetime, timedelta

import pytest

from oms.lib.tokens import DeadLink, read, sign

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.mark.parametrize("value", [7, "order:7"])
def test_value_comes_back(value):
    assert read("customer", sign("customer", value, expires=TOMORROW)) == value


def test_is_fit_for_an_address_and_differs():
    one, two = (sign("customer", n, expires=TOMORROW) for n in (7, 8))
    assert one != two
    assert all(letter.isalnum() or letter in "-_:" for letter in one)


def test_altered_one_is_dead():
    token = sign("customer", 7, expires=TOMORROW)
    for broken in (token[:-1], "x" + token, token.replace(":", ""), "", token.swapcase()):
        with pytest.raises(DeadLink, match="not valid"):
            read("customer", broken)


def test_one_for_another_purpose_is_dead():
    with pytest.raises(DeadLink):
        read("staff", sign("customer", 7, expires=TOMORROW))


def test_ends(time_machine):
    token = sign("customer", 7, expires=TOMORROW)
    time_machine.move_to(TOMORROW)
    with pytest.raises(DeadLink, match="has ended"):
        read("customer", token)


def test_other_secret_key_reads_nothing(settings):
    token = sign("customer", 7, expires=TOMORROW)
    settings.SECRET_KEY = "another"
    with pytest.raises(DeadLink):
        read("customer", token)
