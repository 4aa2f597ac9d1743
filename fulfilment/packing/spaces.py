"""The empty maximal spaces of a box: the largest free cuboids, which may overlap one another.

Lai & Chan 1997 (difference process); Parreño, Alvarez-Valdes, Oliveira & Tamarit 2008.
"""

from collections.abc import Sequence

Cuboid = tuple[int, int, int, int, int, int]  # x, y, z of the near corner, then of the far one
FACES = (3, 0, 4, 1, 5, 2)  # where what is left of each side of a filled cuboid ends or begins


def cut(spaces: list[Cuboid], taken: Cuboid, least: tuple[int, int, int]) -> list[Cuboid]:
    """Return the maximal spaces that are left when `taken` is filled; those narrower than `least` hold nothing."""
    a, b, c, d, e, f = taken
    kept: list[Cuboid] = []
    sides: tuple[list[Cuboid], ...] = ([], [], [], [], [], [])
    for space in spaces:
        x, y, z, u, v, w = space
        if a >= u or d <= x or b >= v or e <= y or c >= w or f <= z:
            kept.append(space)
        else:
            _split(space, taken, least, sides)
    # What lies on one side touches that face, and so does all that could hold it: nothing else need be compared.
    found = kept
    for at, value, parts in zip(FACES, (a, d, b, e, c, f), sides, strict=True):
        if parts:
            found = found + _maximal(parts, [one for one in kept if one[at] == value])
    return found


def _split(space: Cuboid, taken: Cuboid, least: tuple[int, int, int], sides: Sequence[list[Cuboid]]) -> None:
    """Add what of a space lies on each side of `taken` to `sides`."""
    x, y, z, u, v, w = space
    a, b, c, d, e, f = taken
    wide, deep, tall = least
    parts = (
        (x, y, z, a, v, w),
        (d, y, z, u, v, w),
        (x, y, z, u, b, w),
        (x, e, z, u, v, w),
        (x, y, z, u, v, c),
        (x, y, f, u, v, w),
    )
    for part, side in zip(parts, sides, strict=True):
        if part[3] - part[0] >= wide and part[4] - part[1] >= deep and part[5] - part[2] >= tall:
            side.append(part)


def _maximal(parts: list[Cuboid], kept: list[Cuboid]) -> list[Cuboid]:
    """Return those of `parts` that lie in no other and in none of `kept`; of equal ones, one."""
    several = list(dict.fromkeys(parts))
    found: list[Cuboid] = []
    for one in several:
        x, y, z, u, v, w = one
        for other in (*kept, *several):
            a, b, c, d, e, f = other
            if a <= x and b <= y and c <= z and d >= u and e >= v and f >= w and other is not one:
                break
        else:
            found.append(one)
    return found
