"""What a customer may do about his goods by his link: send them back, as the channel's policy allows.

What is said to him is in the active language.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.models import Sku
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.tries import has_tries_left
from orders.models import Order
from orders.services.by_customer import ACTOR, TooLate, TooManyTries
from returns.services.request import policy_of, request, window_closes_at

TRIES = 10  # an hour, for an order


@dataclass(frozen=True)
class Offer:
    """What can come back: order lines with `returnable` pieces, until when, and what is kept of the refund for it."""

    lines: tuple
    until: datetime | None
    is_over: bool
    fee: Decimal
    is_free_when_faulty: bool

    @property
    def is_open(self):
        return bool(self.lines) and not self.is_over


def offer_of(order):
    """Return the Offer of `order` (its channel at hand) as it is now; what was imported needs a place to go."""
    policy = policy_of(order.channel)
    has_place = policy.location_id or order.origin == Order.Origin.LIVE
    lines = order.lines.leaves().filter(kind=Sku.Kind.PHYSICAL) if has_place else ()
    lines = tuple(line for line in lines if line.returnable > 0)
    until = window_closes_at(order, policy)
    is_over = bool(until and until < timezone.now())
    return Offer(lines, until, is_over, policy.fee, policy.is_free_when_faulty)


def send_back(order_id, lines, *, note=""):
    """Open a return of `lines` ([ReturnLineIn]) for the customer; returns the Return.

    Raises TooLate where nothing of it may come back any more, TooManyTries after TRIES of them within an
    hour, and Invalid, naming the field, as `request` does.
    """
    if not has_tries_left(f"return:{order_id}", most=TRIES, per_s=3600):
        raise TooManyTries(_("Too many tries for now: please try again in an hour."))
    return _open(order_id, lines, note)


@command
def _open(order_id, lines, note):
    offer = offer_of(Order.objects.lock(order_id))
    if not offer.is_open:
        raise TooLate(f"Nothing of order {order_id} can come back any more.")
    left = {line.pk: line.returnable for line in offer.lines}
    if any(line.quantity > left.get(line.line_id, 0) for line in lines):
        raise Invalid(_("So many pieces cannot come back. Please look again."), field="lines")
    return request(order_id, lines, note=note, actor=ACTOR)
