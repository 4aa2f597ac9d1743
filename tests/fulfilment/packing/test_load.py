"""Containers are loaded with what fits, nothing twice, nothing over another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulfilment.packing.blocks import Cargo, blocks
from fulfilment.packing.check import faults
from fulfilment.packing.goods import UPRIGHT, Box, Packed, Piece
from fulfilment.packing.load import load

side = st.integers(10, 60)
cargoes = st.lists(
    st.builds(
        Cargo,
        st.builds(Piece, st.tuples(side, side, side), rotation=st.sampled_from([63, UPRIGHT, 0b1100])),
        st.integers(1, 12),
    ),
    min_size=1,
    max_size=5,
)


def pieces_of(cargo):
    return [some.piece for some in cargo for _ in range(some.quantity)]


@settings(max_examples=25, deadline=None)
@given(cargoes)
def test_whatever_is_loaded_passes_the_checker(cargo):
    size, pieces = (120, 100, 90), pieces_of(cargo)
    loaded = load(size, cargo, seconds=0.02)
    packed = Packed(Box("container", size, size), size, loaded.placed, 0)
    assert faults(packed, pieces, rests=False) == []
    numbers = [one.piece for one in loaded.placed]
    assert len(set(numbers)) == len(numbers)
    assert sum(pieces[number].volume for number in numbers) == loaded.volume


def test_what_fills_a_container_fills_it():
    cargo = [Cargo(Piece((50, 40, 30)), 64), Cargo(Piece((70, 70, 70)), 3)]
    assert load((200, 160, 120), cargo, seconds=0.3).volume == 200 * 160 * 120


def test_a_beam_does_no_worse_than_one_greedy_pass():
    cargo = [Cargo(Piece((37 + i, 23 + 2 * i, 19 + 3 * i), rotation=UPRIGHT), 9) for i in range(6)]
    assert load((200, 130, 110), cargo, seconds=0.2).volume >= load((200, 130, 110), cargo, seconds=0).volume > 0


def test_blocks_stay_within_the_quantity_and_the_container():
    some = blocks((100, 60, 60), [Cargo(Piece((50, 30, 20), rotation=0b1), 5)])
    assert (some.count <= 5).all()
    assert (some.size <= (100, 60, 60)).all()
    assert some.reach[0][99] == 50


@pytest.mark.parametrize("seconds", [0, 0.01])
def test_what_fits_nowhere_stays_behind(seconds):
    assert load((10, 10, 10), [Cargo(Piece((20, 20, 20)), 2)], seconds=seconds).placed == ()
