from inventory.imports.floor_plan import FloorBins
from inventory.models import Location
from oms.lib.errors import NotFound
from oms.lib.row_command import RowCommand


class Command(RowCommand):
    help = f"Put bins on the floor plan of a location from a CSV file. Columns: {', '.join(FloorBins.known)}."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--location", required=True, metavar="CODE")
        parser.add_argument(
            "--cross", nargs="+", type=float, default=[], metavar="METRES", help="cross-aisles of a plan to be drawn"
        )

    def table(self, options):
        location = Location.objects.filter(code__iexact=options["location"]).first()
        if location is None:
            raise NotFound(f"There is no location {options['location']}.", field="location")
        return FloorBins(location, cross_cm=[round(100 * metres) for metres in options["cross"]])
