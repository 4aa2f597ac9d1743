from decimal import Decimal

import pytest
from django.urls import reverse

from fulfilment.models import Carrier, Parcel, PutBack, RefusedScan
from fulfilment.services import label
from fulfilment.services.hand_over import hand_over
from inventory.services.bins import system_bin
from orders.models import Note, Order
from orders.services import holds
from orders.services.cancel import cancel
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, picked, work_of
from tests.fulfilment.pages.conftest import LEAD, PACKER, PICKER, text
from tests.fulfilment.rates import publish
from tests.make import make_location, make_sku
from tests.replay import replayed


@pytest.fixture
@replayed
def bench(place):
    """Two cups and a pot in a tote: (order, cup, pot)."""
    _, (cup, pot) = make_shelf(9, 9, location=place)
    order = confirmed((cup, 2), (pot, 1))
    picked(order)
    return order, cup, pot


@pytest.fixture
def do(enter, bench):
    """Return `do(what, **fields)`: press or scan at the bench of the order; returns the page's text."""
    client = enter(PACKER)
    url = reverse("floor:bench", args=[work_of(bench[0]).pk])

    def do(what="", **fields):
        answer = client.post(url, {"do": what} | fields, follow=True) if what else client.get(url)
        assert answer.status_code == 200
        return text(answer)

    do.client, do.url = client, url
    return do


def scan(do, *codes):
    for code in codes:
        page = do("scan", scan=str(code))
    return page


def test_scan_weigh_ship(do, bench):
    order, cup, pot = bench
    Carrier.objects.create(code="DHL", name="DHL")
    tote = do.client.post(reverse("floor:packing"), {"scan": work_of(order).tote_code})
    assert tote.url == do.url
    scan(do, cup, cup)
    page = scan(do, pot)
    assert 'name="weight_g" type="number" inputmode="numeric" min="1" max="1000000" value="900"' in page

    page = do("send", weight_g="950", carrier="DHL", service="Paket", tracking="0034")
    assert f"Order {order} is shipped" in page
    parcel = Parcel.objects.get()
    assert (parcel.status, parcel.weight_g, str(parcel.carrier), parcel.tracking_number) == (
        "shipped",
        950,
        "DHL",
        "0034",
    )
    for paper in ("slip", "label"):
        answer = do.client.get(reverse("floor:parcel_paper", args=[parcel.pk, paper]))
        assert answer.content.startswith(b"%PDF")
    assert do.client.get(reverse("floor:parcel_paper", args=[parcel.pk, "other"])).status_code == 404


def test_the_orders_barcode_ships_without_a_click(do, bench):
    order, cup, pot = bench
    scan(do, cup, cup, pot)
    assert f"Order {order} is shipped" in scan(do, order.number)
    assert Parcel.objects.get().weight_g == 900
    assert Parcel.objects.get().tracking_number


def test_wrong_item_is_refused_until_acknowledged(do, bench):
    order, cup, _ = bench
    other = make_sku()
    page = scan(do, other)
    assert 'class="alarm" role="alertdialog"' in page
    assert f"{other} does not belong to order {order}" in page
    assert "code:" not in page
    assert not Parcel.objects.exists()


def test_another_parcel_and_undo(do, bench):
    order, cup, pot = bench
    scan(do, cup)
    page = do("close", weight_g="300")
    assert "Parcel 1" in page
    scan(do, cup, pot)
    line = Parcel.objects.get(number=2).lines.get(sku=pot)
    assert f"Take out 1 × {pot}" in do()
    do("undo", line=line.pk)
    scan(do, pot)
    do("send")
    assert sorted(Parcel.objects.values_list("number", "status")) == [(1, "shipped"), (2, "shipped")]


def test_a_part_ships_and_the_rest_stays_at_the_bench(do, bench):
    order, cup, _ = bench
    scan(do, cup)
    do("close", weight_g="300")
    do("send")
    rows = order.fulfilment_orders.order_by("pk")
    assert [row.status for row in rows] == ["shipped", "picking"]
    assert f"{rows[1].order}" in text(do.client.get(reverse("floor:packing")))


