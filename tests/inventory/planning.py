"""Makers of past demand and of proposals, through the real services."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from inventory.models import Proposal, StockEntry
from inventory.services.demand_history import WEEK, monday
from inventory.services.replenish import run
from orders.models import Order
from orders.services.intake import LineIn
from orders.services.place import place
from tests.inventory.buying import lists, make_supplier
from tests.make import make_channel, make_location, make_order_in, make_sku, numbers
from tests.replay import replayed


def this_week():
    return monday(timezone.localdate())


@replayed
def sell(sku, weeks, *, channel=None, ago=1):
    """Orders of `weeks` [pieces], one a week, the last of them `ago` weeks ago; 0 is none."""
    channel = channel or make_channel()
    for back, pieces in zip(range(len(weeks) + ago - 1, ago - 1, -1), weeks, strict=True):
        if pieces:
            day = this_week() - back * WEEK + timedelta(days=2)
            moment = min(datetime.combine(day, time(12), timezone.get_current_timezone()), timezone.now())
            line = LineIn(sku.code, pieces, Decimal("9.50"))
            email = f"customer{next(numbers)}@example.com"
            place(make_order_in(line, channel=channel, email=email, ordered_at=moment))


@replayed
def backdate(sku, weeks):
    """Let the ledger of a SKU have begun so many weeks ago, and its reservations be of the orders' days."""
    entries = StockEntry.objects.filter(sku=sku)
    entries.update(at=timezone.now() - weeks * WEEK)
    for order in Order.objects.filter(lines__sku=sku).distinct():
        entries.filter(subject=order.subject).update(at=order.ordered_at)


@replayed
def make_known(*, location=None, left=5, weekly=10, weeks=20, **listed):
    """A SKU of which `weekly` pieces were sold in each of `weeks` and `left` are left; on the list of a supplier."""
    location = location or make_location()
    sku = make_sku(left + weekly * weeks, location, unit_cost=Decimal("4.00"))
    sell(sku, [weekly] * weeks)
    backdate(sku, weeks)
    lists(make_supplier(), sku, **{"moq": 1, "pack_size": 12} | listed)
    return sku


@replayed
def make_proposal(**fields):
    """The proposal to buy a SKU that runs out."""
    sku = make_known(**fields)
    run()
    return Proposal.objects.get(sku=sku, status=Proposal.Status.OPEN)
