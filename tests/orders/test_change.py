from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from inventory.models import StockLevel
from inventory.services import stock
from oms.lib.errors import Invalid, InvalidTransition, Stale
from oms.outbox.models import Event
from orders.models import Order, Seller, TaxRate
from orders.services import change, holds, refund, search
from orders.services.due import due_of
from orders.services.intake import DiscountIn, LineIn
from orders.services.place import place
from orders.services.pricing import forget_rates
from tests.deliver import deliver
from tests.make import ADDRESS, make_channel, make_location, make_order, make_order_in, make_sku
from tests.orders.money import make_order_of, make_paid, make_test_channel, ship

pytestmark = pytest.mark.django_db

PARIS = {"name": "Ann Miller", "line1": "1 rue de Rivoli", "city": "Paris", "postcode": "75001", "country": "FR"}


def test_preview_says_the_money_and_changes_nothing():
    order = make_order(quantity=2)
    found = change.preview(order.pk, {"quantities": {order.lines.get().pk: 3}})
    assert found.delta == Decimal("9.50")
    assert order.lines.get().quantity == 2
    assert StockLevel.objects.get().reserved == 2
    assert not Event.objects.filter(name="order.changed").exists()


def test_more_pieces_are_reserved():
    order = make_order(quantity=2)
    order = change.change(order.pk, {"quantities": {order.lines.get().pk: 5}})
    assert (order.gross, StockLevel.objects.get().reserved) == (Decimal("47.50"), 5)


def test_fewer_pieces_are_cancelled():
    order = make_order(quantity=3)
    found = change.preview(order.pk, {"quantities": {str(order.lines.get().pk): 1}})
    change.apply(found.pk)
    assert found.delta == Decimal("-19.00")
    assert (order.lines.get().cancelled, StockLevel.objects.get().reserved) == (2, 1)


def test_another_line_is_priced_and_reserved():
    order, other = make_order(), make_sku(5)
    order = change.change(order.pk, {"add": [{"sku": other.code, "quantity": 2, "unit_price": "3.00"}]})
    assert order.gross == Decimal("15.50")
    assert StockLevel.objects.get(sku=other).reserved == 2


def test_address_abroad_is_taxed_there():
    for country, rate in (("DE", "0.19"), ("FR", "0.20")):
        TaxRate.objects.create(country=country, rate=Decimal(rate), valid_from="2020-01-01")
    forget_rates()
    order = make_order(channel=make_channel(prices_include_tax=False))
    found = change.preview(order.pk, {"ship_to": PARIS})
    assert found.delta == Decimal("0.09")
    order = change.apply(found.pk)
    assert (order.ship_country, order.tax) == ("FR", Decimal("1.90"))
    assert search.find("75001") == {order.pk: "postcode"}
    assert search.find("10117") == {}


def test_goods_come_from_where_the_new_address_is_served():
    near, far = make_location(lane=Decimal(1)), make_location(lane=Decimal(9))
    near.lanes.update(zone="DE")
    sku = make_sku(5, near)
    stock.receive(sku, far, 5)
    order = make_order(sku)
    assert order.allocations.get().location == near
    change.change(order.pk, {"ship_to": PARIS})
    assert order.allocations.get().location == far
    assert dict(StockLevel.objects.values_list("location", "reserved")) == {near.pk: 0, far.pk: 1}


def test_second_application_does_nothing():
    order = make_order(quantity=2)
    found = change.preview(order.pk, {"quantities": {order.lines.get().pk: 3}})
    change.apply(found.pk)
    change.apply(found.pk)
    assert order.lines.get().quantity == 3


def test_stale_preview_is_refused():
    order = make_order()
    found = change.preview(order.pk, {"gift_message": "Hi"})
    holds.put(order.pk, "manual", "wait")
    with pytest.raises(Stale):
        change.apply(found.pk)
    assert Order.objects.get().gift_message == ""


@pytest.mark.corrupt(6, 13)  # no warehouse counts what is on the floor
def test_order_on_the_floor_stays_as_it_is():
    order = make_order()
    order.allocations.get().move_to("on_floor")
    with pytest.raises(InvalidTransition, match="the warehouse has it"):
        change.change(order.pk, {"ship_to": PARIS})
    assert Order.objects.get().ship_country == "DE"


@pytest.mark.parametrize(
    ("operations", "field"),
    [
        ({"colour": "red"}, "operations"),
        ({"method": "teleport"}, "method"),
        ({"ship_to": ADDRESS | {"city": ""}}, "ship_to.city"),
        ({"quantities": {"999999": 1}}, "quantities"),
        ({"add": [{"sku": "NONE", "quantity": 1}]}, "lines.0.sku"),
        ({"gift_message": "x" * 501}, "gift_message"),
    ],
)
def test_nonsense_is_refused_by_field(operations, field):
    order = make_order()
    with pytest.raises(Invalid) as error:
        change.change(order.pk, operations)
    assert error.value.field == field
    assert Order.objects.get().version == order.version


def test_more_pieces_have_the_discount_of_the_first_ones():
    """It comes back to the cent: what one piece is off cannot be said in cents."""
    order = make_order_of(LineIn(make_sku(9).code, 3, Decimal("10.00"), Decimal("2.00")))
    line = order.lines.get().pk
    prices = []
    for pieces in (4, 7, 3, 5, 3):
        change.change(order.pk, {"quantities": {line: pieces}})
        prices.append(due_of(order))
    assert prices == [Decimal(price) for price in ("37.33", "65.33", "28.00", "46.67", "28.00")]


