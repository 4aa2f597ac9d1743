"""Transfers on a hand-held: the slip, the items, done."""

import pytest

from inventory.models import Transfer
from inventory.services import draft_transfer, ship_transfer
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_sku
from tests.replay import replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def paris():
    return make_location("PAR", name="Paris")


@pytest.fixture
@replayed
def ready(berlin, paris, mug):
    return draft_transfer.make_ready(draft_transfer.draft(berlin, paris, lines={mug: 6}).pk)


@pytest.fixture
@replayed
def shipped(ready):
    return ship_transfer.ship(ready.pk)


@pytest.fixture
def at(log_in_with):
    """Return `at(place)`: the client of one who works there and may do all."""

    def at(place, *more):
        client = log_in_with("view_stocklevel", "view_sku", "receive_stock", "ship_transfer", *more)
        client.post("/stock/place/", {"place": place.pk})
        return client

    return at


def scan(client, transfer, code="MUG", **fields):
    return client.post(f"/stock/transfers/{transfer.pk}/", {"code": code} | fields)


def test_the_slip_opens_it_and_the_lists_show_what_comes_and_goes(at, ready, berlin, paris):
    client = at(berlin)
    assert client.get(f"/stock/transfers/?code=t{ready.pk}").headers["Location"] == f"/stock/transfers/{ready.pk}/"
    assert f"T{ready.pk} to PAR" in client.get("/stock/transfers/").content.decode()
    ship_transfer.ship(ready.pk)
    client.post("/stock/place/", {"place": paris.pk})
    assert f"T{ready.pk} from BER" in client.get("/stock/transfers/").content.decode()


@pytest.mark.parametrize("code", ["T0", "T99999", "MUG", "Tx"])
def test_another_code_is_no_transfer(at, ready, berlin, texts, code):
    answer = at(berlin).get(f"/stock/transfers/?code={code}")
    assert texts(answer) == [f"{code} is no transfer from or to BER."]


def test_a_transfer_of_others_is_none_of_ours(at, ready, texts):
    client = at(make_location())
    assert "is no transfer" in texts(client.get(f"/stock/transfers/?code=T{ready.pk}"))[0]
    assert client.get(f"/stock/transfers/{ready.pk}/").status_code == 404


def test_scanned_and_done_all_is_right(at, shipped, paris, mug):
    client = at(paris)
    for _ in range(2):
        answer = scan(client, shipped)
    assert answer.headers["Location"] == f"/stock/transfers/{shipped.pk}/?sku={mug.pk}"
    client.post(f"/stock/transfers/{shipped.pk}/", {"sku": mug.pk, "pieces": "6"})
    assert "all is right" in client.get(f"/stock/transfers/{shipped.pk}/done/").content.decode()
    client.post(f"/stock/transfers/{shipped.pk}/done/", {"do": "all", "token": "a"})
    assert level(mug, paris) == (6, 0, 0)


def test_what_differs_is_said_at_the_end(at, shipped, paris, mug, texts):
    client = at(paris)
    for _ in range(3):
        scan(client, shipped)
    scan(client, shipped, is_damaged="1")
    page = client.get(f"/stock/transfers/{shipped.pk}/done/").content.decode()
    assert "it differs" in page
    assert "2 short" in page
    assert "1 damaged" in page
    answer = client.post(f"/stock/transfers/{shipped.pk}/done/", {"do": "all", "token": "a"})
    assert texts(answer)[-1] == f"T{shipped.pk} is booked. 2 pieces are missing: a lead decides."
    assert bins(mug, paris) == {"DOCK": 3, "QUARANTINE": 1}


def test_a_part_leaves_it_open(at, shipped, paris, texts):
    client = at(paris)
    scan(client, shipped)
    answer = client.post(f"/stock/transfers/{shipped.pk}/done/", {"do": "part"})
    assert texts(answer)[-1] == f"T{shipped.pk} is booked. The rest may follow."
    assert Transfer.objects.get().status == "shipped"


