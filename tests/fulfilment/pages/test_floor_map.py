"""Maps on the floor, the tour of a list, zones, and handing a list over."""

import pytest
from django.urls import reverse

from fulfilment.models import PickList
from fulfilment.services.pick import pick
from tests.fulfilment.floors import make_floor, make_place
from tests.fulfilment.make import ACTOR, confirmed, make_bin, released, work_of
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def tour():
    """A list with three stops, the last of them off the plan."""
    place = make_floor()
    skus = [make_place(place, aisle, 5, code=f"{aisle}-5", zone=aisle)[1] for aisle in ("A1", "A3")]
    other = make_sku()
    make_bin(place, "OFF", sku=other, quantity=2)
    return released(confirmed(*((sku, 1) for sku in skus), (other, 1)))


@pytest.fixture
def picker(client):
    user = make_user("Picker")
    client.force_login(user)
    client.user = user
    return client


def test_the_tour_of_a_list_is_on_the_map_with_its_stops_in_order(picker, tour):
    first = tour.tasks.in_walking_order().select_related("bin").first()
    pick(first.pk, picked=1, actor=ACTOR)
    page = picker.get(reverse("floor:list_map", args=[tour.pk])).content.decode()
    assert page.count('<circle class="stop') == 2
    assert 'class="stop done"' in page
    assert 'class="stop next"' in page
    assert 'class="tour"' in page
    assert 'class="arrow"' in page
    assert "36 m" in page
    assert "not on the plan" in page
    assert max(page.index("A1-5</b>"), page.index("A3-5</b>")) < page.index("OFF</b>")


def test_the_map_of_a_place_shows_bins_and_says_when_nothing_is_drawn(picker, tour):
    page = picker.get(reverse("floor:map")).content.decode()
    assert "A1-5: 8 × " in page or "A1-5: 9 × " in page
    tour.location.floor_plan.delete()
    assert "has no floor plan yet" in picker.get(reverse("floor:map")).content.decode()
    assert "has no floor plan yet" in picker.get(reverse("floor:list_map", args=[tour.pk])).content.decode()


def test_the_walk_shows_metres_and_the_way_to_the_map(picker, tour):
    page = picker.get(reverse("floor:pick", args=[tour.pk])).content.decode()
    assert "36 m" in page
    assert reverse("floor:list_map", args=[tour.pk]) in page


def test_a_list_is_handed_over_on_its_page(picker, tour):
    colleague = make_user("Picker")
    url = reverse("floor:pick", args=[tour.pk])
    assert f">{colleague}</option>" in picker.get(url).content.decode()
    refused = picker.post(url, {"do": "hand_on", "picker": "0"}, follow=True)
    assert "Choose who goes on" in refused.content.decode()
    page = picker.post(url, {"do": "hand_on", "picker": colleague.pk}, follow=True).content.decode()
    assert f"waits for {colleague}" in page
    assert PickList.objects.get(pk=tour.pk).picker == colleague


def test_the_board_makes_a_list_per_zone_and_the_done_one_names_the_next(client, django_assert_max_num_queries):
    client.force_login(make_user("Warehouse lead"))
    place = make_floor(make_location())
    cup, pot = (make_place(place, aisle, 5, zone=zone)[1] for aisle, zone in (("A1", "N"), ("A2", "S")))
    order = confirmed((cup, 1), (pot, 1))
    client.post(reverse("floor:release"), {"work": [work_of(order).pk], "by_zone": "1"})
    first, second = PickList.objects.order_by("pk")
    board = client.get(reverse("floor:board")).content.decode()
    assert f"zone S, after {first}" in board
    assert f"totes are still in {first}" in client.get(reverse("floor:picking")).content.decode()
    pick(first.tasks.get().pk, picked=1, actor=ACTOR)
    with django_assert_max_num_queries(25):
        done = client.get(reverse("floor:pick", args=[first.pk])).content.decode()
    assert "Hand the totes over to zone S" in done
    assert f">{second}</a>, 1 line" in done
    pick(second.tasks.get().pk, picked=1, actor=ACTOR)
    assert "Bring the totes to the bench" in client.get(reverse("floor:pick", args=[second.pk])).content.decode()
