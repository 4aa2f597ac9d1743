import time

import pytest
from django.db import transaction

from fulfilment.models import Carrier, FulfilmentOrder, Parcel
from fulfilment.services import label, pack
from fulfilment.services.ship import ship
from fulfilment.services.unship import unship
from inventory.models import BinStock, KitComponent, StockEntry, StockLevel
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from orders.models import Allocation
from orders.services import holds, search
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, picked, work_of
from tests.make import make_channel, make_sku
from tests.race import race

pytestmark = pytest.mark.django_db


def send(order, **kwargs):
    return ship(work_of(order).pk, actor=ACTOR, **kwargs)


def level(sku):
    row = StockLevel.objects.get(sku=sku)
    return row.on_hand, row.reserved


def test_what_is_set_aside_or_gone_is_neither_shipped_nor_set_aside():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 1))
    packed(order)
    pack.set_aside(work_of(order).pk, "lid")
    with pytest.raises(InvalidTransition, match=r"set aside \(lid\)"):
        send(order)
    pack.set_aside(work_of(order).pk, "")
    send(order)
    with pytest.raises(InvalidTransition, match="it is at no bench"):
        pack.set_aside(work_of(order).pk, "lid")


def test_a_number_that_another_order_goes_by_is_refused():
    _, (cup,) = make_shelf(5)
    order, other = confirmed((cup, 1)), confirmed((cup, 1))
    first, second = packed(order), packed(other)
    send(order, tracking={first.pk: "DUP1"})
    with pytest.raises(Invalid, match=f"DUP1 is on {first} of order {order} already"):
        send(other, tracking={second.pk: "DUP1"})
    with pytest.raises(Invalid, match="DUP1 is on"):
        label.buy(second.pk, tracking_number="DUP1", actor=ACTOR)
    send(other, tracking={second.pk: "DUP2"})


def test_stock_leaves_and_the_order_has_shipped():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 3))
    parcel = packed(order)
    Carrier.objects.create(code="dhl", name="DHL", tracking_url="https://dhl.example/?n={number}")

    [shipped] = send(order, carrier="DHL", service="Paket", tracking={parcel.pk: "0034 04"})

    assert (shipped.status, shipped.service, shipped.tracking_number) == ("shipped", "Paket", "0034 04")
    assert shipped.tracking_url == "https://dhl.example/?n=0034%2004"
    assert level(cup) == (2, 0)
    assert [row.status for row in order.allocations.all()] == ["shipped"]
    assert [line.shipped for line in order.lines.all()] == [3]
    order.refresh_from_db()
    assert (order.fulfilment_state, bool(order.shipped_at)) == ("shipped", True)
    assert work_of(order).status == "shipped"
    event = Event.objects.get(name="order.shipped")
    assert event.data["parcels"] == [parcel.pk]
    assert event.data["fulfilment_order"] == work_of(order).pk
    assert event.data["final"] is True
    assert list(search.find("0034 04")) == [order.pk]
    assert list(search.find(str(parcel))) == [order.pk]


def test_shipping_twice_ships_once():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 3))
    parcel = packed(order)
    assert send(order) == send(order) == [parcel]
    assert level(cup) == (2, 0)
    assert Event.objects.filter(name="order.shipped").count() == 1
    assert StockEntry.objects.filter(reason="ship", bucket="on_hand").count() == 1


def test_a_part_leaves_and_the_rest_goes_on():
    _, (cup, pot) = make_shelf(9, 9)
    order = confirmed((cup, 3), (pot, 1))
    picked(order)
    first = work_of(order)
    pack.scan(first.pk, cup.code, actor=ACTOR)
    parcel = pack.scan(first.pk, cup.code, actor=ACTOR).parcel
    pack.close_parcel(parcel.pk, actor=ACTOR)

    ship(first.pk, actor=ACTOR)

    left, rest = FulfilmentOrder.objects.filter(order=order).order_by("pk")
    assert (left.status, rest.status, rest.tote_code) == ("shipped", "picking", left.tote_code)
    assert [(line.sku, line.quantity, line.shipped) for line in left.lines.all()] == [(cup, 2, 2)]
    assert sorted((line.sku.code, line.quantity, line.picked) for line in rest.lines.all()) == sorted(
        [(cup.code, 1, 1), (pot.code, 1, 1)]
    )
    assert sorted(order.allocations.filter(sku=cup).values_list("status", "quantity")) == [
        ("picked", 1),
        ("shipped", 2),
    ]
    assert Event.objects.get(name="order.shipped").data["final"] is False
    order.refresh_from_db()
    assert order.fulfilment_state == "partly_shipped"

    for code in (cup, pot):
        parcel = pack.scan(rest.pk, code.code, actor=ACTOR).parcel
    pack.close_parcel(parcel.pk, actor=ACTOR)
    ship(rest.pk, actor=ACTOR)
    order.refresh_from_db()
    assert order.fulfilment_state == "shipped"
    assert Event.objects.filter(name="order.shipped").last().data["final"] is True
    assert (level(cup), level(pot)) == ((6, 0), (8, 0))


def test_one_of_two_parcels_leaves():
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 3))
    picked(order)
    row = work_of(order)
    one = pack.scan(row.pk, cup.code, actor=ACTOR).parcel
    pack.close_parcel(one.pk, actor=ACTOR)
    pack.scan(row.pk, cup.code, actor=ACTOR)
    two = pack.scan(row.pk, cup.code, actor=ACTOR).parcel
    pack.close_parcel(two.pk, actor=ACTOR)

    ship(row.pk, parcels=[two.pk], actor=ACTOR)

    one.refresh_from_db()
    rest = FulfilmentOrder.objects.exclude(pk=row.pk).get()
    assert (one.status, one.fulfilment_order) == ("packed", rest)
    ship(rest.pk, actor=ACTOR)
    assert level(cup) == (6, 0)
    assert set(Allocation.objects.values_list("status", flat=True)) == {"shipped"}


