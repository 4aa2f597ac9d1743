"""A day in the warehouse at its smallest: all that goes wrong on the way goes wrong once."""

import pytest
from django.db import connection

from oms.management.bench import bench_day
from oms.management.bench.device import Page
from oms.management.bench.measure import Bench


@pytest.mark.skipif(connection.vendor != "sqlite", reason="One database is enough to see that it runs.")
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_day(capsys):
    report = Bench("test")
    bench_day.run(report, orders=6, pickers=2, seed=1, worker="here")
    assert not capsys.readouterr().out, "what is printed is one JSON object"
    figures = report.figures
    assert (figures["orders"], figures["delivered"], figures["closed"], figures["cancelled"]) == (6, 5, 5, 1)
    assert (figures["short_picks"], figures["wrong_scans_refused"], figures["cancelled_while_picked"]) == (1, 2, 1)
    assert figures["picks_without_connection"] > 0
    assert figures["pieces_picked"] == figures["pieces_delivered"] > 0
    assert 0 < figures["metres"] <= figures["naive_metres"]
    assert 0 < figures["postage_eur"] <= figures["first_fit_standard_postage_eur"]
    assert figures["doctor_violations"] == 0


@pytest.mark.parametrize(
    "listed", ["<ol><li>MUG</li><li>MUG</li><li>TEA</li></ol>", "<ul><li>2 × MUG</li><li>1 × TEA</li></ul>"]
)
def test_packers_read_what_goes_into_the_first_parcel_piece_by_piece_or_counted(listed):
    page = Page("/", f"<b class='warn'>2 parcels</b>: this is the first, its pieces stand here {listed}")
    assert page.first_box == {"MUG": 2, "TEA": 1}
