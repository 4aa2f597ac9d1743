import json
from decimal import Decimal

import pytest
from django.core.management import call_command

from orders.models import Price
from tests.make import make_channel, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def import_prices(tmp_path, capsys):
    make_sku(code="MUG")
    make_channel(code="WEB")
    make_channel(code="B2B")

    def import_prices(table, *options):
        path = tmp_path / "prices.csv"
        path.write_text(table)
        call_command("import_prices", path, "--json", *options)
        return json.loads(capsys.readouterr().out)

    return import_prices


def prices(channel="WEB"):
    rows = Price.objects.filter(channel__code=channel).order_by("valid_from", "min_qty")
    return [(row.min_qty, row.amount) for row in rows]


TABLE = 'sku,channel,amount,min_qty\nmug,web,9.50,\nMUG,WEB,8,10\nMUG,B2B,"7,9825",\n'


def test_each_channel_has_its_price_by_quantity(import_prices):
    assert import_prices(TABLE)["created"] == 3
    assert prices() == [(1, Decimal("9.5")), (10, Decimal(8))]
    assert prices("B2B") == [(1, Decimal("7.9825"))]


def test_the_same_prices_again_add_nothing(import_prices):
    import_prices(TABLE)
    assert import_prices(TABLE)["unchanged"] == 3
    assert Price.objects.count() == 3


def test_another_price_is_added_and_the_old_one_stays(import_prices):
    import_prices(TABLE)
    report = import_prices("sku,channel,amount\nMUG,WEB,10.00\n")
    assert (report["created"], report["changed"]) == (1, 0)
    assert prices() == [(1, Decimal("9.5")), (10, Decimal(8)), (1, Decimal(10))]


def test_a_price_of_the_same_day_is_changed(import_prices):
    import_prices("sku,channel,amount,valid_from\nMUG,WEB,9,2031-01-01\n")
    assert import_prices("sku,channel,amount,valid_from\nMUG,WEB,8,2031-01-01\n")["changed"] == 1
    assert prices() == [(1, Decimal(8))]


def test_a_price_to_come_is_not_taken_for_the_one_that_holds(import_prices):
    import_prices("sku,channel,amount,valid_from\nMUG,WEB,9,2031-01-01\n")
    assert import_prices("sku,channel,amount\nMUG,WEB,9\n")["created"] == 1


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("NONE,WEB,1,,", "sku: there is no SKU NONE; import it first."),
        ("MUG,NONE,1,,", "channel: there is no channel NONE."),
        ("MUG,WEB,,,", "amount: is empty."),
        ("MUG,WEB,-1,,", "amount: '-1' is not an amount with at most 4 decimals."),
        ("MUG,WEB,1.00001,,", "amount: '1.00001' is not an amount with at most 4 decimals."),
        ("MUG,WEB,NaN,,", "amount: 'NaN' is not an amount with at most 4 decimals."),
        ("MUG,WEB,1,0,", "min_qty: from 1 piece on."),
        ("MUG,WEB,1,,1.2.2030", "valid_from: write a day as YYYY-MM-DD, not '1.2.2030'."),
        ("MUG,B2B,2,,", "sku: the same price stands in line 2 too."),
    ],
)
def test_a_bad_row_says_why_and_the_others_are_taken(import_prices, cells, why):
    report = import_prices(f"sku,channel,amount,min_qty,valid_from\nMUG,B2B,1,,\n{cells}\n")
    assert report["refused"] == [{"line": 3, "why": why}]
    assert report["created"] == 1
