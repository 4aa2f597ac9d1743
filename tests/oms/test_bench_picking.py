"""The benches of walking and batching take each kind of file, and measure what it says."""

import gzip
import json

import pytest
from django.core.management import CommandError

from oms.management.bench import bench_batching, bench_routing
from oms.management.bench.measure import Bench

HEAD = """NAME : tiny
NUM_AISLES : 2
NUM_CELLS : 4
DEPOT_AISLE : 0
DEPOT_LOCATION : bottom
DISTANCE_AISLE_TO_AISLE : 3
DISTANCE_TOP_TO_CELL : 1
PICKER_CAPACITY : 2
"""
PLAIN = HEAD + "ID 0 AISLE 0 CELL 3 QUANTITY 1\nID 1 AISLE 1 CELL 2 QUANTITY 1\n"
SCATTERED = PLAIN + "ID 1 AISLE 0 CELL 2 QUANTITY 1\nORDER_SECTION\nID 0 QUANTITY 1\nID 1 QUANTITY 1\n"
BATCHES = PLAIN + "ORDER_SECTION\n" + "NUM_ARTICLES_IN_ORDER : 1\nID 0 QUANTITY 1\n" * 3
FOODMART = """//NbLocations
2
//K: NbBoxesTrolley
2
//Idx Location Volume
1 1 1
2 2 1
//Idx M NbProdInOrder ProdIdx1 Qty1 ProdIdx2 Qty2 ...
1 1 1 1 1
2 1 1 2 1
//Graph
//DepartingDepot
0
//ArrivalDepot
3
//LocStart LocEnd ShortestPath
0 1 1
0 2 5
0 3 9
1 2 1
1 3 5
2 1 5
2 3 1
//Vertices
"""


def measured(bench, **options):
    report = Bench("test")
    bench.run(report, scale=0.02, **options)
    return report


def test_published_walks_are_held_against_their_optima(tmp_path):
    rows = [
        {"name": "plain", "text": PLAIN, "optimum_single_block": 12.0, "optimum_two_block": 12.0},
        {"name": "scattered", "text": SCATTERED, "optimum_single_block": 4.0, "optimum_two_block": None},
    ]
    path = tmp_path / "walks.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    report = measured(bench_routing, file=str(path))
    assert [row["value"] for row in report.instances] == [12.0, 12.0, 4.0]
    assert (report.figures["plain_optimal"], report.figures["scattered_optimal"]) == (2, 1)
    assert report.figures["below_optimum"] == 0
    assert report.figures["1_block_30_picks_s_shape_gap_percent"] > 0


def test_random_orders_share_walks():
    figures = measured(bench_batching, orders=1000, seconds=5).figures
    assert figures["orders"] == 20
    assert figures["uniform_annealed_m"] <= figures["uniform_savings_m"] < figures["uniform_first_come_m"]
    assert figures["class_based_saved_percent"] > 0


def test_batches_of_a_file_in_aisles(tmp_path):
    path = tmp_path / "batches.txt"
    path.write_text(BATCHES)
    figures = measured(bench_batching, file=str(path)).figures
    assert (figures["file_walks"], figures["file_annealed_m"]) == (2, 4.0)


def test_batches_of_a_file_by_a_table(tmp_path):
    path = tmp_path / "foodmart.txt"
    path.write_text(FOODMART)
    assert measured(bench_batching, file=str(path)).figures["file_annealed_m"] == 3.0


@pytest.mark.parametrize(("text", "why"), [(None, "No such file"), ("1;2;3", "neither")])
def test_what_is_no_instance_is_refused(tmp_path, text, why):
    path = tmp_path / "some.txt"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CommandError, match=why):
        measured(bench_batching, file=str(path))
