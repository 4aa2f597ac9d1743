"""Barcodes as one SVG path each, in whole modules, so that a module is a whole number of printer dots."""

from dataclasses import dataclass

import numpy
import zxingcpp
from django.utils.safestring import mark_safe

from oms.lib.errors import Invalid

DOT_MM = 25.4 / 203  # of a 203 dpi label printer
QUIET_LINEAR = 10  # modules: ISO/IEC 15417
QUIET_QR = 4  # modules: ISO/IEC 18004


@dataclass(frozen=True)
class Barcode:
    """A symbol as rows of dark runs: `rows` holds (x, length) in modules; a linear one has a single row."""

    text: str
    rows: tuple[tuple[tuple[int, int], ...], ...]
    modules: int  # wide, without the quiet zone
    quiet: int

    @property
    def width(self):
        """The width in modules, quiet zones included."""
        return self.modules + 2 * self.quiet

    def width_mm(self, dots=3):
        """Return the printed width, quiet zones included, with modules of `dots` printer dots."""
        return self.width * dots * DOT_MM

    def path(self, row_height=1):
        """Return the SVG path of all dark runs, each row `row_height` modules high, from 0, 0."""
        return "".join(
            f"M{x} {y * row_height}h{length}v{row_height}h-{length}z"
            for y, row in enumerate(self.rows)
            for x, length in row
        )

    def svg(self, *, height_mm=None, dots=3):
        """Return the inline <svg> with modules of `dots` printer dots and its quiet zone at the sides.

        A linear symbol is `height_mm` high; a QR code is as high as it is wide.
        """
        module_mm = dots * DOT_MM
        linear = len(self.rows) == 1
        height = round((height_mm or 15) / module_mm) if linear else self.width
        top = 0 if linear else -self.quiet
        path = self.path(height if linear else 1)
        return mark_safe(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-self.quiet} {top} {self.width} {height}" '
            f'style="width:{self.width * module_mm:.4f}mm;height:{height * module_mm:.4f}mm">'
            f'<path d="{path}"/></svg>'
        )


def code128(text):
    """Return `text`, printable ASCII, as Code 128; raises Invalid on any other."""
    if not (0 < len(text) <= 48 and text.isascii() and text.isprintable()):
        raise Invalid(f"Not fit for a Code 128 barcode: {text!r}.")
    return _linear(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128))


def gs1_128(text):
    """Return `text`, such as "(00)106141411234567897", as GS1-128 (`]C1`); raises Invalid on bad data.

    Identifiers in brackets, GS1 General Specifications section 3. The encoder does not look at check
    digits, so those of SSCC (00) and GTIN (01, 02) are checked here.
    """
    try:
        symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128, gs1=True)
    except ValueError as error:
        raise Invalid(f"Not fit for a GS1-128 barcode: {text!r}: {error}") from error
    for part in text.split("(")[1:]:
        identifier, _, value = part.partition(")")
        if identifier in {"00", "01", "02"} and check_digit(value[:-1]) != int(value[-1]):
            raise Invalid(f"The check digit of ({identifier}) is wrong: {value}.")
    return _linear(symbol)


def qr(text, *, level="M"):
    """Return `text` of 1 to 1,000 characters as a QR code; `level` of error correction is L, M, Q or H."""
    if not 0 < len(text) <= 1000:
        raise Invalid("A QR code holds 1 to 1,000 characters.")
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    image = _modules(symbol)
    return Barcode(text, tuple(_runs(row) for row in image), image.shape[1], QUIET_QR)


def check_digit(digits):
    """Return the check digit of all GS1 keys: weights 3, 1, 3 ... from the right, modulo 10."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return -total % 10


def _linear(symbol):
    image = _modules(symbol)
    return Barcode(symbol.text, (_runs(image[0]),), image.shape[1], QUIET_LINEAR)


def _modules(symbol):
    return numpy.array(symbol.to_image(scale=1, add_quiet_zones=False)) == 0


def _runs(dark):
    """Return the runs of dark modules as (first, length)."""
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], dark.astype(numpy.int8), [0]))))
    return tuple((int(start), int(end - start)) for start, end in zip(edges[::2], edges[1::2], strict=True))
