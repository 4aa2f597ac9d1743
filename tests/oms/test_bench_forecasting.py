"""The bench of forecasts takes each kind of file, and measures what it says."""

import json

import numpy as np
import pytest
from django.core.management import CommandError

from oms.management.bench import bench_forecasting, series
from oms.management.bench.measure import Bench
from oms.management.commands.bench import Command


def measured(path, **options):
    bench = Bench("forecasting")
    bench_forecasting.run(bench, scale=0.0001, file=str(path), **options)
    return bench


def sparse(tmp_path, rows=80, periods=48):
    """Write slow demand, a series a row, and return the file."""
    demand = np.random.default_rng(3).poisson(0.6, (rows, periods))
    path = tmp_path / "sparse.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in demand))
    return path


def test_a_csv_of_slow_demand_is_forecast_and_reordered(tmp_path):
    bench = measured(sparse(tmp_path))
    figures = bench.figures
    assert (figures["series"], figures["periods"], figures["horizon"]) == (80, 42, 6)
    assert figures["ensemble_rmsse"] < figures["seasonal_naive_rmsse"]
    assert figures["pooled_service"] == pytest.approx(0.95, abs=0.03)
    assert figures["poisson_pieces"] > 0
    assert figures["skus"] == 100
    assert {"name", "value", "reference", "ms"} == set(bench.instances[0])


def test_json_lines_bring_their_season_and_what_was_held_out(tmp_path):
    wave = [round(100 + 50 * np.sin(2 * np.pi * month / 12), 3) for month in range(60)]
    path = tmp_path / "waves.jsonl"
    path.write_text(json.dumps({"id": "w", "period": "MONTHLY", "x": wave[:48], "xx": wave[48:]}) + "\n")
    figures = measured(path).figures
    assert (figures["season"], figures["horizon"], figures["periods"]) == (12, 12, 48)
    assert figures["ensemble_smape"] < 3 < figures["ses_smape"]
    assert "pooled_service" not in figures, "halves of pieces are not reordered"


def test_series_are_read_as_rows_or_as_columns_under_times(tmp_path):
    rows, columns, named = (tmp_path / f"{name}.csv" for name in ("rows", "columns", "named"))
    rows.write_text("1,2,3\n4,,6\n")
    columns.write_text("month,p1,p2\n2024-01,1,4\n2024-02,2,NA\n2024-03,3,6\n")
    named.write_text("sku,w1,w2,w3\nHEART,1,2,3\nLAMP,4,,6\n")
    for path in (rows, columns, named):
        assert np.array_equal(series.read(path).demand, [[1, 2, 3], [4, np.nan, 6]], equal_nan=True), path


def test_a_file_that_is_none_of_series_is_refused(tmp_path):
    odd = tmp_path / "odd.csv"
    odd.write_text("1,2,3\n4,five,6\n")
    with pytest.raises(CommandError, match="five"):
        series.read(odd)
    odd.write_text("")
    with pytest.raises(CommandError, match="empty"):
        series.read(odd)
    with pytest.raises(CommandError, match="cannot be read"):
        series.read(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="--horizon 48"):
        measured(sparse(tmp_path), horizon=48)


def test_the_command_passes_the_file_and_the_options_on():
    parser = Command().create_parser("manage.py", "bench")
    given = parser.parse_args(["forecasting", "demand.csv", "--json", "--lead-time", "4", "--season", "7"])
    wanted = {"file": "demand.csv", "lead_time": 4, "season": 7, "origins": 13, "horizon": None, "service": 0.95}
    assert {option: getattr(given, option) for option in bench_forecasting.OPTIONS} == wanted
