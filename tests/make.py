"""Makers of rows for tests: one call, sensible defaults, only what the test is about in its arguments."""

from decimal import Decimal
from itertools import count

from django.contrib.auth.models import Group, User

from inventory.models import Location, Sku
from inventory.services import stock
from oms.roles import sync_roles
from orders.models import Channel, Lane, Order, Seller, SourcingRule, SourcingStrategy
from orders.services.intake import LineIn, OrderIn
from orders.services.network import forget_network
from orders.services.place import place
from tests.replay import replayed

numbers = count(10_001)  # of one length, so that what is made later is also sorted after

ADDRESS = {"name": "Ann Miller", "line1": "Unter den Linden 1", "city": "Berlin", "postcode": "10117", "country": "DE"}


@replayed
def make_location(code=None, *, lane=Decimal("4.90"), **fields):
    """A warehouse that sends anywhere for `lane`; None: no lane."""
    code = code or f"WH{next(numbers)}"
    location = Location.objects.create(code=code, **{"name": code, "tz": "Europe/Berlin"} | fields)
    if lane is not None:
        Lane.objects.create(location=location, zone="*", base=lane, transit_days=2)
    forget_network()
    return location


@replayed
def make_sku(on_hand=0, location=None, *, code=None, **fields):
    """A SKU, `on_hand` pieces of it at `location` or at a warehouse of its own."""
    sku = Sku.objects.create(code=code or f"SKU-{next(numbers)}", **{"name": "Mug", "weight_g": 300} | fields)
    if on_hand:
        stock.receive(sku, location or make_location(), on_hand)
    return sku


@replayed
def make_seller(**fields):
    defaults = {
        "legal_name": "Mugs GmbH",
        "country": "DE",
        "vat_id": "DE123456789",
        "tz": "Europe/Berlin",
        "address": {"line1": "Torstr. 1", "city": "Berlin", "postcode": "10119", "country": "DE"},
    }
    return Seller.objects.create(code=f"S{next(numbers)}", **defaults | fields)


@replayed
def make_channel(**fields):
    code = f"CH{next(numbers)}"
    fields = {"code": code, "name": code, "brand_name": "Mugs", "gateway": "manual"} | fields
    return Channel.objects.create(seller=fields.pop("seller", None) or make_seller(), **fields)


@replayed
def make_strategy(*rules, **fields):
    """A strategy with `rules` ({field: value}) in this order; `fields` are its penalties, say."""
    strategy = SourcingStrategy.objects.create(**{"name": f"Strategy {next(numbers)}"} | fields)
    for position, rule in enumerate(rules):
        SourcingRule.objects.create(strategy=strategy, position=position, **rule)
    forget_network()
    return strategy


def make_order_in(*lines, channel=None, **fields):
    """An OrderIn of `lines` (LineIn, or a SKU: one piece for 9.50)."""
    rows = [line if isinstance(line, LineIn) else LineIn(line.code, 1, Decimal("9.50")) for line in lines]
    defaults = {"external_id": f"x{next(numbers)}", "email": "ann@example.com", "ship_to": dict(ADDRESS)}
    return OrderIn(channel=channel or make_channel(), lines=rows, **defaults | fields)


@replayed
def make_order(sku=None, quantity=1, *, unit_price=Decimal("9.50"), **fields):
    """An order of `quantity` pieces, PLACED; with no SKU given, one that has ten pieces in stock."""
    line = LineIn((sku or make_sku(10)).code, quantity, unit_price)
    return Order.objects.get(pk=place(make_order_in(line, **fields)).pk)


@replayed
def make_user(*role_names, **fields):
    """Somebody of the staff with these roles (oms/roles.py)."""
    if Group.objects.filter(name__in=role_names).count() < len(role_names):  # a test that commits leaves none
        sync_roles()
    user = User.objects.create_user(f"user{next(numbers)}", is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=role_names))
    return user
