"""Documents come three times each and in any order: what is here in the end is as if they had come once, in order."""

import os
import random
from decimal import Decimal
from itertools import count

import pytest
from django.apps import apps
from django.core import serializers
from django.db.models import Sum

from orders.models import Allocation, Order
from orders.services.due import price_of
from tests.make import make_sku
from tests.orders.channels.feed import BERLIN, line, make_connection, order, refund, take

pytestmark = pytest.mark.django_db

BONN = BERLIN | {"city": "Bonn", "zip": "53111", "address1": "Markt 1"}
CANCELLED = {"cancelled_at": "2026-03-02T10:00:00Z"}
SALE = {"status": "success", "gateway": "card"}
TRIALS = range(12 if os.environ.get("OMS_SOAK") else 1)
ids = count(7000)


def moved(pk, email):
    """It goes elsewhere, then a note is written, then a mug comes back."""
    row, more = line("MUG", 3), {"shipping_address": BONN, "email": email}
    yield order(row, pk=pk, email=email)
    yield order(row, pk=pk, minutes=1, **more)
    yield order(row, pk=pk, minutes=2, note="Ring twice", **more)
    yield refund("9.50", line("MUG"), pk=pk, order_pk=pk)


def cancelled(pk, email):
    """It is cancelled and all is paid back."""
    row = line("MUG", 3)
    yield order(row, pk=pk, email=email)
    yield order(row, pk=pk, minutes=1, email=email, shipping_address=BONN)
    yield order(row, pk=pk, minutes=2, email=email, shipping_address=BONN, **CANCELLED)
    yield refund("33.40", row, pk=pk, order_pk=pk)


def edited(pk, email):
    """A line is added, another becomes more, the price of shipping changes."""
    yield order(line("MUG", 1), pk=pk, email=email)
    yield order(line("MUG", 2), line("CUP", 1, "4.00"), pk=pk, minutes=1, email=email)
    yield order(line("MUG", 2), line("CUP", 1, "4.00"), pk=pk, minutes=2, email=email, shipping="6.90")


def paid_late(pk, email):
    """It is authorised, taken, and given back in two parts, one of them pieces that had not left."""
    row, begun = line("MUG", 3), SALE | {"id": 1, "kind": "authorization", "amount": "33.40"}
    taken = [begun, SALE | {"id": 2, "kind": "capture", "amount": "33.40"}]
    one, two = (refund("9.50", line("MUG"), pk=pk, order_pk=pk), refund("3.00", pk=pk + 500, order_pk=pk))
    one["refund_line_items"][0]["restock_type"] = "cancel"
    yield order(row, pk=pk, email=email, financial_status="authorized", transactions=[begun])
    yield order(row, pk=pk, email=email, minutes=1, transactions=taken)
    yield one
    yield order(row, pk=pk, email=email, minutes=2, transactions=taken, refunds=[one, two])


SHOPIFY = [moved, cancelled, edited, paid_late]


def in_pieces(pk, email):
    """Head and lines come apart, and a notice says that it was cancelled."""
    address = {
        "first_name": "Ann",
        "last_name": "Miller",
        "street_1": "S 1",
        "city": "Bonn",
        "zip": "53111",
        "country_iso2": "DE",
        "email": email,
    }
    goods = {"id": 1, "order_id": pk, "product_id": 5, "sku": "MUG", "name": "Mug", "quantity": 2}
    head = {"id": pk, "status_id": 11, "currency_code": "EUR", "total_inc_tax": "19.00", "total_tax": "0.00"}
    head |= {"billing_address": address, "date_created": "Mon, 02 Mar 2026 09:00:00 +0000"}
    head |= {"date_modified": "Mon, 02 Mar 2026 09:00:00 +0000", "shipping_cost_ex_tax": "0.00"}
    notice = {"type": "order", "id": pk, "status": {"new_status_id": 5}}
    yield head
    yield [goods | {"price_ex_tax": "9.50", "price_inc_tax": "9.50", "base_price": "9.50", "total_ex_tax": "19.00"}]
    yield {"scope": "store/order/statusUpdated", "created_at": 1772445600, "data": notice}


