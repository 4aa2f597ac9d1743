"""Who picked how much and how rightly: counted by hand here, and the errors by bin, item and person."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from fulfilment.models import PickList, PickTask, RefusedScan
from fulfilment.services import productivity
from fulfilment.services.pace import factor_of, seconds
from fulfilment.services.pick import pick, start
from fulfilment.services.refused import note, note_in_tote, refuse
from fulfilment.services.short import short
from oms.lib.errors import Invalid
from tests.fulfilment.make import confirmed, make_shelf, released
from tests.fulfilment.pages.conftest import text

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 22)
NINE = datetime(2027, 3, 22, 8, 0, tzinfo=UTC)


@pytest.fixture
def ben(django_user_model):
    return django_user_model.objects.create_user("ben", first_name="Ben", last_name="Ray")


@pytest.fixture
def walked(ben):
    """A list of four lines that Ben picks at 9:01, 9:03, 9:13 and 9:14, the third one short."""
    location, skus = make_shelf(9, 9, 9, 9)
    orders = [confirmed((skus[0], 2), (skus[1], 1)), confirmed((skus[2], 1), (skus[3], 3))]
    walk = released(*orders)
    actor = f"user:{ben.pk}"
    start(walk.pk, picker=ben, actor=actor)
    tasks = list(walk.tasks.in_walking_order())
    for task in tasks[:2] + tasks[3:]:
        pick(task.pk, picked=task.quantity, actor=actor)
    short(tasks[2].pk, reason="missing", actor=actor)
    for task, minutes in zip(tasks, (1, 3, 13, 14), strict=True):
        PickTask.objects.filter(pk=task.pk).update(done_at=NINE + timedelta(minutes=minutes))
    PickList.objects.filter(pk=walk.pk).update(started_at=NINE, metres=200)
    return location, skus, walk, actor


def test_lines_pieces_metres_and_active_time(walked):
    location, skus, _, actor = walked
    [share] = productivity.shares(location, MONDAY, MONDAY)
    assert (share.name, share.lines, share.pieces, share.shorts) == ("Ben Ray", 4, 6, 1)
    assert share.metres == 200
    # The ten minutes from 9:03 to 9:13 are no picking.
    assert share.seconds == (1 + 2 + 1) * 60
    assert (share.lines_an_hour, share.accuracy) == (60, 100)
    assert productivity.shares(location, MONDAY - timedelta(days=7), MONDAY - timedelta(days=1)) == []


def test_errors_are_traced_to_bin_item_and_person(walked):
    location, skus, walk, actor = walked
    task = walk.tasks.select_related("fulfilment_line__fulfilment_order").in_walking_order().first()
    with pytest.raises(Invalid, match="Go to A-1"):
        refuse(task, "bin", "a-9", "Go to A-1.", actor=actor)
    note(task, "item", "POT", actor=actor)
    assert note(task, "item", " ", actor=actor) is None
    other = walk.fulfilment_orders.order_by("pk").last()
    note_in_tote(other.pk, skus[0].code, actor="user:99")  # the packer scans what the first order should have
    RefusedScan.objects.update(at=NINE)

    [share] = productivity.shares(location, MONDAY, MONDAY)
    assert (share.wrong_scans, share.found_packing, share.accuracy) == (2, 1, 75)
    found = {
        (row["kind"], row["bin"], row["sku"], row["name"]) for row in productivity.errors(location, MONDAY, MONDAY)
    }
    assert found == {
        ("another bin", "A-1", skus[0].code, "Ben Ray"),
        ("another item", "A-1", skus[0].code, "Ben Ray"),
        ("wrong in the tote", "A-1", skus[0].code, "Ben Ray"),
        ("short: not there", "A-3", skus[2].code, "Ben Ray"),
    }


def test_what_belongs_to_the_order_is_no_error(walked):
    _, skus, walk, _ = walked
    first = walk.fulfilment_orders.order_by("pk").first()
    assert note_in_tote(first.pk, skus[0].code, actor="user:99") is None
    assert note_in_tote(first.pk, "what is this", actor="user:99") is None


def test_pace_is_learned_from_enough_lists(walked):
    location, _, walk, _ = walked
    assert factor_of(location) == 1
    model = seconds(4, 200)
    now = NINE + timedelta(days=1)
    PickList.objects.all().update(done_at=NINE + timedelta(seconds=2 * model), status="done")
    rows = [PickList(location=location, status="done", metres=200) for _ in range(4)]
    for row in PickList.objects.bulk_create(rows):
        row.started_at, row.done_at = NINE, NINE + timedelta(hours=9)  # lay about: not believed
        row.save()
    assert factor_of(location, now) == 1
    PickList.objects.filter(pk__in=[row.pk for row in rows]).update(done_at=NINE + timedelta(seconds=2 * model))
    PickTask.objects.filter(pick_list=walk).update(pick_list=rows[0])
    assert factor_of(location, now) == 1  # lists without lines say nothing


def test_the_page_and_its_csv(walked, client, django_user_model):
    location, *_ = walked
    client.force_login(django_user_model.objects.create_superuser("ann"))
    days = {"location": location.pk, "first": "2027-03-20", "last": "2027-03-22"}
    page = text(client.get(reverse("work:people"), days))
    assert "Ben Ray" in page
    assert "short: not there" in page
    lines = b"".join(client.get(reverse("work:export_people", args=["people"]), days)).decode().splitlines()
    assert lines[1] == "2027-03-22,Ben Ray,4,6,200,0.07,60,0,1,0,100.0"
    lines = b"".join(client.get(reverse("work:export_people", args=["errors"]), days)).decode().splitlines()
    assert lines[1].startswith("short: not there,A-3,")


def test_today_is_the_locations(walked, client, django_user_model, time_machine):
    """An hour before midnight UTC it is tomorrow in Berlin."""
    late = datetime(2027, 3, 22, 23, 30, tzinfo=UTC)
    PickTask.objects.update(done_at=late)
    time_machine.move_to(late)
    client.force_login(django_user_model.objects.create_superuser("ann"))
    lines = b"".join(client.get(reverse("work:export_people", args=["people"]))).decode().splitlines()
    assert [line[:18] for line in lines[1:]] == ["2027-03-23,Ben Ray"]


def test_pickers_do_not_see_each_other(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("eve", is_staff=True))
    assert client.get(reverse("work:people")).status_code == 403
