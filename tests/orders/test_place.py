from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import KitComponent, Sku, StockEntry, StockLevel
from inventory.services import stock
from oms.lib.errors import InsufficientStock, Invalid
from oms.outbox.models import Event
from orders.models import Allocation, Lane, Order, TaxRate
from orders.services.intake import ChargeIn, DiscountIn, LineIn
from orders.services.place import place
from orders.services.pricing import forget_rates
from tests.make import ADDRESS, make_channel, make_location, make_order_in, make_sku, numbers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _german_vat(db):
    TaxRate.objects.create(country="DE", rate=Decimal("0.19"), valid_from="2020-01-01")
    TaxRate.objects.create(country="FR", rate=Decimal("0.20"), valid_from="2020-01-01")
    forget_rates()


def test_reserves_stock_and_publishes():
    sku = make_sku(5)
    order = place(make_order_in(LineIn(sku.code, 3, Decimal("2.00"))))
    assert StockLevel.objects.get(sku=sku).reserved == 3
    assert StockEntry.objects.get(bucket="reserved").subject == order.subject
    assert Allocation.objects.get(order=order).status == "reserved"
    assert Event.objects.get(name="order.placed").sequence == 1
    assert (order.status, order.is_new, order.gross) == ("placed", True, Decimal("6.00"))


def test_same_order_twice_is_one_order():
    order_in = make_order_in(make_sku(5))
    first, second = place(order_in), place(order_in)
    assert (first.pk, second.is_new) == (second.pk, False)
    assert StockLevel.objects.get().reserved == 1


def test_prices_that_include_tax_are_exact_in_gross():
    order = place(make_order_in(LineIn(make_sku(9).code, 3, Decimal("9.99"))))
    line = order.lines.get()
    assert (line.gross, line.net, line.tax) == (Decimal("29.97"), Decimal("25.18"), Decimal("4.79"))


def test_net_prices_are_exact_in_net():
    channel = make_channel(prices_include_tax=False)
    order = place(make_order_in(LineIn(make_sku(9).code, 3, Decimal("9.99")), channel=channel))
    assert (order.net, order.tax, order.gross) == (Decimal("29.97"), Decimal("5.69"), Decimal("35.66"))


def test_order_discount_is_spread_to_the_cent():
    skus = [make_sku(9) for _ in range(3)]
    lines = [LineIn(sku.code, 1, Decimal("3.33")) for sku in skus]
    order = place(make_order_in(*lines, discounts=[DiscountIn(Decimal("1.00"))]))
    assert sorted(line.discount for line in order.lines.all()) == [Decimal("0.33"), Decimal("0.33"), Decimal("0.34")]
    assert order.gross == Decimal("8.99")


def test_business_in_another_eu_state_owes_the_tax_itself():
    address = {"name": "SARL", "line1": "1 rue X", "city": "Paris", "postcode": "75001", "country": "FR"}
    channel = make_channel(prices_include_tax=False)
    order = place(make_order_in(make_sku(9), channel=channel, ship_to=address, vat_id="FR 123 456 78901"))
    assert (order.tax, order.tax_note, order.vat_id) == (0, "reverse_charge", "FR12345678901")


def test_channels_total_stays_and_the_difference_is_a_charge():
    order = place(make_order_in(make_sku(9), gross=Decimal("9.52")))
    assert order.gross == Decimal("9.52")
    assert order.charges.get(kind="rounding").gross == Decimal("0.02")


def test_kit_is_exploded_and_its_price_shared():
    kit = make_sku(kind=Sku.Kind.KIT)
    home = make_location()
    parts = [make_sku(10, home, unit_cost=Decimal(cost)) for cost in (1, 2)]
    for part in parts:
        KitComponent.objects.create(kit=kit, component=part, quantity=2)
    order = place(make_order_in(LineIn(kit.code, 2, Decimal("10.00"))))
    children = order.lines.filter(per_kit__gt=0)
    assert [child.quantity for child in children] == [4, 4]
    assert [child.price_share for child in children] == [Decimal("6.67"), Decimal("13.33")]
    assert order.gross == Decimal("20.00")
    assert {level.reserved for level in StockLevel.objects.all()} == {4}


def test_one_location_that_has_all_beats_two_cheaper_ones():
    near, far = make_location(lane=Decimal(1)), make_location(lane=Decimal(50))
    one, two = make_sku(5, near), make_sku(5, far)
    make_sku_at(one, far)
    order = place(make_order_in(one, two))
    assert {row.location for row in order.allocations.all()} == {far}
    plans = order.decisions.get().plans
    assert plans["plans"][0]["locations"] == [far.code]


def test_two_locations_where_none_has_all():
    near, far = make_location(), make_location()
    order = place(make_order_in(make_sku(5, near), make_sku(5, far)))
    assert {row.location for row in order.allocations.all()} == {near, far}


