"""Where the pieces of a SKU are, for a person: each bucket, what is in transit and ordered, what kits can be made."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Bin, KitComponent, Sku, StockLevel
from inventory.services import draft_transfer, quarantine, receive_transfer, ship_transfer, stock
from inventory.services.bins import system_bin
from inventory.services.past_stock import in_transit_then
from inventory.services.whereabouts import makeable, unfit_at, whereabouts
from oms import roles
from tests.inventory.buying import make_sent
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def hamburg():
    return make_location("HAM")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG")


def send(sku, source, target, pieces):
    transfer = draft_transfer.draft(source, target, lines={sku: pieces})
    draft_transfer.make_ready(transfer.pk)
    return ship_transfer.ship(transfer.pk)


def test_what_is_in_transit_stands_at_its_target_before_anything_is_there(mug, berlin, hamburg):
    transfer = send(mug, berlin, hamburg, 6)
    assert [(row.location, row.level.on_hand, row.more) for row in whereabouts(mug)] == [
        (berlin, 4, []),
        (hamburg, 0, [("in transit", 6)]),
    ]
    receive_transfer.receive(transfer.pk, {transfer.lines.get().pk: (6, 0)})
    assert [(row.location, row.level.on_hand, row.more) for row in whereabouts(mug)] == [
        (berlin, 4, []),
        (hamburg, 6, []),
    ]


def test_what_is_out_of_sale_says_why_and_adds_up(mug, berlin):
    quarantine.put(mug, system_bin(berlin, Bin.Kind.DOCK), 3)
    stock.set_unavailable(mug, berlin, 2, reason="damaged")
    stock.set_safety(mug, berlin, 1)
    causes = [("in quarantine", 3), ("set aside", 2)]
    assert whereabouts(mug)[0].more == [*causes, ("kept as safety stock", 1)]
    assert unfit_at(StockLevel.objects.get(sku=mug)) == causes


def test_ordered_goods_stand_where_they_go(berlin):
    order = make_sent(5, location=berlin)
    sku = order.lines.get().sku
    assert [(row.location, row.more) for row in whereabouts(sku)] == [(berlin, [("ordered", 5)])]


def test_a_past_moment_names_what_was_in_transit(mug, berlin, hamburg):
    before = timezone.now()
    transfer = send(mug, berlin, hamburg, 6)
    between = timezone.now()
    receive_transfer.receive(transfer.pk, {transfer.lines.get().pk: (6, 0)})
    assert in_transit_then(mug, before - timedelta(seconds=1)) == {}
    assert in_transit_then(mug, between) == {hamburg: 6}
    assert in_transit_then(mug, timezone.now()) == {}


def test_lists_and_pages_show_it(client, mug, berlin, hamburg):
    stock.receive(mug, hamburg, 1)
    send(mug, berlin, hamburg, 6)
    level = StockLevel.objects.with_in_transit().get(sku=mug, location=hamburg)
    assert level.in_transit == 6
    client.force_login(make_user(roles.BUYER))
    assert '<td class="field-in_transit' in client.get("/admin/inventory/stocklevel/").content.decode()
    assert "6 to HAM" in client.get("/admin/inventory/past/?sku=MUG").content.decode()


def test_the_ledger_says_what_a_correction_was_worth_to_who_may_see_it(client, mug, berlin):
    Sku.objects.update(unit_cost=3)
    stock.adjust(mug, berlin, -2, reason="lost")
    seen = {}
    for role in (roles.FINANCE, roles.CS):
        client.force_login(make_user(role))
        seen[role] = "-6.00" in client.get("/admin/inventory/stockentry/").content.decode()
    assert seen == {roles.FINANCE: True, roles.CS: False}


def test_a_kit_says_how_many_can_be_made_and_where(client, mug, berlin, hamburg):
    plate = make_sku(9, hamburg, code="PLATE")
    stock.receive(plate, berlin, 3)
    kit = make_sku(code="SET", kind=Sku.Kind.KIT)
    KitComponent.objects.create(kit=kit, component=mug, quantity=2)
    KitComponent.objects.create(kit=kit, component=plate, quantity=1)
    pieces, at, parts = makeable(kit)
    assert (pieces, at, len(parts)) == (5, {"BER": 3, "HAM": 0}, 2)
    client.force_login(make_user(roles.BUYER))
    page = client.get(f"/admin/inventory/sku/{kit.pk}/change/").content.decode()
    assert "5 can be made of its parts; of those of one location: BER 3" in page
    client.force_login(make_user(roles.LEAD))
    client.post("/stock/place/", {"place": berlin.pk})
    page = client.get("/stock/item/?code=SET").content.decode()
    assert "Kits that can be made: 5" in page
    assert "Quarantine" not in page
