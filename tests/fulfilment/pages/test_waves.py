"""The lead's pages of waves: preset, preview, release, print; what is stuck; lists given to others."""

from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PickList, PickTask, Wave
from fulfilment.services import wave
from fulfilment.services.pick import pick, start
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, picked, released, work_of
from tests.fulfilment.pages.conftest import LEAD, PICKER, text
from tests.fulfilment.test_printing import make_station
from tests.fulfilment.waves import make_preset, released_wave

pytestmark = pytest.mark.django_db

BOARD = reverse("floor:board")
MORE = [*LEAD, *PICKER]


@pytest.fixture
def cup(place):
    _, (cup,) = make_shelf(99, location=place)
    return cup


@pytest.fixture
def lead(enter):
    return enter(MORE)


def test_preset_preview_release_print(lead, place, cup):
    orders = [confirmed((cup, 1)) for _ in range(3)]
    preset = make_preset(place, name="Morning", mode="discrete")
    assert "Morning" in text(lead.get(BOARD))

    page = text(lead.post(reverse("floor:preview_wave"), {"preset": preset.pk}, follow=True))
    planned = Wave.objects.get()
    assert "Release 3 orders" in page
    assert "no floor plan" in page
    assert not PickList.objects.exists()

    address = reverse("floor:wave", args=[planned.pk])
    answer = text(lead.post(address, {"do": "release"}, follow=True))
    assert f"Wave {planned} is released: 3 lists." in answer
    assert "Print 3 lists" in answer
    assert all(work_of(order).status == "released" for order in orders)

    papers = lead.get(reverse("floor:wave_papers", args=[planned.pk]))
    assert len(pypdfium2.PdfDocument(papers.content)) == 3
    assert "Morning" in text(lead.get(reverse("floor:waves")))
    answer = text(lead.post(address, {"do": "withdraw"}, follow=True))
    assert f"3 orders of wave {planned} are back on the board." in answer
    deliver()


def test_at_a_station_its_printer_prints_the_lists_once(lead, place, cup):
    confirmed((cup, 1)), confirmed((cup, 1))
    planned = released_wave(make_preset(place, mode="discrete"))
    station = make_station(location=place, has_paper_printer=True)
    lead.post(reverse("floor:station"), {"scan": station.code})
    for _ in range(2):
        lead.post(reverse("floor:wave_papers", args=[planned.pk]))
    assert station.jobs.count() == 2


def test_nothing_ready_is_said_on_the_board(lead, place, cup):
    preset = make_preset(place, name="Express")
    assert "Nothing is ready for Express." in text(
        lead.post(reverse("floor:preview_wave"), {"preset": preset.pk}, follow=True)
    )


def test_stop_and_go_on(lead, place, cup):
    confirmed((cup, 1))
    planned = wave.preview(make_preset(place), actor=ACTOR)
    wave.begin(planned.pk, actor=ACTOR)
    address = reverse("floor:wave", args=[planned.pk])
    assert "makes no more lists" in text(lead.post(address, {"do": "stop"}, follow=True))
    deliver()
    assert "Go on" in text(lead.get(address))
    assert "is released: 1 lists" in text(lead.post(address, {"do": "release"}, follow=True))
    deliver()
    Wave.objects.update(status="done")
    assert "is done: 1 lists." in text(lead.post(address, {"do": "release"}, follow=True)), "an old page"


def test_a_wave_whose_orders_are_gone_says_so(lead, place, cup):
    order = confirmed((cup, 1))
    planned = wave.preview(make_preset(place), actor=ACTOR)
    released(order)
    page = text(lead.post(reverse("floor:wave", args=[planned.pk]), {"do": "release"}, follow=True))
    assert "0 lists. Its orders are left out: see why below." in page


def test_risks_and_what_is_left_out_are_shown(lead, place, cup):
    risky, over = confirmed((cup, 1), priority=1), confirmed((cup, 1))
    FulfilmentOrder.objects.filter(order=risky).update(ship_by=timezone.now() - timedelta(hours=1))
    preset = make_preset(place, most_orders=1)
    page = text(lead.post(reverse("floor:preview_wave"), {"preset": preset.pk}, follow=True))
    assert "Promises at risk" in page
    assert "more than the preset takes" in page
    assert over.number in page


def test_cutoffs_and_hours_are_on_the_board(lead, place, cup):
    confirmed((cup, 1))
    picked(confirmed((cup, 1)))
    [row] = lead.get(BOARD).context["cutoffs"]
    assert (row["ready"], row["picking"], row["to_pack"], row["packed"]) == (1, 0, 1, 0)
    assert lead.get(BOARD).context["people"] == 1


def test_what_nobody_touches_is_stuck(lead, place, cup, staff):
    half, dead = confirmed((cup, 2)), confirmed((cup, 1))
    walk, other = released(half), released(dead)
    pick(walk.tasks.get().pk, picked=1, actor=ACTOR)
    start(other.pk, picker=staff(*PICKER, username="ben"), actor=ACTOR)
    assert lead.get(BOARD).context["stuck"] == lead.get(BOARD).context["silent"] == []
    long_ago = timezone.now() - timedelta(minutes=31)
    FulfilmentOrder.objects.update(touched_at=long_ago)
    PickList.objects.update(started_at=long_ago)
    PickTask.objects.update(done_at=long_ago)
    page = lead.get(BOARD)
    assert [row.order for row in page.context["stuck"]] == [half]
    assert page.context["silent"] == [other]
    assert "half picked" in text(page)

    lead.post(reverse("floor:free", args=[other.pk]))
    other.refresh_from_db()
    assert (other.status, other.picker) == ("open", None)


def test_all_lists_of_a_picker_go_to_another(lead, place, cup, staff):
    ben, eve = staff(*PICKER, username="ben"), staff(*PICKER, username="eve")
    for _ in range(2):
        start(released(confirmed((cup, 1))).pk, picker=ben, actor=ACTOR)
    answer = lead.post(reverse("floor:reassign"), {"picker": ben.pk, "to": eve.pk}, follow=True)
    assert "2 lists of ben go to eve." in text(answer)
    assert set(PickList.objects.values_list("picker", "status")) == {(eve.pk, "open")}
    assert "Choose somebody else." in text(
        lead.post(reverse("floor:reassign"), {"picker": eve.pk, "to": eve.pk}, follow=True)
    )


def test_pickers_may_not(enter, place, cup):
    client = enter(PICKER)
    for name, args in (("waves", []), ("wave", [1]), ("wave_papers", [1])):
        assert client.get(reverse(f"floor:{name}", args=args)).status_code == 403
    for name, args in (("preview_wave", []), ("reassign", []), ("free", [1])):
        assert client.post(reverse(f"floor:{name}", args=args)).status_code == 403


def test_the_number_of_queries_does_not_grow(lead, place, cup, django_assert_max_num_queries):
    for _ in range(2):
        confirmed((cup, 1)), confirmed((cup, 1))
        planned = released_wave(make_preset(place, mode="discrete"))
    with django_assert_max_num_queries(16):
        lead.get(reverse("floor:wave", args=[planned.pk]))
