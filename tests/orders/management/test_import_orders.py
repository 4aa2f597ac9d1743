import gzip
import json
import lzma
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from orders.models import AccountEntry, AccountLine, Order, OrderLine, Payment, SearchKey
from tests.orders.imports.uci_files import uci_row, write_uci

pytestmark = pytest.mark.django_db


def imported(capsys, path, *args):
    """Run the command with --json; returns what it printed."""
    call_command("import_orders", path, "--channel", "uci", "--format", "uci", "--json", *args)
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(("pack", "name"), [(bytes, "a.csv"), (gzip.compress, "a.csv.gz"), (lzma.compress, "a.csv.xz")])
def test_files_are_read_packed_or_not(tmp_path, capsys, pack, name):
    plain = write_uci(tmp_path, uci_row("1"))
    path = tmp_path / name
    path.write_bytes(pack(plain.read_bytes()))
    told = imported(capsys, path)
    assert (told["orders_created"], told["lines"], told["net"], told["refused"]) == (1, 1, 15.3, [])


def test_a_dry_run_says_so_and_writes_nothing(tmp_path, capsys):
    told = imported(capsys, write_uci(tmp_path, uci_row("1")), "--dry-run")
    assert (told["orders_created"], told["dry_run"], Order.objects.count()) == (1, True, 0)


def test_people_read_a_table(tmp_path, capsys):
    path = write_uci(tmp_path, uci_row("1"), uci_row("2", quantity="six"))
    call_command("import_orders", path, "--channel", "uci", "--format", "uci")
    text = capsys.readouterr().out
    assert "1 orders created" in text
    assert "Not taken: row 3, order 2, quantity: 'six' is no whole number of pieces." in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "missing.csv cannot be read: No such file"),
        (b"", "lacks the column invoiceno"),
        (b"a,b\n1,2\n", "lacks the column invoiceno"),
    ],
)
def test_a_file_that_is_none_stops_it_with_a_sentence(tmp_path, content, words):
    path = tmp_path / "missing.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("import_orders", path, "--channel", "uci", "--format", "uci")
    assert not Order.objects.exists()


def rows_of(orders):
    return [
        row
        for number in range(orders)
        for row in (
            uci_row(f"{number}", "85123A", 6, customer=f"{number % 7}"),
            uci_row(f"{number}", "21730", 2, customer=f"{number % 7}"),
            uci_row(f"C{number}", "85123A", -3, customer=f"{number % 7}", at="2011-01-05 10:00:00"),
        )
    ]


@pytest.mark.django_db(transaction=True)
def test_killed_halfway_and_run_again_is_as_if_never_killed(tmp_path, capsys, sized):
    orders = sized(90, 240)
    path = write_uci(tmp_path, *rows_of(orders))
    assert killed_at(path, Order, 20), "it had ended before"
    assert 0 < Order.objects.count() < orders
    assert killed_at(path, AccountEntry, 20), "it had ended before"
    assert 0 < AccountEntry.objects.count() < orders
    assert all(order.lines.count() == 2 for order in Order.objects.prefetch_related("lines"))
    again = imported(capsys, path)
    assert again["orders_created"] + again["orders_existing"] == orders
    assert again["orders_differing"] == 0
    result = everything()
    with connection.cursor() as cursor:
        empty(cursor)
    assert imported(capsys, path)["orders_created"] == orders
    assert everything() == result


def killed_at(path, model, least):
    """Start the command, kill it with SIGKILL when it has `least` rows; say whether it was still at work."""
    database = settings.DATABASES["default"]
    url = f"sqlite:///{connection.settings_dict['NAME']}"
    if connection.vendor == "postgresql":
        url = "postgres://{USER}@{HOST}:{PORT}/{NAME}".format(**database | {"NAME": connection.settings_dict["NAME"]})
    command = [
        sys.executable,
        "manage.py",
        "import_orders",
        path,
        "--channel",
        "uci",
        "--format",
        "uci",
        "--batch",
        "5",
    ]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_URL": url, "DEBUG": "1"}, stdout=subprocess.DEVNULL
    )
    while process.poll() is None and model.objects.count() < least:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def everything():
    """Return what an import leaves, without ids."""
    lines = OrderLine.objects.order_by("order__external_id", "position")
    return (
        list(lines.values_list("order__external_id", "position", "sku_code", "net", "returned", "order__return_state")),
        list(
            AccountLine.objects.order_by("entry__external_id", "pk").values_list("entry__external_id", "effect", "net")
        ),
        sorted(Payment.objects.values_list("order__external_id", "captured", "refunded")),
        SearchKey.objects.exclude(kind="number").count(),
    )


def empty(cursor):
    tables = [name for name in connection.introspection.table_names() if name.startswith(("orders_", "outbox_"))]
    if connection.vendor == "postgresql":
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        return
    cursor.execute("PRAGMA foreign_keys = OFF")
    for name in tables:
        cursor.execute(f"DELETE FROM {name}")
    cursor.execute("PRAGMA foreign_keys = ON")
