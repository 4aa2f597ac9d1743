import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from fulfilment.models import RefusedScan
from fulfilment.services import pick
from fulfilment.services.release import assign_picker
from inventory.models import SkuBarcode
from orders.models import Note
from orders.services.note import write_note
from tests.fulfilment.make import confirmed, make_bin, make_shelf, released, work_of
from tests.fulfilment.pages.conftest import PICKER, text
from tests.make import make_order, make_sku
from tests.replay import replayed


@pytest.fixture
@replayed
def walk(place):
    """A list of two cups from A-2 and five pots from A-10: (list, cup, pot)."""
    cup, pot = make_sku(code="CUP"), make_sku(code="POT")
    make_bin(place, "A-2", sku=cup, quantity=9)
    make_bin(place, "A-10", sku=pot, quantity=9)
    return released(confirmed((cup, 2), (pot, 5))), cup, pot


class Hand:
    """A picker's device: it sends what the page's first form holds, with what is scanned or pressed."""

    def __init__(self, client, walk):
        self.client, self.url = client, reverse("floor:pick", args=[walk.pk])
        self.page = client.get(self.url)

    def press(self, do, **fields):
        form = re.search(r'<form method="post" class="scan"[^>]*>.*?</form>', self.page.content.decode(), re.S)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', form.group()))
        self.page = self.client.post(self.url, hidden | {"do": do} | fields, follow=True)
        return text(self.page)

    def scan(self, code):
        return self.press("scan", scan=code)


@pytest.fixture
def hand(enter, walk):
    return Hand(enter(PICKER), walk[0])


def test_a_note_for_the_picker_pops_up_where_he_picks_the_order(hand, walk):
    order = walk[0].tasks.first().fulfilment_line.fulfilment_order.order
    write_note(order.pk, "Take the red one", audience=Note.Audience.PICK)
    write_note(order.pk, "Tissue paper", audience=Note.Audience.PACK)
    write_note(make_order().pk, "Another one's", audience=Note.Audience.PICK)
    page = hand.press("bin")
    assert '<p class="note" data-online>Take the red one</p>' in page
    assert page.count('class="note"') == 1


def test_a_walk_by_scans_alone(hand, walk):
    pick_list, cup, pot = walk
    page = text(hand.page)
    assert '<p class="bin" data-is="bin">A-2</p>' in page
    assert ">CUP</b>" in page
    assert "Scan the item" in hand.scan("a-2")
    assert "Scan the item (1 of 2)" in hand.scan("CUP")
    assert '<p class="bin" data-is="bin">A-10</p>' in hand.scan("CUP"), "the next bin appears by itself"
    hand.scan("A-10")
    assert "How many did you take?" in hand.scan("POT"), "above three one scans once and counts"
    assert "is done" in hand.press("count", count="5")
    assert [task.picked for task in pick_list.tasks.in_walking_order()] == [2, 5]
    pick_list.refresh_from_db()
    assert (pick_list.status, pick_list.picker.username) == ("done", "ann")


def test_a_walk_by_taps(hand, walk):
    hand.press("bin")
    hand.press("count", count="2")
    hand.press("bin")
    assert "is done" in hand.press("count", count="5")


def test_wrong_scans_are_refused_and_nothing_is_picked(hand, walk):
    assert "This is A-10. Go to A-2." in hand.scan("A-10")
    hand.scan("A-2")
    assert "This is POT. Take CUP." in hand.scan("POT")
    assert "Nothing has the code ???" in hand.scan("???")
    assert "Scan the item" in text(hand.page), "the step is kept"
    assert not walk[0].tasks.exclude(picked=0).exists()


def test_a_case_counts_its_pieces(hand, walk):
    SkuBarcode.objects.create(sku=walk[1], code="PAIR", pieces=2)
    hand.scan("A-2")
    assert '<p class="bin" data-is="bin">A-10</p>' in hand.scan("PAIR")


def test_too_many_are_refused(hand, walk):
    hand.press("bin")
    assert "Take 2 pieces" in hand.press("count", count="3")
    assert "Type how many" in hand.press("count", count="")
    assert not walk[0].tasks.exclude(picked=0).exists()


def test_the_same_tap_twice_counts_once(hand, walk):
    hand.press("bin")
    form = {"task": walk[0].tasks.in_walking_order()[0].pk, "do": "count", "count": "1", "picked": "0"}
    for _ in range(2):
        hand.client.post(hand.url, form)
    assert walk[0].tasks.in_walking_order()[0].picked == 1


