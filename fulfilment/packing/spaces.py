"""The empty maximal spaces of a box: the largest free cuboids, which may overlap one another.

Lai & Chan 1997 (difference process); Parreño, Alvarez-Valdes, Oliveira & Tamarit 2008.
"""

Cuboid = tuple[int, int, int, int, int, int]  # x, y, z of the near corner, then of the far one


def cut(spaces: list[Cuboid], taken: Cuboid, least: tuple[int, int, int]) -> list[Cuboid]:
    """Return the maximal spaces that are left when `taken` is filled; those narrower than `least` hold nothing."""
    a, b, c, d, e, f = taken
    kept: list[Cuboid] = []
    parts: list[Cuboid] = []
    for space in spaces:
        x, y, z, u, v, w = space
        if a >= u or d <= x or b >= v or e <= y or c >= w or f <= z:
            kept.append(space)
        else:
            parts += _around(space, taken, least)
    return kept + _maximal(parts, kept) if parts else kept


def _around(space: Cuboid, taken: Cuboid, least: tuple[int, int, int]) -> list[Cuboid]:
    """Return what of a space lies on each side of `taken`."""
    x, y, z, u, v, w = space
    a, b, c, d, e, f = taken
    wide, deep, tall = least
    sides = (
        (x, y, z, a, v, w),
        (d, y, z, u, v, w),
        (x, y, z, u, b, w),
        (x, e, z, u, v, w),
        (x, y, z, u, v, c),
        (x, y, f, u, v, w),
    )
    return [one for one in sides if one[3] - one[0] >= wide and one[4] - one[1] >= deep and one[5] - one[2] >= tall]


def _maximal(parts: list[Cuboid], kept: list[Cuboid]) -> list[Cuboid]:
    """Return those of `parts` that lie in no other and in none of `kept`; of equal ones, one."""
    found: list[Cuboid] = []
    several = list(dict.fromkeys(parts))
    for one in several:
        x, y, z, u, v, w = one
        for a, b, c, d, e, f in kept:
            if a <= x and b <= y and c <= z and d >= u and e >= v and f >= w:
                break
        else:
            for other in several:
                a, b, c, d, e, f = other
                if a <= x and b <= y and c <= z and d >= u and e >= v and f >= w and other is not one:
                    break
            else:
                found.append(one)
    return found
