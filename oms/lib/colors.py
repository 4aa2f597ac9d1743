"""Colours that can be read, by the contrast ratio of WCAG 2.2 (relative luminance, 4.5 : 1 for text)."""

import re

HEX = re.compile(r"#[0-9a-fA-F]{6}")
READABLE = 4.5
WHITE, BLACK = "#ffffff", "#111827"


def contrast(one, other):
    """Return the contrast ratio of two colours "#rrggbb": 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(color):
    """Return the colour, white or nearly black, of text that can be read best on `color`."""
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, color))


def readable(color, *, on=WHITE, instead="#1f4b99"):
    """Return `color`, made as much darker as text in it needs to be read on light `on`.

    What is no "#rrggbb" is `instead`.
    """
    color = color if HEX.fullmatch(color) else instead
    while contrast(color, on) < READABLE:
        color = "#" + "".join(f"{int(part * 0.93):02x}" for part in _parts(color))
    return color


def _parts(color):
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))


def _luminance(color):
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _shares(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _shares(color):
    return (part / 255 for part in _parts(color))