def test_missing_pieces_are_backordered():
    sku = make_sku(2)
    order = place(make_order_in(LineIn(sku.code, 5, Decimal(1))))
    assert {(row.status, row.quantity) for row in order.allocations.all()} == {("reserved", 2), ("backordered", 3)}
    assert (order.fulfilment_state, order.promised_current) == ("backordered", None)


def test_an_order_of_three_lines_takes_thirteen_statements_on_postgresql():
    """As `bench placement` counts them; SQLite reserves line by line."""
    channel, skus = make_channel(), [make_sku(9) for _ in range(3)]
    place(make_order_in(*skus, channel=channel))  # what is looked up once a process
    with CaptureQueriesContext(connection) as queries:
        place(make_order_in(*skus, channel=channel, email="ben@example.com"))
    sent = [row["sql"] for row in queries if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sent) == {"postgresql": 13, "sqlite": 20}[connection.vendor], "\n".join(sent)


def test_channel_that_takes_no_backorders_refuses_and_leaves_nothing():
    sku = make_sku(2)
    with pytest.raises(InsufficientStock) as error:
        place(make_order_in(LineIn(sku.code, 5, Decimal(1)), channel=make_channel(on_shortage="refuse")))
    assert error.value.field == "lines"
    assert not Order.objects.exists()
    assert StockLevel.objects.get().reserved == 0


def test_location_without_a_lane_is_excluded_with_its_reason():
    here, there = make_location(), make_location(lane=None)
    Lane.objects.create(location=there, zone="US", base=1)
    sku = make_sku(5, here)
    make_sku_at(sku, there)
    order = place(make_order_in(sku))
    assert order.decisions.get().plans["excluded"] == {there.code: "no lane to DE by standard"}


def test_download_comes_from_the_digital_shelf():
    order = place(make_order_in(make_sku(kind="digital"), method="digital", ship_to={}))
    assert order.allocations.get().location.kind == "digital"
    assert order.tax > 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"phone": "call me"}, "phone"),
        *[({"ship_to": ADDRESS | {"country": code}}, "ship_to.country") for code in ("XX", "EZ", "XA", "QO", "EU")],
        ({"ship_to": {"line1": "x", "country": "DE"}}, "ship_to.city"),
        ({"external_id": ""}, "external_id"),
        ({"lines": []}, "lines"),
        ({"lines": [LineIn("NONE", 1, Decimal(1))]}, "lines.0.sku"),
        ({"method": "pickup"}, "pickup_location"),
        ({"method": "digital"}, "method"),
        ({"charges": [ChargeIn("magic", Decimal(1))]}, "charges.0.kind"),
    ],
)
def test_nonsense_is_refused_by_field(change, field):
    order_in = make_order_in(make_sku(5))
    for name, value in change.items():
        setattr(order_in, name, value)
    with pytest.raises(Invalid) as error:
        place(order_in)
    assert error.value.field == field
    assert not Order.objects.exists()


def test_phone_and_email_are_normalised():
    order = place(make_order_in(make_sku(5), phone="030 1234567", email=" Ann@Example.COM "))
    assert (order.phone, order.email) == ("+49301234567", "ann@example.com")
    assert order.customer.email == "ann@example.com"


def test_second_order_of_a_customer_is_his():
    first, second = place(make_order_in(make_sku(5))), place(make_order_in(make_sku(5)))
    assert first.customer_id == second.customer_id


def make_sku_at(sku, location, pieces=5):
    stock.receive(sku, location, pieces, key=f"t{next(numbers)}")


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (timedelta(minutes=10), "cannot lie in the future"),
        (timedelta(days=5 * 365), "cannot lie in the future"),
        (timedelta(days=-367), "more than a year ago"),
        (timedelta(days=-20 * 365), "more than a year ago"),
        (timedelta(days=-2000 * 365), "before 1970"),
    ],
)
def test_a_moment_at_which_it_was_not_ordered_is_refused(off, said):
    order_in = make_order_in(make_sku(5), ordered_at=timezone.now() + off)
    with pytest.raises(Invalid, match=said) as error:
        place(order_in)
    assert error.value.field == "ordered_at"
    assert StockLevel.objects.get().reserved == 0


@pytest.mark.parametrize("off", [timedelta(minutes=4), timedelta(days=-365)])
def test_a_clock_that_is_fast_and_a_late_message_are_borne_with(off):
    ordered_at = timezone.now() + off
    assert place(make_order_in(make_sku(5), ordered_at=ordered_at)).ordered_at == ordered_at


def test_downloads_alone_need_no_way_but_goods_beside_them_do():
    download, mug = make_sku(kind="digital"), make_sku(5)
    place(make_order_in(download, method="digital", ship_to={}))
    place(make_order_in(download, mug))
    with pytest.raises(Invalid, match="shipped or collected"):
        place(make_order_in(download, mug, method="digital"))


def test_goods_in_a_kit_need_a_way_too():
    kit = make_sku(kind="kit")
    KitComponent.objects.create(kit=kit, component=make_sku(5), quantity=1)
    with pytest.raises(Invalid, match="shipped or collected"):
        place(make_order_in(kit, method="digital"))
