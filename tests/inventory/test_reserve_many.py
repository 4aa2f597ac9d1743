"""Reserving for many at once: as if one came after the other, all or none."""

import pytest
from django.db import transaction

from inventory.models import StockEntry, StockLevel
from inventory.services import stock
from oms.lib.errors import Retry
from tests.inventory.ledger import level
from tests.make import make_location, make_sku

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt(3)]  # nobody has allocated what is reserved here


def test_each_has_its_entries_and_the_ledger_adds_up():
    home = make_location()
    mug, cup = make_sku(9, home), make_sku(9, home)
    both = {(mug.pk, home.pk): 2, (cup.pk, home.pk): 1}
    stock.reserve_many([stock.Wish("order:1", both), stock.Wish("order:2", {(mug.pk, home.pk): 3})], actor="user:1")
    assert (level(mug, home), level(cup, home)) == ((9, 5, 0), (9, 1, 0))
    entries = StockEntry.objects.filter(bucket="reserved").order_by("pk")
    assert list(entries.values_list("subject", "sku", "delta", "balance_after", "actor")) == [
        ("order:1", mug.pk, 2, 2, "user:1"),
        ("order:1", cup.pk, 1, 1, "user:1"),
        ("order:2", mug.pk, 3, 5, "user:1"),
    ]


@pytest.mark.parametrize(("keep", "fits"), [(0, True), (1, True), (2, False)])
def test_who_must_leave_some_is_served_only_where_they_are_left(keep, fits):
    """Five pieces, two go first: the second may take two where one must stay, and not where two must."""
    home = make_location()
    mug = make_sku(5, home)
    wishes = [stock.Wish("order:1", {(mug.pk, home.pk): 2}), stock.Wish("order:2", {(mug.pk, home.pk): 2}, keep=keep)]
    if fits:
        stock.reserve_many(wishes)
    else:
        with pytest.raises(Retry), transaction.atomic():
            stock.reserve_many(wishes)
    assert StockLevel.objects.get().reserved == (4 if fits else 0)


def test_all_or_none():
    home = make_location()
    mug, cup = make_sku(9, home), make_sku(1, home)
    wishes = [stock.Wish("order:1", {(mug.pk, home.pk): 2}), stock.Wish("order:2", {(cup.pk, home.pk): 2})]
    with pytest.raises(Retry), transaction.atomic():
        stock.reserve_many(wishes)
    assert (level(mug, home), level(cup, home)) == ((9, 0, 0), (1, 0, 0))
