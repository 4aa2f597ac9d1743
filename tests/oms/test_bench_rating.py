"""The bench of rating takes a card and parcels of a file, and refuses what is none."""

import json

import pytest
from django.core.management import CommandError

from oms.management.bench import bench_rating
from oms.management.bench.measure import Bench
from tests.fulfilment.rating.cards import PARCEL


def measured(**options):
    report = Bench("test")
    bench_rating.run(report, scale=0.02, **options)
    return report


def test_made_parcels_cost_what_a_loop_says():
    figures = measured(seed=5).figures
    assert (figures["services"], figures["parcels"], figures["seed"]) == (30, 20, 5)
    assert (figures["compared"], figures["differing"]) == (600, 0)


def test_a_file_says_card_and_parcels(tmp_path):
    near = {"from": "US10002", "to": "US10001", "weight_g": 450, "least": "7.20"}
    parcels = [near, near | {"to": "CAM5V", "sides_mm": [300, 200, 100.5]}]
    path = tmp_path / "card.json"
    path.write_text(json.dumps({"card": PARCEL, "on": "2025-09-10", "parcels": parcels}))
    report = measured(file=str(path))
    assert [(row["name"], row["value"], row["reference"]) for row in report.instances] == [
        ("parcel 1, light", 7.2, 7.2),
        ("parcel 2, no service", None, 7.2),
    ]
    assert report.figures["differing"] == 0


@pytest.mark.parametrize("text", ["", "{}", '{"card": {}, "on": "2025-09-10", "parcels": []}', "[1]", None])
def test_what_is_no_card_is_refused(tmp_path, text):
    path = tmp_path / "card.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CommandError, match=r"card\.json"):
        measured(file=str(path))
