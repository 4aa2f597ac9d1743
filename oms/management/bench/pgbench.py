"""PostgreSQL's own bench running the very statements that placing an order sent: the bound of what Django can do."""

import re
import shutil
import subprocess
import tempfile
from glob import glob
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Ids that no other number in the statements looks like.
FIRST_ID = {"orders_order": 700_000_001, "orders_orderline": 710_000_001, "outbox_event": 720_000_001}


def capture(place, external_id):
    """Return (the statements of `place()`, with its own ids made distinct, the order's id)."""
    with connection.cursor() as cursor:
        for table, first in FIRST_ID.items():
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, first])
    with CaptureQueriesContext(connection) as queries:
        place(external_id)
    return [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]


def script(statements, *, external_id, email, numbers, first_sku, skus):
    """Return `statements` as a pgbench script of one transaction, over random SKUs, each run another order.

    It is one of a thousand customers', as ours are: clients that all write the same one would wait for each other.
    """
    third = skus // 3
    lines = [f"\\set s{i} random({first_sku + i * third}, {first_sku + (i + 1) * third - 1})" for i in range(3)]
    lines += ["\\set r random(1, 1000000000000)", "\\set who random(0, 999)", "BEGIN;"]
    for statement in statements:
        sql = " ".join(statement.split()).replace(external_id, "x:client_id.:r").replace(email, "ann:who@example.com")
        for i, number in enumerate(numbers):
            sql = sql.replace(str(first_sku + number), f":s{i}")
        # A colon before a variable would read as a cast.
        sql = sql.replace(f"order:{FIRST_ID['orders_order']}", "order-:order_id")
        sql = sql.replace(str(FIRST_ID["orders_order"]), ":order_id")
        sql = re.sub(r"71000000(\d)", r":line\1", sql).replace(str(FIRST_ID["outbox_event"]), ":event_id")
        lines.append(_returning(sql))
    return "\n".join([*lines, "COMMIT;", ""])


def run(text, *, clients, seconds):
    """Return the transactions a second of `clients` that run the script `text` for so many seconds."""
    settings = connection.settings_dict
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "order.sql")
        path.write_text(text)
        command = [_binary(), "-n", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", str(path)]
        command += ["-h", settings["HOST"] or "127.0.0.1", "-p", str(settings["PORT"] or 5432), "-U", settings["USER"]]
        environment = {"PGPASSWORD": settings["PASSWORD"], "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            [*command, settings["NAME"]], capture_output=True, text=True, env=environment, check=False
        )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found:
        raise RuntimeError(f"pgbench failed: {done.stderr[-500:]}")
    return float(found[1])


def _returning(sql):
    """Keep the ids that an insert returns: of one row by name, of three lines as line1 to line3."""
    if sql.startswith('INSERT INTO "orders_orderline"'):
        names = ", ".join(f"(array_agg(id ORDER BY id))[{i}] AS line{i}" for i in (1, 2, 3))
        return f"WITH done AS ({sql}) SELECT {names} FROM done \\gset"
    for table, name in (("orders_order", "order_id"), ("outbox_event", "event_id")):
        if sql.startswith(f'INSERT INTO "{table}" '):
            return f"WITH done AS ({sql}) SELECT id AS {name} FROM done \\gset"
    return sql + ";"


def _binary():
    found = shutil.which("pgbench") or next(iter(sorted(glob("/usr/lib/postgresql/*/bin/pgbench"))), None)
    if not found:
        raise RuntimeError("pgbench is missing: install Debian's postgresql.")
    return found
