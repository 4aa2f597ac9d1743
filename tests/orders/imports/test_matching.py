from datetime import UTC, datetime

import pytest

from orders.imports.matching import Bought, match

TODAY = datetime(2011, 6, 15, tzinfo=UTC)


def bought(line, left, day=1, month=6):
    return Bought(line=line, order=line, at=datetime(2011, month, day, tzinfo=UTC), left=left)


def lines(taken):
    return [(one.line, pieces) for one, pieces in taken]


def test_the_newest_earlier_line_with_enough_is_undone():
    rows = [bought(1, 10, day=1), bought(2, 10, day=10), bought(3, 2, day=12), bought(4, 10, day=20)]
    assert lines(match(5, TODAY, rows)) == [(2, 5)]
    assert [row.left for row in rows] == [10, 5, 2, 10]


def test_the_last_of_lines_of_one_moment_counts_as_the_newest():
    assert lines(match(1, TODAY, [bought(7, 1), bought(9, 1), bought(8, 1)])) == [(9, 1)]


def test_several_are_undone_when_none_alone_has_enough():
    rows = [bought(1, 4, day=1), bought(2, 3, day=10)]
    assert lines(match(5, TODAY, rows)) == [(2, 3), (1, 2)]
    assert [row.left for row in rows] == [2, 0]


@pytest.mark.parametrize("rows", [[], [bought(1, 4)], [bought(1, 9, month=7)], [bought(1, 0)]])
def test_nothing_is_undone_when_not_all_can_be(rows):
    left = [row.left for row in rows]
    assert match(5, TODAY, rows) == []
    assert [row.left for row in rows] == left


def test_what_was_given_back_is_not_given_back_again():
    rows = [bought(1, 6)]
    assert lines(match(6, TODAY, rows)) == [(1, 6)]
    assert match(1, TODAY, rows) == []
