"""What a customer may do about his own order by his link: stop it, send it elsewhere, have the link again.

What is said to him is in the active language.
"""

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from oms.lib.tries import forget_tries, has_tries_left
from orders.models import Allocation, Order, SearchKey
from orders.promise.transit import NO_HOLIDAYS, next_cutoff
from orders.services import change
from orders.services.cancel import cancel
from orders.services.network import network
from orders.services.search import normalise
from orders.services.tell_customer import tell_customer

ACTOR = "customer"
TRIES = 5


class TooLate(InvalidTransition):
    """The warehouse has begun, or the order is over."""


class TooManyTries(DomainError):
    """Somebody guesses."""

    status = 429


def may_change(order):
    """Whether the customer may still stop or redirect it: nothing is on the floor, and nobody has asked to stop it."""
    return not order.cancel_requested_at and change.is_changeable(order)


def deadline(order, *, now):
    """Return the first cut-off of the places that will pack it, until which it may be packed; None: no such place."""
    rows = Allocation.objects.filter(order=order, status=Allocation.Status.RESERVED, location__tracks_stock=True)
    known, cutoffs = network(), []
    for location_id in rows.values_list("location_id", flat=True).order_by().distinct():
        place = known.place(location_id)
        free = known.holidays.get(location_id, NO_HOLIDAYS)
        cutoffs.append(next_cutoff(now, tz=place.tz, cutoff=place.cutoff, holidays=free))
    return min(cutoffs, default=None)


@command
def stop(order_id):
    """Cancel the whole order, at once and without asking the floor; a cancelled one is returned as it is.

    Raises TooLate where the floor would have to be asked.
    """
    order = Order.objects.lock(order_id)
    if order.status == Order.Status.CANCELLED:
        return order
    _check(order)
    return cancel(order_id, reason="cancelled by the customer", actor=ACTOR)


@command
def readdress(order_id, ship_to):
    """Send the order to `ship_to` (name, company, line1, line2, postcode, city, region) in the same country.

    The address is checked like a new one, and what is doubtful is held for a person. Raises TooLate, and
    Invalid, naming the field, also where the new address would cost another tax or price: then a person
    has to look at it.
    """
    order = Order.objects.lock(order_id)
    _check(order)
    kept = {name: order.ship_to[name] for name in ("country", "phone") if name in order.ship_to}
    planned = change.preview(order_id, {"ship_to": ship_to | kept}, actor=ACTOR)
    if planned.delta:
        raise Invalid(_("This address would change the price: please write to us."), field="ship_to.region")
    return change.apply(planned.pk, actor=ACTOR)


def has_proof(order):
    """Whether there is anything that its customer could prove himself by: his postcode is on his page."""
    return bool(order.email)


def check_proof(order, proof):
    """Check that `proof` is the order's e-mail address, however it is typed.

    Raises Invalid when it is not, TooManyTries after TRIES wrong ones within an hour, even if it is right.
    """
    key = f"proof:{order.pk}"
    if not has_tries_left(key, most=TRIES, per_s=3600):
        raise TooManyTries(_("Too many tries for now: please try again in an hour."), field="proof")
    if not has_proof(order) or not constant_time_compare(_plain(proof), _plain(order.email)):
        raise Invalid(_("This is not the e-mail address of the order."), field="proof")
    forget_tries(key)


def mail_link(number, email):
    """Mail the link of order `number` (ours, or its channel's) to `email` if that is its address.

    Says nothing of whether it did, and does it at most once an hour for an order.
    """
    kinds = [SearchKey.Kind.NUMBER, SearchKey.Kind.EXTERNAL]
    keys = SearchKey.objects.filter(kind__in=kinds, value=normalise(number).lstrip("#"))
    orders = keys.filter(order__email=email.strip().lower()).exclude(order__status=Order.Status.DRAFT)
    for order_id in set(orders.values_list("order_id", flat=True)[:5]):
        tell_customer("order_link", order_id, cause=f"link:{timezone.now():%Y-%m-%dT%H}")


def _check(order):
    if not may_change(order):
        raise TooLate(f"Order {order} cannot be changed any more.")


def _plain(text):
    return "".join(text.casefold().split())
