from django.core.management.base import BaseCommand, CommandError

from inventory.models import Location, Sku
from oms.lib.errors import DomainError
from orders.models import Channel
from orders.services.resource import MOST_ORDERS, apply, choose_orders, propose


class Command(BaseCommand):
    help = "Source open orders anew, together: say what would be better, or do it with --apply."

    def add_arguments(self, parser):
        parser.add_argument("--location", help="orders with pieces reserved at the location with this code")
        parser.add_argument("--sku", help="orders that want the SKU with this code")
        parser.add_argument("--channel", help="orders of the channel with this code")
        parser.add_argument("--orders", type=int, default=MOST_ORDERS, help=f"at most so many, up to {MOST_ORDERS}")
        parser.add_argument("--apply", action="store_true", help="do it")

    def handle(self, *, location, sku, channel, orders, **options):
        rows = {"location": _find(Location, location), "sku": _find(Sku, sku), "channel": _find(Channel, channel)}
        try:
            proposal = propose(choose_orders(**rows, most=min(orders, MOST_ORDERS)))
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"{proposal.orders} orders looked at, {len(proposal.moves)} moves in {len(proposal.groups)} groups: "
            f"{proposal.freed} pieces fewer wait, {proposal.saved} saved."
        )
        if options["apply"]:
            done = apply(proposal.groups, actor="command:source_orders")
            self.stdout.write(f"{done.orders} orders sourced anew.")
            for words in done.refused:
                self.stdout.write(f"Not done: {words}")


def _find(model, code):
    """Return the row with a code, None where none is asked for."""
    if code is None:
        return None
    found = model.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"There is no {model._meta.verbose_name} {code}.")
    return found