def test_more_pieces_take_no_more_off_the_order():
    """A voucher is good for its amount; what is off the line itself is so for each piece."""
    lines = [LineIn(make_sku(9).code, 2, Decimal("10.00"), Decimal("2.00")), LineIn(make_sku(9).code, 1, Decimal(18))]
    order = make_order_of(*lines, discounts=[DiscountIn(Decimal("9.00"))])
    order = change.change(order.pk, {"quantities": {order.lines.first().pk: 4}})
    assert order.gross == 4 * 10 - 4 + 18 - 9


@pytest.mark.parametrize("gate", ["paid", "authorised"])
def test_more_than_is_paid_holds_the_order_and_nothing_leaves(gate):
    order, _ = make_paid((1, "100.00"), channel=make_test_channel(payment_gate=gate))
    order = change.change(order.pk, {"add": [{"sku": make_sku(5).code, "quantity": 5, "unit_price": "900.00"}]})
    deliver()
    assert (order.is_held, order.payment_state, order.version) == (True, "partly_paid", 7)
    with pytest.raises(InvalidTransition, match="on hold"):
        ship(order)


def test_more_than_is_paid_holds_an_order_of_which_a_little_was_refunded():
    order, _ = make_paid((1, "100.00"))
    lines = [refund.RefundLineIn("goodwill", Decimal(1))]
    refund.request(order.pk, lines=lines, reason="scratched", actor="user:1")
    deliver()
    order = change.change(order.pk, {"add": [{"sku": make_sku(5).code, "quantity": 5, "unit_price": "900.00"}]})
    assert order.is_held


def test_as_much_as_is_paid_holds_nothing():
    order, _ = make_paid((2, "50.00"))
    assert not change.change(order.pk, {"gift_message": "Hi"}).is_held


def test_the_rate_is_of_the_day_in_the_sellers_zone():
    first = date.today() - timedelta(days=10)
    for rate, begins, ends in (("0.16", date(2020, 7, 1), first - timedelta(days=1)), ("0.19", first, None)):
        TaxRate.objects.create(country="DE", rate=Decimal(rate), valid_from=begins, valid_to=ends)
    forget_rates()
    channel = make_channel(prices_include_tax=False)
    Seller.objects.update(tz="Europe/Berlin")
    channel.refresh_from_db()
    at = datetime.combine(first, time(0, 30), ZoneInfo("Europe/Berlin")).astimezone(UTC)
    order = place(make_order_in(LineIn(make_sku(3).code, 1, Decimal("100.00")), channel=channel, ordered_at=at))
    assert order.gross == 119
    assert change.change(order.pk, {"email": "new@example.com"}).gross == 119


def test_goods_are_not_made_a_download():
    order = make_order()
    with pytest.raises(Invalid, match="shipped or collected"):
        change.change(order.pk, {"method": "digital"})
    assert (Order.objects.get().method, StockLevel.objects.get().reserved) == ("standard", 1)


def test_goods_are_not_added_to_downloads():
    order, mug = make_order(make_sku(kind="digital"), method="digital"), make_sku(5)
    with pytest.raises(Invalid, match="shipped or collected"):
        change.change(order.pk, {"add": [{"sku": mug.code, "quantity": 1, "unit_price": "3.00"}]})
    change.change(order.pk, {"method": "standard"})


def test_a_changed_address_is_checked_like_a_first_one():
    order = make_order()
    found = change.preview(order.pk, {"ship_to": ADDRESS | {"postcode": "ABC"}})
    assert not order.holds.exists()
    order = change.apply(found.pk, actor="user:1")
    hold = order.holds.get()
    assert (order.is_held, hold.kind, hold.reason, hold.placed_by) == (
        True,
        "address",
        "The postcode is not known.",
        "user:1",
    )
    change.change(order.pk, {"ship_to": ADDRESS})
    assert order.holds.active().get().reason == "The address was changed: look again."


def test_what_leaves_the_address_alone_is_not_checked_again():
    order = make_order(ship_to=ADDRESS | {"postcode": "ABC"})
    change.change(order.pk, {"gift_message": "Hi"})
    assert not order.holds.exists()


@pytest.mark.parametrize("more", [{}, {"ship_to": ADDRESS | {"postcode": "ABC"}}])
def test_an_emptied_order_is_cancelled_and_not_held(more):
    order = make_order(quantity=2, channel=make_channel(payment_gate="captured"))
    order = change.change(order.pk, {"quantities": {str(order.lines.get().pk): 0}, **more})
    assert (order.status, order.is_held, order.holds.exists()) == ("cancelled", False, False)


def test_a_mended_address_finds_whose_the_order_is():
    ann, typo = make_order(email="ann@example.com"), make_order(email="ann@exmaple.com")
    order = change.change(typo.pk, {"email": "Ann@example.com"})
    assert (order.email, order.customer) == ("ann@example.com", ann.customer)
    order = change.change(typo.pk, {"email": "new@example.com"})
    assert (order.customer.email, order.customer.name) == ("new@example.com", "Ann Miller")


def test_the_order_of_an_account_stays_its_own_and_an_address_taken_off_leaves_the_customer():
    for order in (make_order(account="SHOP:7"), make_order()):
        changed = change.change(order.pk, {"email": "new@example.com" if order.customer.account else ""})
        assert changed.customer == order.customer
