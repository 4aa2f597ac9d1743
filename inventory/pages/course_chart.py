"""The course of demand and stock as a drawing: numbers for an inline SVG."""

from dataclasses import dataclass

WIDTH, HEIGHT = 720, 240
LEFT, TOP, BOTTOM = 44, 10, 22


@dataclass(frozen=True)
class Chart:
    """Coordinates of an SVG of WIDTH × HEIGHT: bars [(x, y, width, height, tone, hint)], lines as "x,y x,y"."""

    bars: list
    stock: str
    left: str
    reorder_y: float
    now_x: float
    marks: list  # [(y, label)]
    days: list  # [(x, label)]
    width: int = WIDTH
    height: int = HEIGHT
    begin: int = LEFT


def draw(course):
    """Return the `Chart` of a `Course`: bars are demand and forecast, lines stock and what is left of it."""
    pieces = course.demand + course.expected
    top = max([1, course.reorder_point, *pieces, *course.stock, *course.left])
    step = (WIDTH - LEFT) / max(len(pieces), 1)

    def y(value):
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top), 1)

    def x(number):
        return round(LEFT + step * number, 1)

    past = len(course.demand)
    bars = []
    for number, value in enumerate(pieces):
        is_past = number < past
        tone = "expected" if not is_past else "out" if course.out[number] else "sold"
        hint = f"week of {course.weeks[number]:%d %b %Y}: {value:.0f} {'ordered' if is_past else 'expected'}"
        bars.append((x(number), y(value), round(step * 0.8, 1), round(y(0) - y(value), 1), tone, hint))
    return Chart(
        bars=bars,
        stock=_line([(x(n) + step / 2, y(value)) for n, value in enumerate(course.stock)]),
        left=_line([(x(past + n) + step / 2, y(value)) for n, value in enumerate(course.left)]),
        reorder_y=y(course.reorder_point),
        now_x=x(past),
        marks=[(y(value), f"{value:,.0f}") for value in (0, top / 2, top)],
        days=[(x(n), f"{course.weeks[n]:%d %b}") for n in range(0, len(pieces), 6)],
    )


def _line(points):
    return " ".join(f"{x:.1f},{y}" for x, y in points)
