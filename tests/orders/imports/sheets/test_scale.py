"""Sixty rows, or twenty thousand in `make soak`, three in a hundred bad: the rest is imported, then what was mended."""

import time

import pytest

from orders.imports.report import peak_rss_mb
from orders.models import Order
from tests.make import make_location, make_sku
from tests.orders.imports.sheets.feed import ANN, check, make_sheets, outcome, problems, row, start

pytestmark = pytest.mark.django_db

# The title that each kind of fault is put to.
FAULTS = [
    ("Menge", {"pieces": "two"}),
    ("Einzelpreis", {"price": "9,5,0"}),
    ("Datum", {"day": "31.13.2026"}),
    ("Land", {"who": ANN.replace("DE", "Atlantis")}),
    ("E-Mail", {"who": ANN.replace("@", " at ")}),
]
EVERY = 33


def lines(count, *, mended=False):
    """Yield rows of orders of two lines, and of one SKU of ten; each 33rd has a fault, unless they are mended."""
    for n in range(count):
        fault = FAULTS[n // EVERY % len(FAULTS)][1] if n % EVERY == EVERY - 2 and not mended else {}
        yield row(f"A{n // 2}", f"SKU{n % 10}", **fault)


def test_three_in_a_hundred_bad_cells(sized, capsys):
    count = sized(60, 20_000)
    place = make_location()
    for n in range(10):
        make_sku(count, place, code=f"SKU{n}")
    sheets = make_sheets()
    begun, used, memory = time.monotonic(), time.process_time(), peak_rss_mb()
    faults = [n for n in range(count) if n % EVERY == EVERY - 2]
    done = start(check(sheets, *lines(count)))
    first = time.monotonic() - begun
    bad_orders = len({n // 2 for n in faults})
    assert outcome(done) == (count // 2 - bad_orders, 0, 0, bad_orders, bad_orders * 2)
    found = problems(done)
    for n in faults:
        title, _ = FAULTS[n // EVERY % len(FAULTS)]
        assert found[n + 2].get(title), (n, found[n + 2])
    again = start(check(sheets, *lines(count, mended=True)))
    assert outcome(again) == (bad_orders, 0, count // 2 - bad_orders, 0, 0)
    assert Order.objects.count() == count // 2
    with capsys.disabled():
        if count > 60:
            both = time.monotonic() - begun
            used = time.process_time() - used
            print(f"\n{count} rows: {first:.0f} s, both files {both:.0f} s ({used:.0f} of a CPU)", end=", ")
            print(f"peak {memory} to {peak_rss_mb()} MB")
