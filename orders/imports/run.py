"""One import from beginning to end. Whatever stops it, the next run goes on where it stopped."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError

from oms.lib.errors import DomainError, Invalid, Retry
from orders.imports import credits, historic, live, needed
from orders.imports.csv_orders import CsvOrders
from orders.imports.index import check_readable
from orders.imports.northwind import Northwind
from orders.imports.reconcile import in_file, reconcile
from orders.imports.records import ChannelDefaults, EntryRecord, Refusal, Refused
from orders.imports.report import SHOWN, Report
from orders.imports.uci import Uci

FORMATS = {"csv": CsvOrders, "northwind": Northwind, "uci": Uci}
MOST_ROWS = 6_000  # in a transaction
# What one order's own content can cause; anything else stops the import.
CONTENT_ERRORS = (DomainError, ValidationError, DataError, IntegrityError, Retry)


@dataclass(frozen=True)
class Options:
    """What to import, where to, how. `defaults` are for a channel that does not exist yet.

    `live` orders are placed like any other; at the locations `stock_at` what they need is received first.
    """

    path: Path
    channel: str
    format: str
    live: bool = False
    dry_run: bool = False
    stock_at: tuple = ()
    defaults: ChannelDefaults | None = None
    batch: int = 300  # orders in a transaction
    actor: str = "system"


def through(_, items, __=None):
    """The progress of those who want to see none: the items as they are."""
    return items


def run(index, options, *, progress=through):
    """Import the file into an open Index and the database; returns a Report, refused rows are in the index.

    `progress(label, items, total)` returns an iterable of `items` that shows how far it is. Raises Invalid
    when the file or the channel is unusable; then nothing was written.
    """
    reader, channel = _begin(options)
    report = Report(channel=channel.code, dry_run=options.dry_run)
    index.fill(progress("reading", reader.rows(options.path), None), reader.rank)
    if options.dry_run:
        groups = progress("checking", index.groups(), len(index))
        unknown = needed.unknown_skus(reader.skus())
        report.skus_created, report.skus_unknown = len(unknown), unknown[:SHOWN]
        _count(channel, _batches(_records(index, reader, groups), options.batch), report)
        report.kinds = _as_if_taken(in_file(index))
    else:
        channel = needed.save_channel(channel)
        _write(index, channel, options, reader=reader, report=report, progress=progress)
        report.kinds, report.differing = reconcile(channel, index)
    report.stop()
    return report


def _begin(options):
    """Return (the format's reader, the channel, unsaved when the import has to make it)."""
    made = FORMATS[options.format]
    if options.live and not made.can_be_live:
        raise Invalid(f"What is in a {options.format} file is over: leave out --live.", field="live")
    if options.stock_at and not options.live:
        raise Invalid("Historic orders move no stock: --stock-at goes with --live.", field="stock-at")
    reader = made(live=options.live)
    channel = needed.find_channel(options.channel, reader.defaults or options.defaults)
    if reader.defaults is None:
        reader.currency, reader.tz = channel.currency, channel.seller.tz
    return reader, channel


def _records(index, reader, groups):
    """Yield what the rows of each order say, and note the refusals of those that say nonsense."""
    for key, rows in groups:
        try:
            check_readable(key, rows)
            yield reader.parse(key, rows)
        except Refused as refused:
            index.refuse(refused.refusals)


def _batches(records, size):
    """Yield lists of records small enough for one transaction."""
    batch, rows = [], 0
    for record in records:
        batch.append(record)
        rows += len(record.rows)
        if len(batch) >= size or rows >= MOST_ROWS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _write(index, channel, options, *, reader, report, progress):
    skus, report.skus_created = needed.make_skus(reader.skus())
    how = {"skus": skus, "actor": options.actor}
    if options.stock_at:
        readable = _readable(reader, index.groups())
        report.pieces_received = live.stock_up(channel, readable, locations=options.stock_at, **how)
    groups = progress("importing", index.groups(), len(index))
    for batch in _batches(_records(index, reader, groups), 1 if options.live else options.batch):
        for writer, records in _by_writer(batch, options.live):
            created, existing = _taken(index, writer, channel, records, **how)
            _add(report, writer, created, existing)


def _readable(reader, groups):
    """Yield the records that are no nonsense; the others are noted when it is their turn."""
    for key, rows in groups:
        with suppress(Refused):
            check_readable(key, rows)
            yield reader.parse(key, rows)


def _by_writer(batch, is_live=False):
    """Yield (module that writes them, records): orders first, for the vouchers may undo them."""
    entries = [record for record in batch if isinstance(record, EntryRecord)]
    orders = [record for record in batch if not isinstance(record, EntryRecord)]
    writers = (live if is_live else historic, orders), (credits, entries)
    yield from ((writer, records) for writer, records in writers if records)


def _taken(index, writer, channel, records, **how):
    """Write `records` and return (how many are new, how many were there).

    When one of them is impossible each gets a transaction of its own, and the impossible are refused.
    """
    try:
        created = writer.write(channel, records, **how)
        return created, len(records) - created
    except CONTENT_ERRORS as error:
        if len(records) == 1:
            index.refuse(_refusals(records[0], error))
            return 0, 0
    each = [_taken(index, writer, channel, [record], **how) for record in records]
    return sum(created for created, _ in each), sum(existing for _, existing in each)


def _refusals(record, error):
    field = getattr(error, "field", None) or ""
    reason = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    return [Refusal(row, record.external_id, field, reason) for row in record.rows]


def _add(report, writer, created, existing):
    if writer is not credits:
        report.orders_created += created
        report.orders_existing += existing
    else:
        report.vouchers_created += created
        report.vouchers_existing += existing


def _count(channel, batches, report):
    """Count what would be created."""
    for batch in batches:
        for writer, records in _by_writer(batch):
            ids = [record.external_id for record in records]
            existing = len(writer.existing(channel, ids)) if channel.pk else 0
            _add(report, writer, len(ids) - existing, existing)


def _as_if_taken(kinds):
    for kind in kinds.values():
        kind.taken_rows, kind.taken_net = kind.rows - kind.refused_rows, kind.net - kind.refused_net
    return dict(sorted(kinds.items()))