def test_short_goes_on_with_the_next_bin(hand, walk):
    pick_list, cup, _ = walk
    make_bin(pick_list.location, "B-1", sku=cup, quantity=5)
    hand.press("short", reason="missing", count="1")
    assert '<p class="bin" data-is="bin">B-1</p>' in text(hand.page)
    first = pick_list.tasks.in_walking_order()[0]
    assert (first.picked, first.short, first.short_reason) == (1, 1, "missing")
    assert "nothing is short" in hand.press("short", reason="missing", count="1")


def test_a_short_pick_without_a_reason_picks_nothing(hand, walk):
    assert "Choose why" in hand.press("short", count="1")
    assert not walk[0].tasks.exclude(picked=0).exists()


def test_another_device_goes_on_where_the_first_stopped(hand, walk, staff, client):
    hand.press("bin")
    hand.press("count", count="2")
    client.force_login(staff(*PICKER, username="ben"))
    assert '<p class="bin" data-is="bin">A-10</p>' in text(Hand(client, walk[0]).page)


@pytest.mark.parametrize(
    "query",
    [
        "task=1&step=item&got=zz",
        "task=99999999&step=count",
        "task={task}&step=item&got=²",
        "step=<b>",
        "got=9999999999",
    ],
)
def test_an_address_that_was_tampered_with_shows_the_task(hand, walk, query):
    query = query.format(task=walk[0].tasks.in_walking_order()[0].pk)
    page = hand.client.get(f"{hand.url}?{query}")
    assert page.status_code == 200
    assert "<b>&" not in page.content.decode()
    assert parse_qs(urlsplit("?" + query).query)


def test_a_task_that_is_gone_shows_the_next(hand, walk):
    answer = hand.client.post(hand.url, {"task": "999", "do": "count", "count": "1"}, follow=True)
    assert '<p class="bin" data-is="bin">A-2</p>' in text(answer)


def test_lists_that_wait_are_shown_own_first(enter, place, staff):
    _, (cup,) = make_shelf(9, location=place)
    one, two = released(confirmed((cup, 1))), released(confirmed((cup, 1)))
    client = enter(PICKER)
    client.post(reverse("floor:pick", args=[two.pk]), {"task": two.tasks.get().pk, "do": "bin"})
    lists = client.get(reverse("floor:picking")).context["lists"]
    assert lists == [two, one]
    assert work_of(two.fulfilment_orders.get().order).status == "released"


def test_the_last_pick_is_undone_also_when_the_list_is_done(hand, walk):
    pick_list, cup, pot = walk
    hand.press("bin")
    hand.press("count", count="2")
    assert "Undo 2 × CUP" in text(hand.page)
    hand.press("bin")
    hand.press("count", count="5")
    assert "is done" in text(hand.page)

    page = text(hand.client.post(hand.url, {"do": "undo", "task": pick_list.tasks.get(sku=pot).pk}, follow=True))
    assert "Put 5 × POT back into A-10." in page
    again = hand.client.post(hand.url, {"do": "undo", "task": pick_list.tasks.get(sku=pot).pk}, follow=True)
    assert "POT is put back already." in text(again)
    assert '<p class="bin" data-is="bin">A-10</p>' in page
    assert "Undo 2 × CUP" in page


def test_pause_leaves_the_list_to_others(hand, walk):
    hand.press("bin")
    page = text(hand.client.post(hand.url, {"do": "pause"}, follow=True))
    assert "Scan a pick list" in page
    walk[0].refresh_from_db()
    assert walk[0].status == "open"


def send(hand, walk, *acts):
    return hand.client.post(reverse("floor:sync", args=[walk[0].pk]), {"acts": acts}, content_type="application/json")


def test_what_was_done_alone_counts_once_however_often_it_is_sent(hand, walk):
    cups, pots = walk[0].tasks.in_walking_order()
    acts = [{"task": cups.pk, "picked": 2, "short": ""}, {"task": pots.pk, "picked": 3, "short": "missing"}]
    for _ in range(2):
        assert send(hand, walk, *acts).json() == {"acts": 2}
    cups.refresh_from_db()
    pots.refresh_from_db()
    assert (cups.picked, pots.picked, pots.short, pots.short_reason) == (2, 3, 2, "missing")


def test_a_wrong_scan_made_alone_is_remembered_once_however_often_it_is_sent(hand, walk):
    task = walk[0].tasks.in_walking_order()[0]
    wrong = {"task": task.pk, "picked": 0, "short": "", "wrong": "POT", "at": "item", "when": 1772442000123}
    for _ in range(2):
        assert send(hand, walk, wrong, wrong | {"when": 1772442004000}).status_code == 200
    moments = RefusedScan.objects.order_by("at").values_list("code", "at__minute", "at__second")
    assert list(moments) == [("POT", 0, 0), ("POT", 0, 4)]
    assert send(hand, walk, wrong | {"when": 10**16}).status_code == 422


