"""The benches of cartons and containers take their files, and say which column, row or line they cannot read."""

import gzip

import pytest
from django.core.management import CommandError

from oms.management.bench import bench_cartons, bench_containers
from oms.management.bench.measure import Bench

BOXES = """name,outer_width,outer_length,outer_depth,empty_weight_g,inner_width,inner_length,inner_depth,max_weight_g
small,110,110,110,50,100,100,100,1000
large,210,110,110,90,200,100,100,2000
"""
ITEMS = """order,qty,width_mm,length_mm,depth_mm,weight_g
one,2,100,50,90,100
two,3,80,80,80,100
tall,1,90,90,200,100
never,1,300,10,10,1
"""
EXPECTED = "order,boxes_keepflat,boxes_3d\none,1,1\ntwo,3,2\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "the_items.csv.gz").write_bytes(gzip.compress(ITEMS.encode()))
    (tmp_path / "the_expected.csv").write_text(EXPECTED)
    (tmp_path / "boxes.csv").write_text(BOXES)
    return {"items": str(tmp_path / "the_items.csv.gz"), "boxes": str(tmp_path / "boxes.csv")}


def measured(**options):
    report = Bench("test")
    bench_cartons.run(report, **options)
    return report


def test_orders_are_packed_checked_and_held_against_others(files):
    report = measured(**files)
    assert [(row["name"], row["value"], row.get("reference")) for row in report.instances] == [
        ("one", 1, 1),
        ("two", 2, 2),
        ("tall", 1, None),
    ]
    figures = report.figures
    assert (figures["boxes"], figures["unpackable"], figures["faulty_orders"]) == (4, 1, 0)
    assert figures["bound_boxes"] <= figures["boxes"] <= figures["first_fit_boxes"]
    assert figures["up_to_12_cpu_ms_p95"] > 0


def test_pieces_are_kept_flat_on_request(files):
    report = measured(**files, keep_flat=True)
    assert report.figures["unpackable"] == 2
    assert [row.get("reference") for row in report.instances] == [1, 3]


def test_a_part_of_the_orders_is_enough_for_a_look(files):
    assert measured(**files, scale=0.5).figures["orders"] == 2


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [("items", "order,qty\n1,1\n", "no column width_mm"), ("items", ITEMS + "x,1,0,1,1,1\n", "row 6: A piece")],
)
def test_what_cannot_be_read_is_named(files, tmp_path, name, text, why):
    path = tmp_path / "other.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match=why):
        measured(**files | {name: str(path)})


THPACK = """ 2
 1 2502505
 100 60 40
 2
 1 50 0 30 0 20 1 9
 2 40 1 30 1 20 1 3
 2
 100 60 40
 1
 1 100 0 60 0 40 1 1
"""


def loaded(tmp_path, text=THPACK, **options):
    path = tmp_path / "orlib_tiny.txt"
    path.write_text(text)
    report = Bench("test")
    bench_containers.run(report, file=str(path), seconds=0.02, **options)
    return report


def test_containers_are_filled_beside_the_best_known(tmp_path):
    (tmp_path / "best_known_tiny.csv").write_text("problem,best_known_utilisation_pct\n1,100\n2,100\n")
    report = loaded(tmp_path)
    assert [(row["value"], row["reference"]) for row in report.instances] == [(100.0, 100.0), (100.0, 100.0)]
    assert (report.figures["faulty"], report.figures["best_known_percent"]) == (0, 100.0)
    assert loaded(tmp_path, instances=1).figures["instances"] == 1


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"line 2: no problem"):
        loaded(tmp_path, "2\nhello\n")
