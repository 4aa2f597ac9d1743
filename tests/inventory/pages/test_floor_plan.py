"""The floor plan in the console: who sees and changes it, what the map shows, what a wrong plan answers."""

import pytest
from django.urls import reverse

from inventory.models import Bin, FloorPlan
from tests.fulfilment.floors import make_floor, make_place
from tests.fulfilment.make import make_bin
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    client.force_login(make_user("Warehouse lead"))
    return client


def plan_url(place):
    return reverse("plans:plan", args=[place.pk])


def posted(*aisles, cross="0, 20", **fields):
    """What the form sends: aisles are (was, code, x, way)."""
    data = {"aisle-TOTAL_FORMS": len(aisles), "aisle-INITIAL_FORMS": len(aisles), "cross": cross}
    for i, row in enumerate(aisles):
        data |= {f"aisle-{i}-{name}": value for name, value in zip(("was", "code", "x", "way"), row, strict=True)}
    return data | {"start": "", "end": "", "heavy_from_g": 5000, "detour_percent": 10} | fields


def test_the_map_shows_bins_with_their_goods_and_one_that_is_asked_for(lead):
    place = make_floor()
    bin_, _ = make_place(place, "A1", 5, code="CUPS", sku=make_sku(code="CUP"), quantity=7)
    make_place(place, "A1", 5, code="ABOVE", level=1, quantity=0)
    make_bin(place, "OFF", sku=make_sku(), quantity=1)
    page = lead.get(plan_url(place) + f"?at={bin_.pk}").content.decode()
    assert "CUPS: 7 × CUP\nABOVE: empty" in page
    assert 'class="shelf chosen"' in page
    assert "1 bin with goods not on the plan" in page
    assert "7 × CUP</span>" in page


def test_a_first_plan_begins_with_the_aisles_that_bins_name(lead):
    place = make_location()
    make_bin(place, "B-1", aisle="B")
    make_bin(place, "A-1", aisle="A")
    page = lead.get(plan_url(place)).content.decode()
    assert page.index('value="A"') < page.index('value="B"')
    assert not FloorPlan.objects.exists()
    lead.post(
        plan_url(place), posted(("", "A", 0, "both"), ("", "B", "3.5", "down"), ("", "", "", "both"), start="B, 20")
    )
    plan = FloorPlan.objects.get(location=place)
    assert list(plan.aisles.order_by("x_cm").values_list("code", "x_cm", "way")) == [
        ("A", 0, "both"),
        ("B", 350, "down"),
    ]
    assert (plan.start_aisle.code, plan.start_cross.y_cm) == ("B", 2000)


def test_an_aisle_is_moved_and_renamed_and_a_cross_aisle_added(lead):
    place = make_floor(aisles=2)
    bin_, _ = make_place(place, "A1", 5)
    rows = posted(("A1", "C1", "1.25", "both"), ("A2", "A2", 4, "both"), cross="0; 10; 20")
    assert lead.post(plan_url(place), rows).status_code == 302
    bin_.refresh_from_db()
    assert (bin_.aisle, place.floor_plan.cross_aisles.count()) == ("C1", 3)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (posted(("A2", "A2", 4, "both")), "would be off the plan"),
        (posted(("A1", "A1", "", "both")), "Where is it?"),
        (posted(("A1", "A1", 0, "both"), cross="0, far"), "Write metres"),
        (posted(("A1", "A1", 0, "both"), start="A9, 0"), "Choose an aisle and a cross-aisle of the plan"),
        (posted(("A1", "A1", 0, "up")), "nobody could walk back"),
    ],
)
def test_a_wrong_plan_is_refused_with_what_was_typed(lead, rows, said):
    place = make_floor(aisles=1)
    make_place(place, "A1", 5)
    answer = lead.post(plan_url(place), rows)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_bins_of_an_aisle_are_put_elsewhere_by_form(lead):
    place = make_floor()
    make_place(place, "A1", 5, code="ONE")
    make_place(place, "A1", 6, code="TWO")
    url = reverse("plans:aisle", args=[place.pk]) + "?aisle=A1"
    assert "ONE" in lead.get(url).content.decode()
    data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2}
    for i, (code, position, level) in enumerate([("ONE", "6", 0), ("TWO", "5", 0)]):
        row = {"code": code, "aisle": "A1", "side": "left", "position": position, "level": level, "zone": ""}
        data |= {f"form-{i}-{name}": value for name, value in row.items()}
    lead.post(url, data)
    assert dict(Bin.objects.filter(aisle="A1").values_list("code", "position_cm")) == {"ONE": 600, "TWO": 500}
    answer = lead.post(url, data | {"form-0-position": "5"})
    assert "lies where" in answer.content.decode()


def test_who_sees_it_and_who_changes_it(client):
    place = make_floor()
    for role, may_change in (("Picker", False), ("Read-only", False), ("Manager", True)):
        client.force_login(make_user(role))
        assert client.get(plan_url(place)).status_code == 200
        changed = client.post(plan_url(place), posted(("A1", "A1", 0, "both")))
        assert changed.status_code == (302 if may_change else 403), role
        aisle = client.get(reverse("plans:aisle", args=[place.pk]))
        assert aisle.status_code == (200 if may_change else 403), role
        exported = client.get(reverse("plans:export", args=[place.pk]))
        assert b"bin,aisle,side,position" in b"".join(exported.streaming_content)


def test_the_map_asks_the_same_however_many_bins(lead, django_assert_max_num_queries):
    place = make_floor()
    for y in range(12):
        make_place(place, "A1", y)
    with django_assert_max_num_queries(20):
        lead.get(plan_url(place))
