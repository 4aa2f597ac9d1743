"""Many orders placed together are what they would be one after the other, with a statement count of their own."""

from copy import deepcopy
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from inventory.models import KitComponent, StockEntry, StockLevel
from inventory.services import stock
from oms.lib.errors import DomainError
from oms.outbox.models import Delivery, Event
from orders.models import Customer, DaySlot, Order, Price, TaxRate
from orders.services import place as place_module
from orders.services import place_many as module
from orders.services.intake import ChargeIn, DiscountIn, LineIn, OrderIn, PaymentIn
from orders.services.place import place
from orders.services.place_many import place_many
from orders.services.pricing import forget_rates
from tests.make import ADDRESS, make_channel, make_location, make_order_in, make_sku

pytestmark = pytest.mark.django_db

IDS = {"id", "order", "line", "parent", "payment", "entry", "order_number"}
CODES = ["MUG", "CUP", "SET", "SONG", "LAMP", "NONE"]


@pytest.fixture
def world(db):
    """Two warehouses, one of which begins few orders a day; little stock, a kit, a download, four channels."""
    TaxRate.objects.create(country="DE", rate=Decimal("0.19"), valid_from="2020-01-01")
    forget_rates()
    near, far = make_location("NEAR"), make_location("FAR", lane=Decimal(9))
    few = make_location("FEW", lane=Decimal(1), daily_capacity=2)
    mug, cup = make_sku(9, near, code="MUG"), make_sku(6, far, code="CUP", unit_cost=Decimal(2))
    lamp = make_sku(3, few, code="LAMP")
    for sku, place_, pieces in ((mug, far, 4), (cup, near, 2), (lamp, far, 2)):
        stock.receive(sku, place_, pieces)
    kit = make_sku(code="SET", kind="kit")
    KitComponent.objects.create(kit=kit, component=mug, quantity=1)
    KitComponent.objects.create(kit=kit, component=cup, quantity=2)
    make_sku(code="SONG", kind="digital")
    channels = [
        make_channel(code="A"),
        make_channel(code="B", on_shortage="refuse", prices_include_tax=False, payment_gate="captured"),
        make_channel(code="C", buffer=2),
        make_channel(code="D", is_paused=True),
    ]
    for channel in channels[:2]:
        for min_qty, amount in ((1, "4.00"), (3, "3.5")):
            Price.objects.create(channel=channel, sku=mug, min_qty=min_qty, amount=Decimal(amount))
    return channels


amounts = st.sampled_from([None, Decimal("9.50"), Decimal("0.3333")])
lines = st.builds(LineIn, sku=st.sampled_from(CODES[:5] * 3 + CODES), quantity=st.integers(1, 4), unit_price=amounts)
payments = st.builds(
    PaymentIn,
    amount=st.sampled_from([Decimal("5.00"), Decimal("60.00"), Decimal("0.001")]),
    reference=st.sampled_from(["", "r1", "r2"]),
    state=st.sampled_from(["captured", "authorised"]),
)
orders = st.fixed_dictionaries(
    {
        "channel": st.sampled_from([0, 0, 0, 1, 2, 3]),
        "external_id": st.sampled_from([*"abcdefghijklmnop", ""]),
        "lines": st.lists(lines, min_size=1, max_size=3),
        "charges": st.lists(st.builds(ChargeIn, kind=st.just("shipping"), amount=st.just(Decimal("4.90"))), max_size=1),
        "discounts": st.lists(st.builds(DiscountIn, amount=st.just(Decimal("1.00"))), max_size=1),
        "payments": st.lists(payments, max_size=2),
        "email": st.sampled_from(["ann@example.com", "Ben@example.com", "", "nonsense"]),
        "gross": st.sampled_from([None, None, Decimal("12.34")]),
    }
)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(sent=st.lists(orders, min_size=1, max_size=8))
def test_what_many_become_is_what_each_would(world, sent):
    orders_in = [OrderIn(**one | {"channel": world[one["channel"]], "ship_to": dict(ADDRESS)}) for one in sent]
    with time_machine.travel("2026-03-04 09:00Z", tick=False):
        one_by_one = _undone(lambda: [_placed(order_in) for order_in in deepcopy(orders_in)])
        together = _undone(lambda: place_many(deepcopy(orders_in)))
    assert together == one_by_one


def _undone(act):
    """Return all that `act` left in the database, ids apart, and what it returned; nothing of it stays."""
    with transaction.atomic():
        found = [_outcome(result) for result in act()], _everything()
        transaction.set_rollback(True)
    return found


def _placed(order_in):
    try:
        with transaction.atomic():
            return place(order_in)
    except DomainError as error:
        return error


def _outcome(result):
    if isinstance(result, DomainError):
        return type(result).__name__, result.message, result.field
    return result.external_id, result.is_new, result.version, result.payment_state, result.promised_current


def _everything():
    customers = Customer.objects.order_by("email").values_list("email", "name", "locale")
    levels = StockLevel.objects.order_by("sku", "location").values_list("sku", "location", "on_hand", "reserved")
    return list(customers), list(levels), [_order(order) for order in Order.objects.order_by("pk")]