def test_a_note_blocks_until_it_is_read(do, bench):
    order, cup, _ = bench
    Note.objects.create(order=order, audience=Note.Audience.PACK, text="Tissue <paper>!")
    page = do()
    assert "Tissue &lt;paper&gt;!" in page
    assert "Scan the items" not in page
    assert "Read the note" in scan(do, cup)
    assert "Scan the items" in do("read")


def test_stop_is_red_and_leads_to_the_put_back_list(do, bench):
    order, cup, pot = bench
    scan(do, cup, cup, pot)
    cancel(order.pk, reason="changed mind")
    deliver()
    page = do()
    assert "<h1>STOP</h1>" in page
    assert f"2 × {cup}" in page
    assert "Too late" not in page, "only the lead may say so"
    assert "STOP: order" in do("send")
    assert do.client.post(do.url, {"do": "refuse"}).status_code == 403

    do("accept")
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert PutBack.objects.open().count() == 2


def test_held_order_cannot_be_packed(do, bench):
    holds.put(bench[0].pk, "fraud", "look")
    assert "ON HOLD" in do()
    assert "is on hold" in scan(do, bench[1])


def test_what_is_picked_is_ready_to_pack_until_it_is_packed(do, bench):
    assert "picked, ready to pack" in text(do.client.get(reverse("floor:packing")))
    assert "picked, ready to pack" in do()
    scan(do, *bench[1:2], *bench[1:])
    do("close", weight_g="900")
    assert "ready to pack" not in do()


def test_a_carrier_that_is_none_is_not_remembered(do, bench):
    scan(do, bench[1], bench[1], bench[2])
    assert "There is no carrier NOPE" in do("send", weight_g="950", carrier="NOPE")
    assert "There is no carrier" not in do("send", weight_g="950")
    assert work_of(bench[0]).status == "shipped"


def test_an_empty_scan_says_what_to_scan(do):
    assert "Scan a tote first." in text(do.client.post(reverse("floor:packing"), {"scan": " "}, follow=True))


def test_set_aside(do, bench):
    do("aside", reason="box too small")
    assert "Take it up again" in do()
    assert "set aside: box too small" in text(do.client.get(reverse("floor:packing")))
    do("aside", reason="")
    assert work_of(bench[0]).set_aside == ""


def test_void_and_buy_again(do, bench):
    order, cup, pot = bench
    scan(do, cup, cup, pot)
    do("close", weight_g="900")
    parcel = Parcel.objects.get()
    label.buy(parcel.pk, tracking_number="old", actor="user:1")
    assert "Void the label" in do()
    do("void", parcel=parcel.pk)
    do("send", tracking="new")
    parcel.refresh_from_db()
    assert parcel.tracking_number == "new"


def test_what_a_packer_may_not_ship_stays(client, staff, bench):
    order, cup, pot = bench
    client.force_login(staff(*(set(PACKER) - {"ship_parcel"})))
    url = reverse("floor:bench", args=[work_of(order).pk])
    for code in (cup, cup, pot):
        client.post(url, {"do": "scan", "scan": str(code)})
    assert client.post(url, {"do": "scan", "scan": order.number}).status_code == 403
    assert client.post(url, {"do": "send"}).status_code == 403
    assert Parcel.objects.get().status == "packing"