@pytest.fixture
def goods():
    return [make_sku(500, code=code) for code in ("MUG", "CUP")]


def run(shop, pk, documents):
    for document in documents:
        take(shop, document)
    [placed] = Order.objects.filter(external_id=pk)
    return placed


def state(placed):
    """Return what an order has come to, without its number, its moments, and how it came there."""
    lines = placed.lines.all()
    payments, done = placed.payments.all(), placed.refunds.filter(status="done")
    open_ = Allocation.objects.filter(order=placed).exclude(status="freed")
    return {
        "status": (placed.status, placed.is_held, placed.payment_state, placed.fulfilment_state),
        "who": (placed.ship_to, placed.ship_name, placed.customer_note),
        "lines": sorted((row.sku_code, row.quantity - row.cancelled) for row in lines),
        "price": price_of(placed),
        "taken": (sum(row.captured for row in payments), sum(row.authorised - row.voided for row in payments)),
        "given back": sorted((row.key[:8], row.amount) for row in done),
        "asked": [row.amount for row in placed.refunds.waiting()],
        "pieces": sorted(open_.order_by().values_list("sku__code", "status").annotate(Sum("quantity"))),
    }


def rows():
    """Return all rows of orders and stock but the documents themselves."""
    models = [model for model in apps.get_models() if model._meta.app_label in ("orders", "inventory")]
    kept = [model for model in models if not model.__name__.startswith("ChannelDocument")]
    return [serializers.serialize("json", model._base_manager.order_by("pk")) for model in kept]


def shuffled(documents, seed):
    three_times = [*documents, *documents, *documents]
    random.Random(seed).shuffle(three_times)
    return three_times


@pytest.mark.parametrize(("kind", "story"), [*(("shopify", story) for story in SHOPIFY), ("bigcommerce", in_pieces)])
def test_shuffled_and_repeated_it_ends_as_in_order(goods, kind, story):
    shop = make_connection(kind=kind)
    pk = next(ids)
    wanted = state(run(shop, pk, story(pk, f"{pk}@example.com")))
    for seed in TRIALS:
        pk = next(ids)
        documents = list(story(pk, f"{pk}@example.com"))
        placed = run(shop, pk, shuffled(documents, seed))
        assert state(placed) == wanted, f"seed {seed}"
    before = rows()
    run(shop, pk, shuffled(documents, 100)[: 2 * len(documents)])
    assert rows() == before, "the repeats changed something"


def test_what_is_given_back_before_it_is_known_to_be_taken_is_of_what_was_authorised(goods):
    shop, pk = make_connection(), next(ids)
    authorised, captured, given_back, _ = paid_late(pk, f"{pk}@example.com")
    [payment] = run(shop, pk, [authorised, given_back, captured]).payments.all()
    assert (payment.authorised, payment.captured, payment.refunded) == (Decimal("33.40"), Decimal("33.40"), 9.5)


def test_the_stories_end_where_they_should(goods):
    shop, ends = make_connection(), {}
    for story in SHOPIFY:
        pk = next(ids)
        ends[story] = state(run(shop, pk, story(pk, f"{pk}@example.com")))
    assert ends[moved]["who"][0]["city"] == "Bonn"
    assert ends[moved]["given back"] == [("channel:", Decimal("9.50"))]
    assert (ends[cancelled]["status"][0], ends[cancelled]["asked"]) == ("cancelled", [])
    assert (ends[edited]["price"], ends[edited]["taken"][0]) == (Decimal("29.90"), Decimal("29.90"))
    assert ends[paid_late]["lines"] == [("MUG", 2)]
    assert ends[paid_late]["taken"] == (Decimal("33.40"), Decimal("33.40"))
