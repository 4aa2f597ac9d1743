"""Asking carriers about the addresses of orders: what no carrier can deliver to is held before it is packed."""

import logging
import re
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from fulfilment.carriers.base import AddressBook, CarrierError
from fulfilment.models import AddressCheck, Carrier
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from oms.lib.plugins import load
from orders.models import Hold, Order
from orders.services import change, holds
from orders.services.address_rules import doubts_of

logger = logging.getLogger(__name__)

AT_ONCE = 100
MOST_FAILURES = 3
ASKED_FOR = timedelta(days=2)
SHIPPED_BY_CARRIERS = (Order.Method.STANDARD, Order.Method.EXPRESS)
PLACE = ("line1", "line2", "city", "region", "postcode", "country")
Verdict = AddressCheck.Verdict


def check_due():
    """Ask about the address of each new order in the countries in which a carrier is to be asked.

    A carrier that fails a few times is left alone until the next run, with the rest of its orders.
    """
    for carrier in books().exclude(checks_addresses_in=""):
        failures = 0
        for order in due(carrier)[:AT_ONCE]:
            try:
                check(order.pk, carrier, actor=f"carrier:{carrier.plugin}")
            except DomainError as error:
                logger.warning("The address of order %s is not checked: %s", order, error.message)
                failures += isinstance(error, CarrierError)
            if failures == MOST_FAILURES:
                break


def books():
    """Return the active carriers that can be asked about addresses."""
    asked = [alias for alias in settings.CARRIERS if isinstance(load(settings.CARRIERS, alias), AddressBook)]
    return Carrier.objects.active().filter(plugin__in=asked).order_by("pk")


def due(carrier):
    """Return the open orders of the last days whose present address nobody was asked about, oldest first."""
    countries = carrier.checks_addresses_in.split(", ")
    said = AddressCheck.objects.filter(order=OuterRef("pk"), address=OuterRef("ship_to"))
    rows = Order.objects.open().filter(ordered_at__gt=timezone.now() - ASKED_FOR, ship_country__in=countries)
    return rows.filter(~Exists(said), method__in=SHIPPED_BY_CARRIERS).order_by("pk")


def last_check(order):
    """Return the newest AddressCheck of the address that the order has now, or None."""
    return next((row for row in order.address_checks.select_related("carrier") if row.address == order.ship_to), None)


def check(order_id, carrier, *, actor):
    """Ask `carrier` about the address of an order and return the AddressCheck; what is not found is held.

    Raises CarrierError when it does not answer, InvalidTransition when the order needs no address any more.
    """
    order = Order.objects.get(pk=order_id)
    if not order.is_open or order.method not in SHIPPED_BY_CARRIERS:
        raise InvalidTransition(f"Order {order} is not to be sent to an address any more.")
    try:
        told = load(settings.CARRIERS, carrier.plugin).check_address(order.ship_to, carrier.code)
    except CarrierError as error:
        if error.retry:
            raise
        return _note(order_id, order.ship_to, carrier, Verdict.REFUSED, error.message, {}, actor=actor)
    verdict = Verdict.FOUND if told.is_found else Verdict.NOT_FOUND
    suggestion = {} if not told.is_found or is_same(told.address, order.ship_to) else told.address
    return _note(order_id, order.ship_to, carrier, verdict, told.said, suggestion, actor=actor)


def is_same(theirs, ours):
    """Whether two addresses are one, but for case, dots and commas, and the longer postcode of the carrier."""
    said, known = [[_plain(address.get(name, "")) for name in PLACE] for address in (theirs, ours)]
    postcode = PLACE.index("postcode")
    if known[postcode] and said[postcode].startswith(known[postcode]):
        said[postcode] = known[postcode]
    return said == known


def suggested(row):
    """Return the address of an AddressCheck as its carrier writes it, with who lives there."""
    return {name: value for name, value in row.address.items() if name not in PLACE} | row.suggestion


def use_suggestion(check_id, *, actor):
    """Give the order the address as the carrier writes it, and lift its address hold where nothing else is wrong.

    Raises InvalidTransition when the order has another address than was asked about, or cannot be changed any more.
    """
    row = AddressCheck.objects.select_related("order", "carrier").get(pk=check_id)
    return _use(row, actor=actor)


@command
def _use(row, *, actor):
    order = Order.objects.lock(row.order_id)
    if not row.suggestion:
        raise Invalid(f"{row.carrier} knows no other address.")
    address = suggested(row)
    if order.ship_to == address:
        return order
    if order.ship_to != row.address:
        raise InvalidTransition(f"Order {order} has another address by now: ask again.")
    change.change(order.pk, {"ship_to": address}, actor=actor)
    order = Order.objects.lock(order.pk)
    AddressCheck.objects.create(
        order=order, carrier=row.carrier, address=order.ship_to, verdict=Verdict.FOUND, said=row.said, actor=actor
    )
    for hold in order.holds.active().filter(kind=Hold.Kind.ADDRESS) if not doubts_of(order) else ():
        holds.release(order.pk, hold.pk, note=f"the address is {row.carrier}'s", actor=actor)
    return order


@command
def _note(order_id, address, carrier, verdict, said, suggestion, *, actor):
    order = Order.objects.lock(order_id)
    row = AddressCheck.objects.create(
        order=order,
        carrier=carrier,
        address=address,
        verdict=verdict,
        said=said[:200],
        suggestion=suggestion,
        actor=actor,
    )
    order.publish("order.address_checked", actor=actor, check=row.pk, reason=verdict)
    if verdict == Verdict.NOT_FOUND and order.is_open and order.ship_to == address:
        reason = f"{carrier} does not know the address: {said or 'it does not say why'}"
        holds.put(order_id, Hold.Kind.ADDRESS, reason, actor=actor)
    return row


def _plain(text):
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
