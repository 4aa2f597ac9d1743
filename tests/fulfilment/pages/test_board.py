from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PickList
from orders.services import holds
from orders.services.cancel import cancel
from tests.fulfilment.make import confirmed, make_shelf, picked, released, work_of
from tests.fulfilment.pages.conftest import LEAD, PICKER, text

BOARD = reverse("floor:board")
MORE = [*LEAD, *PICKER]


@pytest.fixture
def cup(place):
    _, (cup,) = make_shelf(99, location=place)
    return cup


def test_ticked_work_becomes_one_list_that_prints(enter, cup):
    first, second, third = (confirmed((cup, 1)) for _ in range(3))
    client = enter(MORE)
    page = text(client.get(BOARD))
    assert all(order.number in page for order in (first, second, third))

    answer = client.post(reverse("floor:release"), {"work": [work_of(first).pk, work_of(second).pk]}, follow=True)
    walk = PickList.objects.get()
    assert f"Pick list {walk} holds 2 orders" in text(answer)
    assert work_of(third).status == "open"
    paper = client.get(reverse("floor:list_paper", args=[walk.pk]))
    assert paper.content.startswith(b"%PDF")
    assert "inline" in paper["Content-Disposition"]


def test_what_cannot_be_released_is_said(enter, cup):
    held, free = confirmed((cup, 1)), confirmed((cup, 1))
    client = enter(MORE)
    holds.put(held.pk, "manual", "wait")
    assert held.number not in text(client.get(BOARD)).replace("On hold", "")
    answer = client.post(reverse("floor:release"), {"work": [work_of(held).pk, work_of(free).pk]}, follow=True)
    assert f"Order {held} is on hold." in text(answer)
    answer = client.post(reverse("floor:release"), {"work": ["x", ""]}, follow=True)
    assert "choose at least one order" in text(answer)
    assert PickList.objects.count() == 1


def test_all_is_ticked_where_all_are(enter, cup, monkeypatch):
    confirmed((cup, 1))
    client = enter(MORE)
    assert "data-all checked" in text(client.get(BOARD))
    monkeypatch.setattr("fulfilment.pages.board.MOST_TICKED", 0)
    page = text(client.get(BOARD))
    assert "data-all>" in page
    assert 'name="work" value="' in page
    assert " checked" not in page


def test_presets(enter, cup):
    late, express, two = confirmed((cup, 3)), confirmed((cup, 2), priority=1), confirmed((cup, 1))
    FulfilmentOrder.objects.filter(order=late).update(ship_by=timezone.now() - timedelta(hours=1))
    type(express).objects.filter(pk=express.pk).update(method="express")
    client = enter(MORE)
    for preset, order in (("late", late), ("express", express), ("single", two)):
        shown = client.get(BOARD, {"preset": preset}).context["ready"]
        assert [row.order for row in shown] == [order]
    assert len(client.get(BOARD, {"preset": "nonsense"}).context["ready"]) == 3
    assert "late, " in text(client.get(BOARD))


def test_counts(enter, cup):
    confirmed((cup, 1))
    released(confirmed((cup, 1)))
    picked(confirmed((cup, 1)))
    counts = {row["title"]: row["count"] for row in enter(MORE).get(BOARD).context["columns"]}
    assert (counts["Ready"], counts["Being picked"], counts["To pack"], counts["Late"]) == (1, 1, 1, 0)


def test_a_cancelled_order_is_no_work_though_no_worker_has_run(enter, cup):
    order = confirmed((cup, 1))
    FulfilmentOrder.objects.update(ship_by=timezone.now() - timedelta(hours=1))
    client = enter(MORE)
    assert "late, " in text(client.get(BOARD))

    cancel(order.pk, reason="changed mind")
    assert work_of(order).status == "open"
    page = client.get(BOARD)
    assert {row["title"]: row["count"] for row in page.context["columns"] if row["count"]} == {}
    assert page.context["cutoffs"] == []
    assert not FulfilmentOrder.objects.late(timezone.now()).exists()


def test_a_list_is_given_and_taken_back(enter, cup, staff):
    order = confirmed((cup, 1))
    walk = released(order)
    ben = staff(*PICKER, username="ben")
    staff("view_order", username="felix")
    client = enter(MORE)
    assert [str(user) for user in client.get(BOARD).context["pickers"]] == ["ann", "ben"], "who may pick"
    client.post(reverse("floor:assign", args=[walk.pk]), {"picker": ben.pk})
    walk.refresh_from_db()
    assert walk.picker == ben
    felix = get_user_model().objects.get(username="felix")
    answer = client.post(reverse("floor:assign", args=[walk.pk]), {"picker": felix.pk}, follow=True)
    assert "Choose somebody who may pick." in text(answer)
    answer = client.post(reverse("floor:withdraw", args=[walk.pk]), follow=True)
    assert "1 orders of list" in text(answer)
    assert work_of(order).status == "open"
    for page, form in (("floor:assign", {"picker": ben.pk}), ("floor:free", {})):
        answer = client.post(reverse(page, args=[walk.pk]), form, follow=True)
        assert f"Pick list {walk} is cancelled: nobody picks it now." in text(answer)


def test_the_number_of_queries_does_not_grow(enter, cup, django_assert_max_num_queries):
    client = enter(MORE)
    for _ in range(2):
        released(confirmed((cup, 1)), confirmed((cup, 1)))
        confirmed((cup, 1))
    with django_assert_max_num_queries(24):
        client.get(BOARD)
