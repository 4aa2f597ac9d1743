"""Opening stock from a table: a dated count of one location."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models.functions import Upper
from django.utils import timezone

from inventory.models import Bin, CountLine, CountSession, Sku
from inventory.models.location import natural_key
from inventory.services import counts, stock
from inventory.services.bins import check_bin
from oms.lib import cells
from oms.lib.errors import Invalid
from oms.lib.row_import import Table


@dataclass(frozen=True)
class StockRow:
    """That `pieces` of a SKU lay in `bin` (a code), or in the whole location where that is empty.

    `safety` is its safety stock there from now on; None: as before.
    """

    code: str
    bin: str
    pieces: int
    safety: int | None


class Stock(Table):
    """The table of what was counted at `location` at a moment. SKUs that are not in it stay as they are.

    Bins are made as they are named. The same table again finds everything posted; one with other
    numbers for the same moment corrects the first. With movements booked since, these stay.
    """

    required = ("sku", "quantity")
    known = ("sku", "quantity", "bin", "safety")

    def __init__(self, location, *, counted_at, actor="system"):
        if not location.tracks_stock:
            raise Invalid(f"{location} does not count its stock.", field="location")
        self._location, self._counted_at, self._actor = location, counted_at, actor
        self._lines, self._safety = {}, {}

    def check(self, row):
        code = cells.text(row.cells["sku"], "sku", max_length=40).upper()
        bin = cells.text(row.cells.get("bin", ""), "bin", max_length=20).upper()
        pieces = cells.whole(row.cells["quantity"], "quantity", most=stock.MOST_PIECES)
        safety = row.cells.get("safety", "")
        safety = cells.whole(safety, "safety", most=stock.MOST_PIECES) if safety else None
        if not code:
            raise Invalid("sku: give its code.", field="sku")
        lines = self._lines.setdefault(code, {})
        if bin in lines:
            raise Invalid(f"sku: {code} stands in line {lines[bin]} too.", field="sku")
        if lines and "" in {bin, *lines}:
            raise Invalid(f"bin: {code} is counted both as a whole and by bin.", field="bin")
        if safety is not None and self._safety.setdefault(code, safety) != safety:
            raise Invalid(
                f"safety: {code} has {self._safety[code]} in another line; it is one for all bins.", field="safety"
            )
        lines[bin] = row.line
        return StockRow(code, bin, pieces, safety)

    def take(self, rows):
        skus = self._skus(rows)
        bins, new_bins = self._bins({row.bin for row in rows} - {""})
        session = self._session()
        lines, each = _lines(session, rows, skus, bins)
        counts.post_lines(session, sorted(lines, key=lambda line: line.sku_id), actor=self._actor)
        if problems := [line for line in lines if line.problem]:
            raise Invalid(f"{problems[0].sku}: {problems[0].problem}", field="quantity")
        counts.close(session, actor=self._actor)
        safety_set = self._set_safety(rows, skus)
        told = [(outcome, f"{line.difference:+} pieces" if line.difference else "") for outcome, line in each]
        return {
            "each": told,
            "corrections": sum(1 for line in lines if line.difference),
            "bins_created": new_bins,
            "safety_set": safety_set,
        }

    def _set_safety(self, rows, skus):
        """Set the safety stock that rows give; returns of how many SKUs it was another."""
        given = {row.code: row.safety for row in rows if row.safety is not None}
        return sum(
            stock.set_safety(skus[code], self._location, pieces, actor=self._actor)
            for code, pieces in sorted(given.items(), key=lambda item: skus[item[0]].pk)
        )

    def _skus(self, rows):
        """Return {upper code: Sku}, made sure of: all are known and lie on shelves."""
        skus = Sku.objects.by_codes(row.code for row in rows)
        for row in rows:
            if row.code not in skus:
                raise Invalid(f"sku: there is no SKU {row.code}; import it first.", field="sku")
            stock.check_stocked(skus[row.code], self._location)
        return skus

    def _bins(self, codes):
        """Return ({upper code: Bin}, how many of them are new)."""
        found = self._location.bins.annotate(upper_code=Upper("code")).filter(upper_code__in=codes)
        bins = {bin.upper_code: check_bin(bin, self._location) for bin in found}
        new = [
            Bin(location=self._location, code=code, sort_key=natural_key(code)) for code in sorted(codes - bins.keys())
        ]
        for bin in Bin.objects.bulk_create(new):
            bins[bin.code] = bin
        return bins, len(new)

    def _session(self):
        session, _ = CountSession.objects.select_for_update(of=("self",)).get_or_create(
            location=self._location,
            counted_at=self._counted_at,
            origin=CountSession.Origin.IMPORT,
            defaults={"opened_by": self._actor},
        )
        return session


def beginning(day, location):
    """Return the moment at which `day` begins at `location`; raises Invalid when it is still to come."""
    moment = datetime.combine(day, time.min, ZoneInfo(location.tz))
    if moment > timezone.now():
        raise Invalid(f"{day} has not begun in {location.tz}.", field="counted_on")
    return moment


def _lines(session, rows, skus, bins):
    """Return the count's lines that are to be posted, new or with another number, and (outcome, line) of each row."""
    ids = {sku.pk: code for code, sku in skus.items()}
    known = {
        (ids[line.sku_id], line.bin.code.upper() if line.bin else ""): line
        for line in session.lines.filter(sku__in=ids).select_related("bin", "sku")
    }
    for row in rows:
        if any(code == row.code and (bin == "") != (row.bin == "") for code, bin in known):
            raise Invalid(f"bin: {row.code} is counted both as a whole and by bin at this moment.", field="bin")
    each = []
    for row in rows:
        line = known.get((row.code, row.bin))
        if line is None:
            line = CountLine(session=session, sku=skus[row.code], bin=bins.get(row.bin), counted=row.pieces)
            each.append(("created", line))
        else:
            each.append(("unchanged" if line.counted == row.pieces else "changed", line))
            line.counted = row.pieces
    return [line for outcome, line in each if outcome != "unchanged"], each
