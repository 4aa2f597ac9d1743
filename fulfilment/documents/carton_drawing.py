"""How pieces lie in a carton, as an isometric drawing: numbered in the order in which they are put in."""

from django.utils.html import format_html, format_html_join

WIDE = 420  # of the drawing, in its own units
COS, SIN = 0.866, 0.5
TONES = ("#f2d2a2", "#c9dcf2", "#d3ead0", "#f0c9c9", "#e0d2f0", "#f5ecb0", "#cfe8e8", "#e6dccf")


def draw(fit):
    """Return the SVG of a Fit: its room, and in it the pieces, as they are put in."""
    return isometric(fit.shape, [(sku.code, corner, size) for sku, corner, size in fit.lies])


def isometric(shape, lies):
    """Return the SVG of a room (length, width, height) with `lies` [(name, corner, sides)] in it."""
    length, width, height = shape
    scale = WIDE / ((length + width) * COS)
    high = ((length + width) * SIN + height) * scale
    origin = (width * COS * scale, height * scale)

    def point(x, y, z):
        return (
            round(origin[0] + (x - y) * COS * scale, 1),
            round(origin[1] + ((x + y) * SIN - z) * scale, 1),
        )

    tone = {name: TONES[i % len(TONES)] for i, name in enumerate(dict.fromkeys(name for name, _, _ in lies))}
    numbered = [(number, *one) for number, one in enumerate(lies, start=1)]
    pieces = format_html_join("", "{}", ((_piece(point, one, tone[one[1]]),) for one in _back_to_front(numbered)))
    return format_html(
        '<svg class="fit" viewBox="-4 -4 {} {}" role="img" aria-label="How the pieces lie in the carton">{}{}{}</svg>',
        WIDE + 8,
        round(high) + 8,
        _edges(point, shape, is_front=False),
        pieces,
        _edges(point, shape, is_front=True),
    )


def _piece(point, numbered, tone):
    number, name, (x, y, z), (a, b, c) = numbered
    faces = (
        (1.0, [(x, y, z + c), (x + a, y, z + c), (x + a, y + b, z + c), (x, y + b, z + c)]),
        (0.86, [(x, y + b, z), (x + a, y + b, z), (x + a, y + b, z + c), (x, y + b, z + c)]),
        (0.72, [(x + a, y, z), (x + a, y + b, z), (x + a, y + b, z + c), (x + a, y, z + c)]),
    )
    drawn = format_html_join(
        "",
        '<polygon points="{}" fill="{}" stroke="#333" stroke-width="1"/>',
        ((_path(point, corners), _shaded(tone, light)) for light, corners in faces),
    )
    left, top = point(x + a / 2, y + b / 2, z + c)
    return format_html(
        '<g><title>{} {}</title>{}<text x="{}" y="{}" text-anchor="middle" font-size="15" font-weight="700" '
        'fill="#111">{}</text></g>',
        number,
        name,
        drawn,
        left,
        top + 5,
        number,
    )


def _shaded(tone, light):
    """Return a colour, darker; an attribute, as our content policy lets pages have no styles of their own."""
    return "#" + "".join(f"{round(int(tone[i : i + 2], 16) * light):02x}" for i in (1, 3, 5))


def _edges(point, shape, *, is_front):
    """Return the edges of the room: those behind the goods, or the three that stand before them, dashed."""
    a, b, c = shape
    if is_front:
        lines = [[(a, b, c), (a, b, 0)], [(a, b, c), (0, b, c)], [(a, b, c), (a, 0, c)]]
    else:
        floor = [(0, 0, 0), (a, 0, 0), (a, b, 0), (0, b, 0), (0, 0, 0)]
        lines = [floor, [(0, 0, 0), (0, 0, c)], [(0, b, 0), (0, b, c), (0, 0, c), (a, 0, c), (a, 0, 0)]]
    return format_html_join(
        "",
        '<polyline points="{}" fill="none" stroke="#8a6d3b" stroke-width="2" stroke-dasharray="{}"/>',
        ((_path(point, corners), "5 4" if is_front else "none") for corners in lines),
    )


def _path(point, corners):
    return " ".join(f"{left},{top}" for left, top in (point(*corner) for corner in corners))


def _back_to_front(numbered):
    """Return the pieces so that each comes after all that lie behind or below it, seen from the far upper corner."""
    waiting, found = list(numbered), []
    while waiting:
        free = [one for one in waiting if not any(_is_behind(other, one) for other in waiting if other is not one)]
        chosen = (free or waiting)[0]
        waiting.remove(chosen)
        found.append(chosen)
    return found


def _is_behind(one, other):
    """Whether `one` is drawn before `other`: along an axis it ends where that begins, and along none the reverse."""
    ends = [one[2][k] + one[3][k] <= other[2][k] for k in range(3)]
    begins = [other[2][k] + other[3][k] <= one[2][k] for k in range(3)]
    return any(ends) and not any(begins)
