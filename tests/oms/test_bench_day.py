"""A day in the warehouse at its smallest."""

import pytest
from django.db import connection

from oms.management.bench import bench_day
from oms.management.bench.measure import Bench


@pytest.mark.skipif(connection.vendor != "sqlite", reason="One database is enough to see that it runs.")
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_day():
    report = Bench("test")
    bench_day.run(report, orders=6, pickers=2, seed=1, worker="here")
    figures = report.figures
    print(report.as_text())
    assert (figures["orders"], figures["delivered"] + figures["cancelled"]) == (6, 6)
