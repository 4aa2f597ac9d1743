"""Whoever has not said yet where he works, where there are several places, is asked; no page fails."""

import pytest
from django.urls import get_resolver, reverse

from fulfilment.services import wave
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, picked, work_of
from tests.fulfilment.waves import make_preset
from tests.inventory.carrying import make_transfer
from tests.make import make_location

pytestmark = pytest.mark.django_db

ASKED = "Where do you work?"


@pytest.fixture
def pages():
    """Every address of the floor and of stock, by name, of rows that there are."""
    place, (cup,) = make_shelf(50)
    make_location("HAM")
    parcel, walk = packed(confirmed((cup, 1))), picked(confirmed((cup, 1)))
    confirmed((cup, 1))
    planned = wave.preview(make_preset(place), actor=ACTOR)
    work = work_of(walk.fulfilment_orders.get().order)
    rows = {"waves": planned, "lists": walk, "pack": work, "parcels": parcel, "shipped": parcel, "skus": cup}
    rows |= {"transfers": make_transfer(make_location("MUC")), "pictures": cup}
    found = {}
    for app in ("floor", "stock"):
        urls = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == app)
        for url in urls.url_patterns:
            given = url.pattern.converters
            row = rows.get(str(url.pattern).split("/")[0])
            kwargs = {name: row.pk if row and name == "pk" else "1" for name in given}
            found[f"{app}:{url.name}"] = reverse(f"{app}:{url.name}", kwargs=kwargs)
    return found


def test_each_page_asks_or_needs_no_place(admin_client, pages):
    answers = {name: admin_client.get(address, follow=True) for name, address in pages.items()}
    asks = {name for name, answer in answers.items() if ASKED in b"".join(answer).decode(errors="replace")}
    assert {"floor:board", "floor:waves", "floor:wave", "floor:packing", "stock:receive", "stock:transfer"} <= asks
    assert len(asks) > 20
