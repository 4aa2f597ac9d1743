"""Makers of transfers for tests, through the real services."""

from inventory.services import draft_transfer, ship_transfer
from tests.make import make_location, make_sku
from tests.replay import replayed


@replayed
def make_transfer(target, quantity=6):
    """A transfer to `target` that has left: so many pieces of a SKU of its own."""
    source = make_location()
    transfer = draft_transfer.draft(source, target, lines={make_sku(20, source): quantity})
    draft_transfer.make_ready(transfer.pk)
    return ship_transfer.ship(transfer.pk)