def test_pickup_goes_to_a_shelf(enter, db):
    store = make_location("STO", kind="store", allows_pickup=True)
    _, (cup,) = make_shelf(5, location=store)
    order = confirmed((cup, 1), method="pickup", pickup_location="STO")
    packed(order)
    client = enter([*PACKER, "collect_fulfilmentorder"])
    url = reverse("floor:bench", args=[work_of(order).pk])
    assert "Ready for the customer" in text(client.get(url))
    page = text(client.post(url, {"do": "ready", "shelf": "R-3"}, follow=True))
    assert "R-3" in page
    assert "Ann Miller" in page

    pickups = reverse("floor:pickups")
    assert text(client.get(pickups, {"name": "smith"})).count("R-3") == 0
    code = work_of(order).pickup_code
    for asked in (code, order.number, "mill"):
        page = text(client.get(pickups, {"name": asked}))
        assert page.count("R-3") == 1
        assert (f'value="{code}"' in page.split("Waiting for customers")[1].split("R-3")[1]) is (asked == code)
    refused = client.post(pickups, {"work": work_of(order).pk, "do": "collect", "code": "1"}, follow=True)
    assert "Neither the code nor the name" in text(refused)
    shown = {"work": work_of(order).pk, "do": "collect", "name": "Miller"}
    assert "Look at an ID" in text(client.post(pickups, shown, follow=True))
    assert "1 wrong code" in text(client.get(pickups))
    done = client.post(pickups, shown | {"has_id": "1"}, follow=True)
    assert "is handed over" in text(done)
    assert work_of(order).status == "closed"
    late = client.post(pickups, {"work": work_of(order).pk, "do": "give_up"}, follow=True)
    assert f"Order {order} is closed already." in text(late)


def test_shipped_taken_back_handed_over(enter, bench):
    order, _, _ = bench
    client = enter([*PACKER, *LEAD, *PICKER])
    url = reverse("floor:bench", args=[work_of(order).pk])
    for code in (bench[1], bench[1], bench[2]):
        client.post(url, {"do": "scan", "scan": str(code)})
    client.post(url, {"do": "send"})
    assert order.number in text(client.get(reverse("floor:shipped")))

    unship = reverse("floor:unship", args=[work_of(order).pk])
    assert "is taken back" in text(client.post(unship, follow=True))
    assert work_of(order).status == "packed"
    client.post(url, {"do": "send"})

    parcel = Parcel.objects.get()
    handover = reverse("floor:handover")
    assert str(parcel) in text(client.get(handover))
    answer = client.post(handover, {"parcel": parcel.pk, "carrier": parcel.carrier_id}, follow=True)
    assert "1 parcel is handed over" in text(answer)
    assert "was handed over" in text(client.post(unship, follow=True))
    assert "Nothing to hand over" in text(client.post(handover, {"parcel": "x"}, follow=True))


def test_a_packer_takes_back_what_he_shipped_himself(do, bench, staff, client, django_user_model):
    order, cup, pot = bench
    Carrier.objects.create(code="DHL", name="DHL")
    scan(do, cup, cup, pot)
    assert "take it back" in do("send")
    unship = reverse("floor:unship", args=[work_of(order).pk])

    client.force_login(staff(*PACKER, username="bob"))
    assert "take it back" not in do()
    assert "Take back" not in text(client.get(reverse("floor:shipped")))
    assert client.post(unship).status_code == 403
    assert work_of(order).status == "shipped"

    client.force_login(django_user_model.objects.get(username="ann"))
    assert "Take back" in text(client.get(reverse("floor:shipped")))
    assert "is taken back" in text(client.post(unship, {"next": do.url}, follow=True))
    assert work_of(order).status == "packed"

    do("send")
    hand_over(work_of(order).location, [Parcel.objects.get().pk], actor=ACTOR)
    assert "take it back" not in do()
    assert "was handed over" in text(client.post(unship, follow=True))


def test_goods_are_put_back(enter, bench, place):
    order, cup, pot = bench
    cancel(order.pk, reason="changed mind")
    deliver()
    client = enter([*PACKER, *PICKER])
    assert order.number in text(client.get(reverse("floor:put_backs")))
    client.post(reverse("floor:bench", args=[work_of(order).pk]), {"do": "accept"})
    row = PutBack.objects.get(sku=cup)
    put_backs = reverse("floor:put_backs")
    assert "has no bin ZZ" in text(client.post(put_backs, {"row": row.pk, "bin": "ZZ"}, follow=True))
    unfit = {"row": row.pk, "bin": system_bin(place, "quarantine").code}
    assert "Put the goods into a shelf bin" in text(client.post(put_backs, unfit, follow=True))
    assert f"2 × {cup} are back" in text(client.post(put_backs, {"row": row.pk}, follow=True))
    assert list(PutBack.objects.open()) == [PutBack.objects.get(sku=pot)]
    assert client.post(put_backs, {"row": "x"}).status_code == 404


