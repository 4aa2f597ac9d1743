"""New products: forecast from the history of the SKU they are said to sell like."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from inventory.models import Forecast, Proposal
from inventory.services import stock
from inventory.services.explain_proposal import words
from inventory.services.replenish import run
from tests.inventory.buying import lists
from tests.inventory.planning import backdate, make_known, sell
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


def make_launch(known, *, scale=1, on_hand=0):
    """A new SKU that sells like `known`, on the list of the same supplier."""
    sku = make_sku(on_hand, known.levels.get().location) if on_hand else make_sku()
    lists(known.suppliers.get().supplier, sku, moq=1, pack_size=12)
    sku.analogue, sku.analogue_scale, sku.unit_cost = known, Decimal(scale), Decimal("4.00")
    sku.save()
    return sku


def test_what_never_was_here_is_bought_for_where_its_analogue_is_kept():
    known = make_known()
    sku = make_launch(known, scale=2)
    run()
    row = Proposal.objects.open().get(sku=sku)
    assert (row.location, row.reason["analogue"]) == (known.levels.get().location, known.code)
    assert row.reason["weekly"] == pytest.approx(20, abs=0.1)
    assert any(f"from the history of {known.code}, 2 for each piece" in text for text in words(row))
    assert Proposal.objects.open().get(sku=known).reason["analogue"] == ""


def test_its_own_first_weeks_count_beside_what_is_lent():
    known = make_known()
    sku = make_launch(known, on_hand=200)
    sell(sku, [30] * 4)
    backdate(sku, 4)
    run()
    row = Forecast.objects.get(sku=sku)
    assert row.method == Forecast.Method.ANALOGUE
    assert 20 < row.weekly < 40


def test_with_six_weeks_of_its_own_it_stands_alone():
    known = make_known()
    sku = make_launch(known, on_hand=200)
    sell(sku, [2] * 6)
    backdate(sku, 6)
    run()
    row = Forecast.objects.get(sku=sku)
    assert row.method == Forecast.Method.ENSEMBLE
    assert row.weekly == pytest.approx(2, abs=0.1)


def test_the_successor_of_what_is_off_sale_takes_its_history_over():
    known = make_known()
    sku = make_launch(known)
    known.is_active = False
    known.save()
    run()
    assert Forecast.objects.get(sku=sku).weekly == pytest.approx(10, abs=0.1)
    assert not Forecast.objects.filter(sku=known).exists()


def test_once_it_is_kept_somewhere_it_is_planned_there_only():
    known = make_known()
    elsewhere = make_location()
    sku = make_launch(known)
    stock.receive(sku, elsewhere, 5)
    run()
    row = Forecast.objects.get(sku=sku)
    # The analogue is not kept there, so nothing is lent.
    assert (row.location, row.method, row.weekly) == (elsewhere, Forecast.Method.ENSEMBLE, 0)


def test_an_analogue_is_another_good_and_sells_something():
    sku = make_sku()
    for wrong in ({"analogue": sku}, {"analogue_scale": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(sku).objects.filter(pk=sku.pk).update(**wrong)
    sku.analogue = make_sku(kind="digital")
    with pytest.raises(ValidationError, match="on a shelf"):
        sku.full_clean()
    sku.refresh_from_db()
    assert (sku.analogue, sku.analogue_scale) == (None, 1)