def test_an_act_that_cannot_be_is_said_and_the_others_count(hand, walk):
    cups, pots = walk[0].tasks.in_walking_order()
    send(hand, walk, {"task": cups.pk, "picked": 9, "short": ""}, {"task": pots.pk, "picked": 5, "short": ""})
    page = text(hand.client.get(hand.url))
    assert "Take 2 pieces of CUP, not 9" in page
    assert [task.picked for task in walk[0].tasks.in_walking_order()] == [0, 5]


def test_acts_of_another_list_or_none_at_all_are_refused(hand, walk, place):
    other = released(confirmed((walk[1], 1))).tasks.get()
    send(hand, walk, {"task": other.pk, "picked": 1, "short": ""})
    assert "taken off the list while you had no connection" in text(hand.client.get(hand.url))
    other.refresh_from_db()
    assert other.picked == 0
    url = reverse("floor:sync", args=[walk[0].pk])
    for body in (
        "",
        "[]",
        '{"acts": [{"task": "x"}]}',
        '{"acts": [{"task": 1, "picked": -1, "short": ""}]}',
        '{"acts": [{"task": 1, "picked": 1e999, "short": ""}]}',
        "[" * 100_000,
    ):
        assert hand.client.post(url, body, content_type="application/json").status_code == 422


def test_the_page_knows_the_codes_of_what_is_still_to_pick(hand, walk):
    SkuBarcode.objects.create(sku=walk[1], code="4006381333931", pieces=2)
    page = hand.client.get(hand.url).content.decode()
    plan = json.loads(re.search(r'<script id="plan" type="application/json">(.*?)</script>', page, re.S)[1])
    assert [(row["bin"], row["sku"], row["left"]) for row in plan] == [("A-2", "CUP", 2), ("A-10", "POT", 5)]
    assert plan[0]["codes"].items() >= {"CUP": 1, "4006381333931": 2}.items()


def test_wrong_scans_are_remembered(enter, place):
    _, (cup, pot) = make_shelf(9, 9, location=place)
    walk = released(confirmed((cup, 1)))
    client, task = enter(PICKER), walk.tasks.get()
    here = reverse("floor:pick", args=[walk.pk])
    for step, code in (("bin", "A-2"), ("item", pot.code), ("item", "nothing"), ("item", "")):
        client.post(here, {"task": task.pk, "step": step, "scan": code})
    rows = RefusedScan.objects.order_by("pk").values_list("kind", "code", "bin__code", "sku")
    assert list(rows) == [
        ("bin", "A-2", "A-1", cup.pk),
        ("item", pot.code, "A-1", cup.pk),
        ("item", "NOTHING", "A-1", cup.pk),
    ]


def test_what_is_sent_late_counts_and_leaves_the_list_with_who_has_it_now(hand, walk, staff):
    pick_list = walk[0]
    cups, pots = pick_list.tasks.in_walking_order()
    ben = staff(*PICKER, username="ben")
    pick.start(pick_list.pk, picker=ben, actor=f"user:{ben.pk}")
    send(hand, walk, {"task": pots.pk, "picked": 1, "short": ""})
    for task in (cups, pots):
        pick.pick(task.pk, picked=task.quantity, actor=f"user:{ben.pk}")
    send(hand, walk, {"task": cups.pk, "picked": 2, "short": ""})
    pick_list.refresh_from_db()
    assert (pick_list.status, pick_list.picker) == ("done", ben)
    assert "Somebody else was done with CUP already" in text(hand.client.get(reverse("floor:picking")))


def test_a_waiting_list_is_taken_up_again_by_who_sends_late_but_not_from_a_colleague(hand, walk, staff):
    pick_list, act = walk[0], {"task": walk[0].tasks.first().pk, "picked": 1, "short": ""}
    ben = staff(*PICKER, username="ben")
    pick.hand_on(pick_list.pk, picker=ben, actor="user:1")
    send(hand, walk, act)
    pick_list.refresh_from_db()
    assert (pick_list.status, pick_list.picker) == ("open", ben)
    assign_picker(pick_list.pk, None)
    send(hand, walk, act)
    pick_list.refresh_from_db()
    assert (pick_list.status, pick_list.picker.username) == ("picking", "ann")