def test_item_labels(enter, bench):
    _, cup, _ = bench
    client = enter(PICKER)
    url = reverse("floor:labels")
    answer = client.post(url, {"code": cup.code, "quantity": "6", "copies": "2"})
    assert answer.content.startswith(b"%PDF")
    refused = client.post(url, {"code": "nothing", "quantity": "6", "copies": "2"})
    assert refused.status_code == 422
    assert "Nothing has the code" in text(refused)


def test_a_picture_is_served_only_when_it_is_one(enter, bench):
    _, cup, _ = bench
    client = enter(PICKER)
    url = reverse("floor:photo", args=[cup.pk])
    assert client.get(url).status_code == 404
    cup.image.name = "skus/evil.svg"
    cup.save()
    assert client.get(url).status_code == 404


@pytest.fixture
def post(bench):
    """A carrier that prices parcels: a slow service for 3.00, a fast one for 9.00; nothing is promised."""
    Order.objects.update(promised_current=None)
    carrier = Carrier.objects.create(code="POST", name="Post", plugin="rate_table")
    services = [
        {"code": code, "breaks": ["5"], "prices": {"all": [price]}, "days": days}
        for code, price, days in (("slow", "3.00", 4), ("fast", "9.00", 1))
    ]
    publish(carrier, {"zones": [{"from": ["*"], "to": ["*"], "zone": "all"}], "services": services})
    return carrier


def test_the_cheapest_service_is_taken_without_a_step(do, bench, post):
    order, cup, pot = bench
    scan(do, cup, cup, pot)
    assert f"Order {order} is shipped" in scan(do, order.number)
    parcel = Parcel.objects.get()
    assert (parcel.carrier, parcel.service, parcel.postage.amount) == (post, "slow", Decimal("3.00"))


def test_a_key_takes_another_service_and_its_label(do, bench, post):
    order, cup, pot = bench
    scan(do, cup, cup, pot)
    page = do("close", weight_g="900")
    assert "<b>Post slow</b> 3.00 EUR, arrives" in page
    assert 'data-key="b">Post fast 9.00' in page
    parcel = Parcel.objects.get()
    page = do("option", parcel=parcel.pk, option=1)
    assert "<b>Post fast</b> 9.00 EUR" in page
    assert "Chosen at the bench." in page
    label.buy(parcel.pk, actor="user:1")
    do("option", parcel=parcel.pk, option=0)
    parcel.refresh_from_db()
    assert (parcel.service, bool(parcel.tracking_number)) == ("slow", True)
    assert "was not offered" in do("option", parcel=parcel.pk, option=7)


def test_a_carrier_that_is_named_is_the_one(do, bench, post):
    order, cup, pot = bench
    Carrier.objects.create(code="VAN", name="Van")
    scan(do, cup, cup, pot)
    do("send", carrier="VAN")
    parcel = Parcel.objects.get()
    assert (parcel.carrier.code, hasattr(parcel, "postage")) == ("VAN", False)


def test_what_does_not_belong_into_the_tote_is_remembered(enter, place):
    _, (cup, pot) = make_shelf(9, 9, location=place)
    order = confirmed((cup, 1))
    picked(order)
    client = enter(PACKER)
    bench = reverse("floor:bench", args=[work_of(order).pk])
    client.post(bench, {"scan": pot.code})
    client.post(bench, {"scan": cup.code})
    client.post(bench, {"scan": cup.code})  # all packed: nobody's mistake
    [row] = RefusedScan.objects.all()
    assert (row.kind, row.sku, row.picked_by) == ("packed", pot, ACTOR)
