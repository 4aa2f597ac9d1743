"""What an import did, in figures, for people and for programs."""

import json
import resource
import time
from dataclasses import asdict, dataclass, field

from oms.lib.money import ZERO
from orders.imports.reconcile import Kind
from orders.imports.records import ADJUSTMENT, CHARGES, CREDITED_CHARGES, CREDITED_GOODS, GOODS

SHOWN = 20
WIDTHS = (("rows", 9), ("net in file", 20), ("refused", 9), ("taken", 9), ("net taken", 20), ("difference", 12))
HEADER = f"{'kind of row':<18}" + "".join(f"{title:>{width}}" for title, width in WIDTHS)


@dataclass
class Report:
    """Counts of one run; `kinds` and `differing` are the reconciliation of all that the file holds."""

    channel: str
    dry_run: bool = False
    orders_created: int = 0
    orders_existing: int = 0
    vouchers_created: int = 0
    vouchers_existing: int = 0
    skus_created: int = 0
    skus_unknown: list = field(default_factory=list)  # in a dry run, SHOWN of those that would be created
    pieces_received: int = 0
    kinds: dict = field(default_factory=dict)
    differing: list = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0

    def stop(self):
        self.seconds = round(time.monotonic() - self.started, 1)

    def figures(self):
        """Return the report as JSON has it. `net` is all that was taken, of which charges, adjustments, credits."""
        taken = {name: kind.taken_net for name, kind in self.kinds.items()}
        return {
            "channel": self.channel,
            "dry_run": self.dry_run,
            "orders_created": self.orders_created,
            "orders_existing": self.orders_existing,
            "lines": self.kinds.get(GOODS, Kind()).taken_rows,
            "net": float(sum(taken.values(), ZERO)),
            "goods": float(taken.get(GOODS, 0)),
            "charges": float(taken.get(CHARGES, 0)),
            "adjustments": float(taken.get(ADJUSTMENT, 0)),
            "credits": float(taken.get(CREDITED_GOODS, 0) + taken.get(CREDITED_CHARGES, 0)),
            "vouchers_created": self.vouchers_created,
            "vouchers_existing": self.vouchers_existing,
            "skus_created": self.skus_created,
            "skus_unknown": self.skus_unknown,
            "pieces_received": self.pieces_received,
            "refused_rows": sum(kind.refused_rows for kind in self.kinds.values()),
            "reconciliation": {name: _as_json(kind) for name, kind in self.kinds.items()},
            "orders_differing": len(self.differing),
            "seconds": self.seconds,
            "peak_rss_mb": peak_rss_mb(),
        }


def peak_rss_mb():
    """Return the most memory this process ever held, in MB (Linux counts in KiB)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def as_json(report, refusals):
    """Yield the text of one JSON object; the refusals, however many, are its last member."""
    yield json.dumps(report.figures(), indent=2)[:-2] + ',\n  "refused": ['
    separator = "\n    "
    for one in refusals:
        yield separator + json.dumps(asdict(one), ensure_ascii=False)
        separator = ",\n    "
    yield "]\n}\n"


def as_text(report, refusals):
    """Yield the lines of a report for people: figures, the reconciliation, every row not taken."""
    done = "would be created" if report.dry_run else "created"
    yield f"{report.orders_created} orders {done}, {report.orders_existing} were there already;"
    made, there = report.vouchers_created, report.vouchers_existing
    yield f"{made} credits, adjustments and write-offs {done}, {there} were there already."
    if report.skus_created:
        named = f": {', '.join(report.skus_unknown)}" if report.skus_unknown else ""
        more = ", …" if named and report.skus_created > SHOWN else ""
        yield f"{report.skus_created} SKUs {done} that nobody knew{named}{more}."
    yield ""
    yield HEADER
    for name, kind in report.kinds.items():
        yield _table_row(name, kind)
    yield _table_row("all", _sum(report.kinds.values()))
    yield ""
    if report.differing:
        yield f"{len(report.differing)} orders differ from the file:"
        yield from (f"  {key}: {net} in the file, {taken} here" for key, net, taken in report.differing[:SHOWN])
    else:
        yield "Every order's net value equals the file's."
    for one in refusals:
        where = f"row {one.row}, order {one.order}" + (f", {one.field}" if one.field else "")
        yield f"Not taken: {where}: {one.reason}"
    yield f"{report.seconds} s, at most {peak_rss_mb()} MB."


def _table_row(name, kind):
    return (
        f"{name:<18}{kind.rows:>9}{kind.net:>20,.3f}{kind.refused_rows:>9}"
        f"{kind.taken_rows:>9}{kind.taken_net:>20,.3f}{kind.difference:>12,.3f}"
    )


def _sum(kinds):
    total = Kind()
    for kind in kinds:
        for name in vars(kind):
            setattr(total, name, getattr(total, name) + getattr(kind, name))
    return total


def _as_json(kind):
    figures = {name: value if isinstance(value, int) else float(value) for name, value in vars(kind).items()}
    return figures | {"difference": float(kind.difference)}