@pytest.mark.parametrize("why", ["held", "cancelling", "open parcel"])
def test_what_must_not_leave_stays(why):
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 1))
    if why == "open parcel":
        picked(order)
        pack.scan(work_of(order).pk, cup.code, actor=ACTOR)
    else:
        packed(order)
    if why == "held":
        holds.put(order.pk, "manual", "wait")
    if why == "cancelling":
        cancel(order.pk, reason="changed mind")
        deliver()
    with pytest.raises((Invalid, InvalidTransition)), transaction.atomic():
        send(order)
    assert level(cup) == (5, 1)
    assert not Parcel.objects.gone().exists()


def test_unknown_carrier_is_named():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 1))
    packed(order)
    with pytest.raises(Invalid, match="There is no carrier hermes"):
        send(order, carrier="hermes")
    assert work_of(order).status == "packed"


def test_unship_brings_everything_back_and_ships_again():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 3))
    parcel = packed(order)
    send(order)

    for _ in range(2):
        unship(work_of(order).pk, actor=ACTOR)
    assert level(cup) == (5, 3)
    assert BinStock.objects.get(bin__kind="stage").quantity == 3
    parcel.refresh_from_db()
    assert (parcel.status, parcel.shipped_at, work_of(order).status) == ("packed", None, "packed")
    assert [(line.shipped, line.on_floor) for line in order.lines.all()] == [(0, 3)]
    assert Event.objects.get(name="order.unshipped").data["parcels"] == [parcel.pk]
    order.refresh_from_db()
    assert order.fulfilment_state == "on_floor"

    send(order)
    assert level(cup) == (2, 0)
    assert StockEntry.objects.filter(reason="ship", bucket="on_hand").count() == 2


def test_kit_ships_when_its_parts_do():
    _, (cup, pot) = make_shelf(9, 9)
    kit = make_sku(kind="kit")
    KitComponent.objects.create(kit=kit, component=cup, quantity=2)
    KitComponent.objects.create(kit=kit, component=pot, quantity=1)
    order = confirmed((kit, 2))
    packed(order)
    send(order)
    assert [(line.sku, line.shipped) for line in order.lines.all()] == [(kit, 2), (cup, 4), (pot, 2)]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_packers_ship_one_order():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 3))
    packed(order)
    row = work_of(order)
    answers = race(lambda number: [parcel.pk for parcel in ship(row.pk, actor=f"user:{number}")], 6)
    assert len({tuple(answer) for answer in answers}) == 1
    assert level(cup) == (2, 0)
    assert Event.objects.filter(name="order.shipped").count() == 1


def test_locks_order_before_stock(assert_locks):
    _, (cup,) = make_shelf(5)
    channel = make_channel()
    first, order = (confirmed((cup, pieces), channel=channel) for pieces in (1, 3))
    for each in (first, order):
        packed(each)
    send(first)  # the first invoice makes the series, and locks it twice
    row = work_of(order)
    with assert_locks(
        "orders_order",
        "orders_orderline",
        "orders_allocation",
        "fulfilment_fulfilmentorder",
        "fulfilment_parcel",
        "fulfilment_picklist",
        "orders_orderline",
        "inventory_stocklevel",
        "inventory_binstock",
        "orders_numberseries",
    ):
        ship(row.pk, actor=ACTOR)


def test_the_rest_is_packed_when_all_of_it_lies_in_a_closed_parcel():
    _, (cup, pot) = make_shelf(5, 5)
    order = confirmed((cup, 1), (pot, 1))
    picked(order)
    row = work_of(order)
    parcels = []
    for sku in (cup, pot):
        parcels.append(pack.scan(row.pk, sku.code, actor=ACTOR).parcel_id)
        pack.close_parcel(parcels[-1], weight_g=300, actor=ACTOR)
    ship(row.pk, parcels=parcels[:1], actor=ACTOR)
    rest = FulfilmentOrder.objects.exclude(pk=row.pk).get()
    assert rest.status == "packed"
    assert ship(rest.pk, actor=ACTOR)


def race_with_a_void(parcel):
    """Ship a parcel, committed 0.6 s later, and void its label meanwhile; return what each said."""

    def ship_or_void(number):
        if number == 0:
            with transaction.atomic():
                ship(parcel.fulfilment_order_id, actor=ACTOR)
                time.sleep(0.6)
            return "shipped"
        time.sleep(0.3)  # it has left, and nobody else can see that yet
        try:
            label.void(parcel.pk, actor=ACTOR)
        except InvalidTransition as error:
            return error.message
        return "voided"

    return sorted(race(ship_or_void, 2))


@pytest.fixture
def labelled():
    _, (cup,) = make_shelf(5)
    parcel = packed(confirmed((cup, 1)))
    return label.buy(parcel.pk, tracking_number="JD1", actor=ACTOR)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_label_is_not_voided_under_a_parcel_that_leaves_meanwhile(labelled):
    assert race_with_a_void(labelled) == [f"Parcel {labelled} is shipped; take the shipment back first.", "shipped"]
    labelled.refresh_from_db()
    assert (labelled.status, labelled.tracking_number) == ("shipped", "JD1")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_who_voids_the_parcel_he_looked_at_before_voids_one_that_left(labelled, monkeypatch):
    monkeypatch.setattr(label, "claim_parcel", lambda pk: (pack.claim_parcel(pk)[0], labelled))
    assert race_with_a_void(labelled) == ["shipped", "voided"]
