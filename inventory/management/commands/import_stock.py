from datetime import date

from django.core.management.base import CommandError

from inventory.imports.stock import Stock, beginning
from inventory.models import Location
from oms.lib.row_command import RowCommand


class Command(RowCommand):
    help = (
        "Correct the stock of a location to what was counted on a day, before its first movement; what was "
        f"booked since stays. Columns: {', '.join(Stock.known)}."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--location", required=True, metavar="CODE")
        parser.add_argument("--date", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")

    def table(self, options):
        location = Location.objects.filter(code__iexact=options["location"]).first()
        if location is None:
            raise CommandError(f"There is no location {options['location']}.")
        return Stock(location, counted_at=beginning(options["date"], location))
