"""Parcels on the road, from a Monday's noon to come on, so that nothing is overdue today."""

from datetime import UTC, datetime

from fulfilment.models import Carrier
from fulfilment.services.deliver import track
from fulfilment.services.hand_over import hand_over
from fulfilment.services.ship import ship
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed
from tests.make import numbers
from tests.replay import replayed

MONDAY = datetime(2027, 3, 1, 12, tzinfo=UTC)


@replayed
def make_carrier(code="dhl", **fields):
    fields = {"name": code.upper(), "tracking_url": "https://carrier.example/?n={number}"} | fields
    return Carrier.objects.get_or_create(code=code, defaults=fields)[0]


@replayed
def shipped(*, carrier="dhl", number=None, shelf=None, **fields):
    """A parcel of an order of its own that is shipped in the books and still here."""
    make_carrier(carrier)
    _, (cup,) = shelf or make_shelf(5)
    parcel = packed(confirmed((cup, 1), **fields))
    tracking = {parcel.pk: number or f"JD{next(numbers)}"}
    return ship(parcel.fulfilment_order_id, carrier=carrier, tracking=tracking, actor=ACTOR)[0]


@replayed
def on_road(**fields):
    """A parcel that the carrier took along."""
    parcel = shipped(**fields)
    hand_over(parcel.fulfilment_order.location, [parcel.pk], actor=ACTOR)
    parcel.refresh_from_db()
    return parcel


def scanned(parcel, at, code="in_transit"):
    """The carrier's webhook said `code` of a parcel at `at`."""
    track(parcel.pk, code, at=at, text="Sorted", place="LEIPZIG, DE", actor="carrier:easypost")