def _order(order):
    events = Event.objects.filter(subject=order.subject).order_by("sequence")
    entries = StockEntry.objects.filter(subject=order.subject).order_by("pk")
    return {
        "order": _row(order) | {"customer": order.customer and order.customer.email},
        "lines": [_row(row) | {"parent": row.parent and row.parent.position} for row in order.lines.all()],
        "charges": [_row(row) for row in order.charges.all()],
        "discounts": [_row(row) for row in order.discounts.all()],
        "allocations": [_row(row) | {"line": row.line.position} for row in order.allocations.order_by("pk")],
        "plans": [row.plans for row in order.decisions.all()],
        "keys": sorted(order.search_keys.exclude(kind="number").values_list("kind", "value")),
        "payments": [_row(row) for row in order.payments.all()],
        "entries": [_entry(entry) for payment in order.payments.all() for entry in payment.entries.all()],
        "events": [(row.name, row.sequence, row.actor, _without_ids(row.data)) for row in events],
        "consumers": sorted(Delivery.objects.filter(subject=order.subject).values_list("event__name", "consumer")),
        "stock": [(row.sku_id, row.location_id, row.delta, row.balance_after, row.reason) for row in entries],
    }


def _row(row):
    return _without_ids(model_to_dict(row) | {field.name: getattr(row, field.attname) for field in row._meta.fields})


def _entry(entry):
    assert entry.provider_ref == f"manual:given-{entry.pk}"
    return _row(entry) | {"provider_ref": None}


def _without_ids(data):
    return {name: value for name, value in data.items() if name not in IDS}


def test_eighty_orders_take_no_more_statements_than_forty_do():
    channel, skus = make_channel(), [make_sku(999) for _ in range(3)]
    paid = [PaymentIn(Decimal("28.50"))]

    def batch(name, count):
        fresh = {"channel": channel, "payments": paid}
        return [
            make_order_in(*skus, external_id=f"{name}{i}", email=f"{name}{i}@example.com", **fresh)
            for i in range(count)
        ]

    place_many(batch("warm", 41))  # what is looked up once a process
    taken = []
    for name, count in (("a", 41), ("b", 82)):
        with CaptureQueriesContext(connection) as queries:
            assert all(order.is_new for order in place_many(batch(name, count)))
        taken.append(len(queries))
    assert taken[0] == taken[1] < 50, taken


def test_a_location_of_few_orders_a_day_is_given_no_more():
    few, far = make_location(lane=Decimal(1), daily_capacity=2), make_location(lane=Decimal(9))
    sku, channel = make_sku(9, few), make_channel()
    stock.receive(sku, far, 9)
    found = place_many([make_order_in(sku, channel=channel) for _ in range(3)])
    assert [order.allocations.get().location for order in found] == [few, few, far]
    assert DaySlot.objects.count() == 2


def test_only_what_is_short_is_placed_alone(monkeypatch):
    """Each is sourced on what those before it left, so that the last does not send all of them the slow way."""
    alone = []
    monkeypatch.setattr(module.place, "place", lambda order_in, **words: alone.append(order_in) or place(order_in))
    sku, channel = make_sku(3), make_channel()
    sent = [make_order_in(sku, channel=channel) for _ in range(4)]
    place_many(sent)
    assert alone == sent[3:]


def test_one_bad_order_does_not_stop_the_others():
    sku, channel = make_sku(9), make_channel()
    sent = [make_order_in(sku, channel=channel) for _ in range(3)]
    sent[1].lines[0].sku = "NONE"
    first, bad, last = place_many(sent)
    assert (bad.field, first.is_new, last.is_new) == ("lines.0.sku", True, True)
    assert StockLevel.objects.get().reserved == 2


def test_what_others_took_meanwhile_is_sourced_anew_order_by_order(monkeypatch):
    """The stock that was looked at is gone when it is to be reserved: each order is placed alone then."""
    near, far = make_location(lane=Decimal(1)), make_location(lane=Decimal(9))
    sku, channel = make_sku(3, near), make_channel()
    stock.receive(sku, far, 9)
    write, tries = module.write, []

    def late(ready, **kwargs):
        tries.append(len(ready))
        stock.adjust(sku, near, -3, reason="lost")
        write(ready, **kwargs)

    monkeypatch.setattr(module, "write", late)
    # The loss is rolled back with the rest, so the others' taking is done again for good.
    monkeypatch.setattr(module, "place", _Losing(sku, near))
    orders = place_many([make_order_in(sku, channel=channel) for _ in range(3)])
    assert tries == [3]
    assert {order.allocations.get().location_id for order in orders} == {far.pk}
    assert Order.objects.count() == 3


class _Losing:
    """orders.services.place, before whose first order somebody loses all pieces at a place."""

    def __init__(self, sku, location):
        self.sku, self.location, self.is_lost = sku, location, False

    def __getattr__(self, name):
        return getattr(place_module, name)

    def place(self, order_in, **kwargs):
        if not self.is_lost:
            self.is_lost = True
            stock.adjust(self.sku, self.location, -3, reason="lost")
        return place(order_in, **kwargs)
