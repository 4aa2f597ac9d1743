from decimal import Decimal

import pytest

from orders.models import Order, OrderLine
from tests.orders.imports.uci_files import import_uci, uci_row, write_uci

pytestmark = pytest.mark.django_db


def test_everything_taken_is_read_back_from_the_database(tmp_path):
    rows = [
        uci_row("1", quantity=2, price="1.111"),
        uci_row("1", "POST", 1, price="18"),
        uci_row("C2", quantity=-1, price="1.111", at="2011-01-05 10:00:00"),
        uci_row("C2", "D", -1, price="3", at="2011-01-05 10:00:00"),
        uci_row("A3", "B", 1, price="-100"),
        uci_row("4", quantity=-5, price="0", customer=""),
    ]
    report, _ = import_uci(write_uci(tmp_path, *rows))
    assert {name: (kind.rows, kind.taken_rows, kind.taken_net) for name, kind in report.kinds.items()} == {
        "adjustment": (1, 1, -100),
        "charges": (1, 1, 18),
        "credited charges": (1, 1, -3),
        "credited goods": (1, 1, Decimal("-1.111")),
        "goods": (1, 1, Decimal("2.222")),
        "write-off": (1, 1, 0),
    }
    assert [kind.difference for kind in report.kinds.values()] == [0] * 6


def test_a_changed_order_shows(tmp_path):
    path = write_uci(tmp_path, uci_row("1"), uci_row("2"))
    import_uci(path)
    order = Order.objects.get(external_id="2")
    OrderLine.objects.filter(order=order).update(net=1, gross=1)
    Order.objects.filter(pk=order.pk).update(net=1, gross=1)
    report, _ = import_uci(path)
    assert report.differing == [("2", Decimal("15.30"), Decimal(1))]
    assert report.kinds["goods"].difference == Decimal("14.30")


def test_a_lost_order_shows(tmp_path):
    report, _ = import_uci(write_uci(tmp_path, uci_row("1"), uci_row("2", quantity="x")))
    assert (report.differing, report.kinds["goods"].refused_rows) == ([], 1)
