"""Who may open the stock pages, and where one works."""

import pytest

from inventory.models import Sku
from inventory.pages.urls import urlpatterns
from tests.make import make_location

NEEDS = {
    "home": "view_stocklevel",
    "place": "view_stocklevel",
    "receive": "receive_stock",
    "learn": "receive_stock",
    "move": "move_stock",
    "adjust": "adjust_stock",
    "counts": "count_stock",
    "count": "count_stock",
    "review": "adjust_stock",
    "item": "view_stocklevel",
    "quarantine": "adjust_stock",
    "label": "view_stocklevel",
    "transfers": "receive_stock",
    "put_away": "move_stock",
    "refills": "move_stock",
    "refill": "move_stock",
    "transfer": "receive_stock",
    "transfer_done": "receive_stock",
    "picture": "view_sku",
}
POSTED = {"place", "learn", "quarantine"}


def test_every_page_is_listed_with_what_it_needs():
    assert {pattern.name: pattern.callback.permission for pattern in urlpatterns} == {
        name: f"inventory.{needed}" for name, needed in NEEDS.items()
    }


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_strangers_log_in_and_staff_without_the_permission_is_refused(client, log_in_with, berlin, pattern):
    path = f"/stock/{str(pattern.pattern).replace('<int:pk>', '1')}"
    ask = client.post if pattern.name in POSTED else client.get
    answer = ask(path)
    assert (answer.status_code, answer.headers.get("Location", "")[:14]) == (302, "/admin/login/?")
    log_in_with()
    assert ask(path).status_code == 403


def test_where_there_are_several_places_one_is_chosen_first_and_kept(worker, berlin):
    hamburg = make_location("HAM", name="Hamburg")
    make_location("SUP", name="Supplier", tracks_stock=False)
    make_location("THEIRS", name="Somebody else's", kind="3pl")
    answer = worker.get("/stock/receive/")
    assert answer.headers["Location"] == "/stock/?next=%2Fstock%2Freceive%2F"
    page = worker.get(answer.headers["Location"]).content.decode()
    assert "Where do you work?" in page
    assert "Supplier" not in page
    assert "THEIRS" not in page
    answer = worker.post("/stock/place/", {"place": hamburg.pk, "next": "/stock/receive/"})
    assert answer.headers["Location"] == "/stock/receive/"
    assert "HAM" in worker.get("/stock/receive/").content.decode()


def test_the_way_back_leads_nowhere_else(worker, berlin):
    answer = worker.post("/stock/place/", {"place": berlin.pk, "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/stock/"


def test_the_only_place_needs_no_choice(worker, berlin):
    page = worker.get("/stock/").content.decode()
    assert "Berlin" in page
    assert "Receive" in page


def test_tabs_are_those_one_may_open(log_in_with, berlin):
    page = log_in_with("view_stocklevel", "count_stock").get("/stock/").content.decode()
    assert "Count" in page
    assert "Adjust" not in page


def test_a_picture_is_served_as_what_it_is_and_nothing_that_runs(worker, mug, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert worker.get(f"/stock/pictures/{mug.pk}/").status_code == 404
    for name, status in (("a.png", 200), ("a.svg", 404), ("a.html", 404)):
        (tmp_path / name).write_bytes(b"<script>")
        Sku.objects.update(image=name)
        answer = worker.get(f"/stock/pictures/{mug.pk}/")
        assert answer.status_code == status, name
    Sku.objects.update(image="gone.png")
    assert worker.get(f"/stock/pictures/{mug.pk}/").status_code == 404
