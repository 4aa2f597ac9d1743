"""Cartons at the bench: shown, drawn, one key away, and never a step more."""

import pytest
from django.urls import reverse

from fulfilment.models import Parcel, ParcelCarton
from inventory.models import Sku
from tests.fulfilment.make import confirmed, make_carton, make_shelf, picked, work_of
from tests.fulfilment.pages.conftest import PACKER, text


@pytest.fixture
def at(enter, place):
    """Two cups in a tote, cartons S and L at the bench: (post, order, cup)."""
    _, (cup,) = make_shelf(9, location=place, length_mm=100, width_mm=90, height_mm=80)
    make_carton("S")
    make_carton("L", (400, 300, 250), weight_g=350)
    order = confirmed((cup, 2))
    picked(order)
    client = enter(PACKER)
    url = reverse("floor:bench", args=[work_of(order).pk])

    def post(what="scan", **fields):
        answer = client.post(url, {"do": what} | fields, follow=True)
        assert answer.status_code == 200
        return text(answer)

    return post, order, cup


def test_the_carton_is_shown_with_a_drawing_of_all_that_comes(at):
    post, _, cup = at
    page = post(scan=cup.code)
    assert '<span class="name">S</span>' in page
    assert page.count(f"<li>{cup}</li>") == 2
    assert page.count("<polygon") == 6
    assert 'placeholder="206"' in page
    assert 'data-key="1" aria-pressed="true"' in page
    assert 'data-key="2"' in page
    assert 'value="400"' in page  # one cup so far, and the carton


def test_the_proposal_is_no_step_more(at):
    post, order, cup = at
    post(scan=cup.code)
    post(scan=cup.code)
    assert f"Order {order} is shipped" in post(scan=order.number)
    parcel = Parcel.objects.get()
    assert (parcel.length_mm, parcel.width_mm, parcel.height_mm, parcel.weight_g) == (206, 156, 126, 700)


def test_another_carton_is_one_key_away(at):
    post, order, cup = at
    post(scan=cup.code)
    page = post("carton", carton="L")
    assert '<span class="name">L</span>' in page
    assert 'data-key="2" aria-pressed="true"' in page
    assert "There is no carton “XXL”" in post("carton", carton="XXL")
    post(scan=cup.code)
    assert f"Order {order} is shipped" in post("send")
    assert ParcelCarton.objects.values_list("carton__code", "proposed__code").get() == ("L", "S")
    assert Parcel.objects.get().length_mm == 406


def test_what_he_was_shown_counts_though_less_went_in(at):
    post, _, cup = at
    post(scan=cup.code)
    post("close", carton="L")
    assert ParcelCarton.objects.values_list("carton__code", "proposed__code").get() == ("L", "S")


def test_a_weight_that_is_off_is_asked_about_once(at):
    post, order, cup = at
    post(scan=cup.code)
    post(scan=cup.code)
    assert "It weighs 1200 g, 700 g are expected" in post("send", weight_g="1200")
    assert Parcel.objects.get().status == "packing"
    assert "are expected" in post("send", weight_g="1300")
    assert f"Order {order} is shipped" in post("send", weight_g="1300")
    assert Parcel.objects.get().weight_g == 1300


def test_dangerous_goods_are_marked_and_unknown_sizes_said(at):
    post, _, cup = at
    Sku.objects.filter(pk=cup.pk).update(is_hazmat=True, width_mm=0)
    page = post(scan=cup.code)
    assert "Dangerous goods" in page
    assert f"no size is known of {cup}" in page
    assert "<svg" not in page
