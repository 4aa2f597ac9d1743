import json

from django.core.management.base import BaseCommand, CommandError

from inventory.models import Location
from inventory.services.replenish import run


class Command(BaseCommand):
    help = "Forecast what will be sold, and propose what to buy and to carry over. As each night, by hand."

    def add_arguments(self, parser):
        parser.add_argument("--location", help="propose for this location only (its code)")
        parser.add_argument("--json", action="store_true", help="write the counts as JSON")

    def handle(self, *, location, **options):
        place = Location.objects.filter(code__iexact=location).first() if location else None
        if location and place is None:
            raise CommandError(f"There is no location {location}.")
        counts = run(location=place, is_automatic=place is None)
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(
                "{forecasts} forecasts; {made} new proposals, {changed} changed, {expired} not needed any more; "
                "{ordered} purchase orders made by themselves.".format(**counts)
            )
