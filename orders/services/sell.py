"""Orders that partners send: what a till sold is gone already and leaves at once, the rest is placed."""

from contextlib import nullcontext

from django.db import connection, transaction

from oms.lib.errors import DomainError, Retry
from oms.lib.plugins import named
from oms.subscribers import AT_THE_TILL
from orders.models import Channel
from orders.services.place import place
from orders.services.place_many import place_many


def is_sold(order_in):
    """Whether `order_in` comes from a till."""
    return order_in.channel.kind == Channel.Kind.STORE


def place_or_sell(order_in, *, actor):
    """Return the Order of `order_in`: of a till's all is delivered."""
    return (named(AT_THE_TILL) if is_sold(order_in) else place)(order_in, actor=actor)


def place_or_sell_many(orders_in, *, actor):
    """As `place_many`; what tills sold goes first: nobody else can have it any more."""
    found = {at: _sell(order_in, actor) for at, order_in in enumerate(orders_in) if is_sold(order_in)}
    placed = iter(place_many([order_in for order_in in orders_in if not is_sold(order_in)], actor=actor))
    return [found[at] if at in found else next(placed) for at in range(len(orders_in))]


def _sell(order_in, actor):
    """Return the Order, or what was wrong."""
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return place_or_sell(order_in, actor=actor)
    except (DomainError, Retry) as error:
        return error
