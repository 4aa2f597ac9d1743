import pytest

from oms.management.bench import bench_import
from oms.management.bench.measure import Bench


@pytest.mark.django_db
def test_the_bench_of_imports_measures_a_sound_import():
    bench = Bench("import")
    bench_import.run(bench, scale=0.01)
    figures = bench.figures
    assert (figures["orders"], figures["second_run_orders"]) == (45, 0)
    assert (figures["orders_differing"], figures["net_difference"]) == (0, 0)
    assert figures["vouchers"] > 0
    assert figures["bulk_insert_rows_per_s"] > 0
