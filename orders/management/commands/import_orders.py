import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from oms.lib.errors import DomainError
from orders.imports.index import Index
from orders.imports.records import ChannelDefaults
from orders.imports.report import as_json, as_text
from orders.imports.run import FORMATS, Options, run


class Command(BaseCommand):
    help = (
        "Import orders from a file (.csv, .gz, .xz; Northwind: its folder). Rows that cannot be taken are "
        "reported; an order is taken whole or not. Run it again to go on: what is there stays as it is."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--channel", required=True, help="code; made when the format knows how")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--live", action="store_true", help="place them here, to live their whole life")
        parser.add_argument(
            "--stock-at", nargs="+", default=[], metavar="LOCATION", help="with --live: receive there what they need"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and report, write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--currency", help="of a new channel for --format csv, with --country")
        parser.add_argument("--country", help="of a new channel's seller (ISO 3166)")
        parser.add_argument("--tz", default="UTC", help="of a new channel's seller (UTC)")
        parser.add_argument("--batch", type=int, default=300, help="orders in a transaction at most (300)")

    def handle(self, *, file, **options):
        chosen = Options(
            path=file,
            channel=options["channel"],
            format=options["format"],
            live=options["live"],
            dry_run=options["dry_run"],
            stock_at=tuple(options["stock_at"]),
            defaults=new_channel(options),
            batch=max(1, options["batch"]),
        )
        with Index() as index:
            try:
                report = run(index, chosen, progress=shown)
            except DomainError as error:
                raise CommandError(error.message) from None
            if options["json"]:
                for text in as_json(report, index.refusals()):
                    self.stdout.write(text, ending="")
            else:
                for line in as_text(report, index.refusals()):
                    self.stdout.write(line)


def new_channel(options):
    """Return what a channel that --format csv has to make begins with, or None."""
    code, currency, country = options["channel"], options["currency"], options["country"]
    if not (currency and country):
        return None
    return ChannelDefaults(name=code, currency=currency.upper(), country=country.upper(), tz=options["tz"], seller=code)


def shown(label, items, total):
    """Show a progress bar on a terminal."""
    return tqdm(items, desc=label, total=total, unit="", disable=not sys.stderr.isatty())
