"""The checker sees each way in which a filled box can be wrong."""

from dataclasses import replace

import pytest

from fulfilment.packing.check import faults, missing
from fulfilment.packing.goods import UPRIGHT, Box, Packed, Piece, Placed

BOX = Box("B", (100, 100, 100), (104, 104, 104), weight_g=100, max_weight_g=1000)
MAILER = Box("M", (100, 80, 20), (100, 80, 20), is_mailer=True)
LOW, TALL = Piece((100, 100, 20), 200), Piece((40, 60, 80), 300, rotation=UPRIGHT)
PIECES = [LOW, TALL]
GOOD = Packed(BOX, (100, 100, 100), (Placed(0, (0, 0, 0), (100, 100, 20)), Placed(1, (0, 0, 20), (60, 40, 80))), 600)


def moved(number, **to):
    """Return GOOD with one piece elsewhere."""
    placed = list(GOOD.placed)
    placed[number] = replace(placed[number], **to)
    return replace(GOOD, placed=tuple(placed))


def test_a_good_one_has_no_faults():
    assert faults(GOOD, PIECES) == []
    assert missing([GOOD], PIECES) == []


@pytest.mark.parametrize(
    ("packed", "why"),
    [
        (moved(1, corner=(50, 0, 20)), "sticks out"),
        (moved(1, corner=(-1, 0, 20)), "sticks out"),
        (moved(1, corner=(0, 0, 19)), "overlap"),
        (moved(1, corner=(0, 0, 20), size=(80, 60, 40)), "must not lie so"),
        (moved(1, size=(60, 40, 79)), "must not lie so"),
        (moved(0, corner=(0, 0, 60)), "rests on too little"),
        (replace(GOOD, weight_g=599), "weighs 600"),
        (replace(GOOD, box=replace(BOX, max_weight_g=599)), "weighs 600 g of 599"),
        (replace(GOOD, shape=(100, 100, 120)), "not the carton's"),
        (Packed(MAILER, (90, 70, 20), (), 0), "does not close"),
    ],
)
def test_what_is_wrong_is_said(packed, why):
    assert any(why in fault for fault in faults(packed, PIECES))


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        ([replace(LOW, is_fragile=True), TALL], "lies on fragile piece 0"),
        ([replace(LOW, is_fragile=True), replace(TALL, is_fragile=True)], "lies on fragile piece 0"),
        ([replace(LOW, group="food"), replace(TALL, group="soap")], "mixed"),
        ([LOW, replace(TALL, is_alone=True)], "company"),
    ],
)
def test_what_does_not_go_together_is_said(pieces, why):
    assert any(why in fault for fault in faults(GOOD, pieces))


def test_a_light_fragile_piece_bears_a_lighter_one():
    assert (
        faults(
            replace(GOOD, weight_g=410), [replace(LOW, is_fragile=True), replace(TALL, weight_g=110, is_fragile=True)]
        )
        == []
    )


@pytest.mark.parametrize("boxes", [[], [GOOD, GOOD]])
def test_each_piece_is_in_one_box(boxes):
    assert missing(boxes, PIECES) == ["not each piece is placed once"]
