"""What is read quickly is what the serializer makes of it; what is doubtful the serializer decides."""

from copy import deepcopy

import pytest
from rest_framework.exceptions import ValidationError

from oms.lib.api.quick import Doubtful
from oms.lib.api.serializers import _quick
from orders.api.serializers import OrderIn
from tests.make import ADDRESS

ORDER = {
    "channel": " SHOP ",
    "external_id": "7",
    "email": "",
    "ship_to": ADDRESS,
    "lines": [{"sku": "MUG", "quantity": 2, "unit_price": "3.00", "discount": "0"}, {"sku": "CUP", "quantity": 1}],
    "payments": [{"amount": "6.5"}],
    "charges": [],
    "method": "express",
    "priority": 3,
    "ordered_at": "2026-01-02T03:04:05+02:00",
    "gross": "12.3456",
}
WRONG = [
    None,
    "",
    " ",
    "x" * 5000,
    "a\u202eb",
    "\ud800",
    "\n",
    -1,
    0,
    1,
    10**12,
    1.5,
    True,
    [],
    {},
    [1],
    "1e3",
    "-1",
    "1.23456",
]


def quick(data):
    return _quick(OrderIn)(deepcopy(data))


def slow(data):
    return OrderIn._read_slowly(deepcopy(data))


def test_a_plain_order_is_read_as_its_serializer_reads_it():
    assert quick(ORDER) == slow(ORDER)
    assert quick(ORDER)["payments"][0]["state"] == "captured"


@pytest.mark.parametrize(
    "path",
    [(name,) for name in ORDER]
    + [("lines", 0, name) for name in ("sku", "quantity", "unit_price")]
    + [("ship_to", "country"), ("payments", 0, "amount"), ("payments", 0, "state"), ("lines", 0), ("colour",)],
)
def test_it_never_takes_what_the_serializer_would_not(path):
    for wrong in WRONG:
        data = deepcopy(ORDER)
        at = data
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = wrong
        try:
            found = quick(data)
        except Doubtful:
            continue
        assert found == slow(data), (path, wrong)


@pytest.mark.parametrize("name", ["channel", "external_id", "lines"])
def test_what_is_missing_is_named_by_the_serializer(name):
    data = {key: value for key, value in ORDER.items() if key != name}
    with pytest.raises(Doubtful):
        quick(data)
    with pytest.raises(ValidationError) as error:
        OrderIn.read(data)
    assert list(error.value.detail) == [name]