def test_a_surplus_is_named(at, shipped, paris, mug):
    client = at(paris)
    client.post(f"/stock/transfers/{shipped.pk}/", {"sku": mug.pk, "pieces": "8"})
    assert "2 over" in client.get(f"/stock/transfers/{shipped.pk}/done/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "NONE"}, "Nothing has the code NONE."),
        ({"code": "CUP"}, "put it aside and book it in under Receive"),
        ({"sku": "{mug}", "pieces": "-1"}, "Between 0 and"),
        ({"sku": "{mug}", "pieces": "x"}, "Type how many"),
        ({"sku": "0", "pieces": "1"}, "Scan the item again."),
    ],
)
def test_nonsense_is_said_and_counts_nothing(at, shipped, paris, mug, texts, fields, words):
    make_sku(code="CUP")
    client = at(paris)
    fields = {name: text.format(mug=mug.pk) for name, text in fields.items()}
    answer = client.post(f"/stock/transfers/{shipped.pk}/", fields)
    assert words in texts(answer)[-1]
    assert shipped.lines.get().counted == 0


def test_who_sends_sees_the_bins_scans_and_sends_what_was_scanned(at, ready, berlin, mug, texts):
    client = at(berlin)
    assert "DOCK" in client.get(f"/stock/transfers/{ready.pk}/").content.decode()
    client.post(f"/stock/transfers/{ready.pk}/", {"sku": mug.pk, "pieces": "5"})
    assert "1 short" in client.get(f"/stock/transfers/{ready.pk}/done/").content.decode()
    answer = client.post(f"/stock/transfers/{ready.pk}/done/")
    assert texts(answer)[-1] == f"T{ready.pk} has left for PAR."
    assert level(mug, berlin) == (5, 0, 0)


def test_sent_off_twice_it_leaves_once_and_is_received_where_it_goes(at, ready, berlin, paris, mug, texts):
    client = at(berlin)
    scan(client, ready)
    for _ in range(2):
        answer = client.post(f"/stock/transfers/{ready.pk}/done/", {"do": "all", "token": "a"})
    assert texts(answer)[-1] == f"T{ready.pk} has left already; PAR receives it."
    assert Transfer.objects.get().status == "shipped"
    client.post("/stock/place/", {"place": paris.pk})
    scan(client, ready)
    for token in "bc":
        answer = client.post(f"/stock/transfers/{ready.pk}/done/", {"do": "all", "token": token})
    assert texts(answer)[-1] == f"T{ready.pk} is received: there is nothing to book."
    assert level(mug, paris) == (1, 0, 0)


def test_who_waits_for_it_does_not_send_it_off(at, ready, berlin, paris, mug, texts):
    answer = at(paris).post(f"/stock/transfers/{ready.pk}/done/")
    assert texts(answer)[-1] == f"T{ready.pk} has not left BER yet."
    assert level(mug, berlin) == (10, 6, 0)


def test_nothing_scanned_does_not_leave(at, ready, berlin, texts):
    answer = at(berlin).post(f"/stock/transfers/{ready.pk}/done/")
    assert "Nothing would leave" in texts(answer)[-1]


def test_who_may_not_send_only_counts(log_in_with, ready, berlin, paris):
    client = log_in_with("view_stocklevel", "receive_stock")
    client.post("/stock/place/", {"place": berlin.pk})
    scan(client, ready)
    assert "A lead sends it off" in client.get(f"/stock/transfers/{ready.pk}/done/").content.decode()
    assert client.post(f"/stock/transfers/{ready.pk}/done/").status_code == 403


def test_elsewhere_or_when_done_it_is_only_shown(at, shipped, berlin):
    client = at(berlin)
    assert "it is received there" in client.get(f"/stock/transfers/{shipped.pk}/").content.decode()
    assert client.get(f"/stock/transfers/{shipped.pk}/done/").status_code == 302


def test_more_lines_take_no_more_queries(at, ready, berlin, paris, django_assert_max_num_queries):
    skus = {make_sku(3, berlin): 1 for _ in range(8)}
    other = draft_transfer.make_ready(draft_transfer.draft(berlin, paris, lines=skus).pk)
    client = at(berlin)
    with django_assert_max_num_queries(10):
        client.get(f"/stock/transfers/{other.pk}/")
