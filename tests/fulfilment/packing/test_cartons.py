"""Pieces into cartons: as few as do, the cheapest of these, and never in a way that the checker refuses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfilment.packing import naive
from fulfilment.packing.bounds import fewest, may_hold
from fulfilment.packing.cartons import NoBox, one_box, pack
from fulfilment.packing.check import faults, missing
from fulfilment.packing.goods import FREE, UPRIGHT, Box, Piece, roomiest, shapes
from fulfilment.packing.place import CORNER, Room

SMALL = Box("S", (100, 100, 100), (106, 106, 106), weight_g=50, max_weight_g=2000, price=20)
LARGE = Box("L", (300, 200, 200), (306, 206, 206), weight_g=200, max_weight_g=20_000, price=60)
LONG = Box("LONG", (900, 80, 80), (906, 86, 86), weight_g=150, max_weight_g=5000, price=90)
MAILER = Box("M", (250, 180, 40), (260, 190, 40), weight_g=20, max_weight_g=1000, price=10, is_mailer=True)
BOXES = [LARGE, SMALL, LONG]

side = st.integers(5, 150)
kinds = st.builds(
    Piece,
    sides=st.tuples(side, side, side),
    weight_g=st.integers(0, 1500),
    rotation=st.sampled_from([FREE, UPRIGHT, 0b1, 0b110000]),
    is_fragile=st.booleans(),
    group=st.sampled_from(["", "", "food", "soap"]),
    is_alone=st.sampled_from([False, False, False, True]),
)


def codes(found):
    return sorted(one.box.code for one in found)


def proven(found, pieces):
    assert missing(found, pieces) == []
    assert [fault for one in found for fault in faults(one, pieces)] == []
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(kinds, min_size=1, max_size=12), st.booleans())
def test_whatever_is_packed_passes_the_checker(pieces, has_mailer):
    boxes = [*BOXES, MAILER] if has_mailer else BOXES
    fitting = [piece for piece in pieces if any(one_box([piece], box) for box in boxes)]
    if len(fitting) < len(pieces):
        with pytest.raises(NoBox):
            pack(pieces, boxes)
    found = proven(pack(fitting, boxes, effort=300), fitting)
    assert len(found) >= (fewest(fitting, boxes) if fitting else 0)


def test_a_fragile_piece_does_not_go_under_what_juts_out():
    room = Room((100, 100, 100), 10_000)
    as_is = {"weight_g": 100, "rotation": 0b1}
    put = [
        room.add(number, piece, rule=CORNER, least=(1, 1, 1))
        for number, piece in enumerate(
            [
                Piece((40, 100, 50), **as_is),
                Piece((100, 100, 40), **as_is),
                Piece((30, 30, 30), is_fragile=True, **as_is),
                Piece((30, 30, 30), **as_is),
            ]
        )
    ]
    assert put == [True, True, False, True]


def test_the_same_question_has_the_same_answer():
    pieces = [Piece((30 + 7 * i, 40 + 5 * i, 20 + 11 * i), 100) for i in range(9)] * 2
    assert pack(pieces, BOXES, seed=7) == pack(pieces, BOXES, seed=7)


def test_the_cheapest_carton_that_holds_all():
    found = proven(pack([Piece((50, 50, 50), 100)] * 8, BOXES), [Piece((50, 50, 50), 100)] * 8)
    assert (codes(found), found[0].weight_g, found[0].outer) == (["S"], 850, (106, 106, 106))


def test_landed_cost_decides_where_it_is_given():
    pieces = [Piece((50, 50, 50), 100)]
    found = pack(pieces, BOXES, price=lambda box, grams: grams if box is LARGE else 10_000)
    assert codes(found) == ["L"]


def test_fewer_boxes_come_before_cheaper_ones():
    pieces = [Piece((100, 100, 100), 10)] * 3
    assert codes(pack(pieces, [SMALL, LARGE])) == ["L"]


def test_several_boxes_of_different_kinds_together():
    pieces = [Piece((800, 60, 60), 500), Piece((90, 90, 90), 300)]
    assert codes(proven(pack(pieces, BOXES), pieces)) == ["LONG", "S"]


def test_weight_alone_takes_a_second_box():
    pieces = [Piece((10, 10, 10), 1500)] * 2
    assert codes(proven(pack(pieces, [SMALL]), pieces)) == ["S", "S"]


def test_a_tight_fit_is_found():
    pieces = [Piece((50, 50, 100))] * 2 + [Piece((50, 100, 50))] * 2
    assert codes(proven(pack(pieces, [SMALL]), pieces)) == ["S"]


def test_what_must_stand_is_not_tipped():
    bottle = Piece((60, 60, 250), rotation=UPRIGHT)
    with pytest.raises(NoBox, match="piece 1"):
        pack([bottle], [LARGE])
    assert codes(pack([Piece((60, 60, 250))], [LARGE])) == ["L"]


def test_fragile_pieces_lie_on_top():
    pieces = [Piece((100, 100, 30), 50, is_fragile=True), Piece((100, 100, 60), 800)]
    (found,) = proven(pack(pieces, [SMALL]), pieces)
    top = {one.piece: one.corner[2] for one in found.placed}
    assert top[0] > top[1]


def test_a_heavy_fragile_piece_does_not_lie_on_a_light_one():
    pieces = [Piece((100, 100, 50), 50, 1, is_fragile=True), Piece((100, 90, 50), 100, 1, is_fragile=True)]
    (found,) = proven(pack(pieces, [SMALL]), pieces)
    assert {one.piece: one.corner[2] for one in found.placed} == {0: 50, 1: 0}


def test_a_piece_sinks_until_it_rests_and_needs_a_third_of_its_base():
    room = Room((100, 100, 100), 1000)
    least = (1, 1, 1)
    assert room.add(0, Piece((20, 20, 50), rotation=1), rule=CORNER, least=least)
    assert not room.add(1, Piece((100, 100, 40), rotation=1), rule=CORNER, least=least)
    room.spaces = [(30, 0, 50, 100, 100, 100)]
    assert room.add(1, Piece((60, 60, 40), rotation=1), rule=CORNER, least=least)
    assert room.placed[1].corner == (30, 0, 0)


def test_groups_keep_apart_and_lonely_pieces_alone():
    food, soap, thing = Piece((20, 20, 20), group="food"), Piece((20, 20, 20), group="soap"), Piece((20, 20, 20))
    assert len(proven(pack([food, soap, thing], [LARGE]), [food, soap, thing])) == 2
    alone = [Piece((20, 20, 20), is_alone=True), thing, thing]
    assert len(proven(pack(alone, [LARGE]), alone)) == 2


def test_a_mailer_loses_length_and_width_as_it_thickens():
    assert list(shapes(MAILER)) == [(240, 170, 10), (230, 160, 20), (220, 150, 30), (210, 140, 40)]
    book = Piece((215, 145, 28), 400)
    (found,) = proven(pack([book], [MAILER, LARGE]), [book])
    assert (found.box.code, found.outer) == ("M", (260, 190, 30))
    assert codes(pack([Piece((215, 145, 38), 400)], [MAILER, LARGE])) == ["L"]


def test_only_stacked_pieces_are_refused_without_trying():
    assert may_hold((100, 100, 100), [Piece((60, 60, 50), rotation=UPRIGHT)] * 2)
    assert not may_hold((100, 100, 100), [Piece((60, 60, 51), rotation=UPRIGHT)] * 2)
    assert may_hold((100, 100, 100), [Piece((60, 60, 40))] * 2)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Piece((0, 1, 1)),
        lambda: Piece((1, 1, 1), -1),
        lambda: Piece((1, 1, 1), rotation=0),
        lambda: Box("B", (1, 1, 0), (1, 1, 1)),
        lambda: Box("B", (1, 1, 1), (1, 1, 1), price=-1),
        lambda: Box("B", (90, 40, 40), (90, 40, 40), is_mailer=True),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"piece|box|mailer|mask"):
        wrong()


def test_the_volume_rule_chooses_what_cannot_be():
    pieces = [Piece((60, 60, 60))] * 3
    assert [(box.code, numbers) for box, numbers in naive.by_volume(pieces, [SMALL])] == [("S", [0, 1, 2])]
    assert one_box(pieces, SMALL) is None
    assert len(proven(naive.first_fit(pieces, [SMALL]), pieces)) == 3
    assert roomiest(SMALL) == SMALL.inner


def test_many_pieces_are_packed_by_few_plans_and_hold():
    pieces = [Piece((60 + n % 7, 45, 30 + n % 3), 90) for n in range(400)]
    found = proven(pack(pieces, BOXES, effort=100, most_plans=1), pieces)
    assert len(found) <= 2 * fewest(pieces, BOXES)
    assert found == pack(pieces, BOXES, effort=100, most_plans=1)
