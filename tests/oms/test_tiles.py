"""A tile of the home page counts the rows that its link opens, whatever state a row is in.

One row goes through many states, drawn from all that those fields can hold which the tile or the list look at: in
each, the tile counts it or not, and the list shows it or not. What a tile must not count is so tried with what it must.
"""

import random
from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from fulfilment.models import FulfilmentLine, FulfilmentOrder
from inventory.models import BinStock, Lot, Sku
from oms import dashboard, roles
from orders.models import ChannelMessage, Connection, Hold, Invoice, Order
from tests.fulfilment.make import confirmed
from tests.make import make_location, make_order, make_sku, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]  # states that no service would bring about

FEWEST, MOST = 80, 2_000  # states; more than the fewest only until the row was counted once, and once not
LIST = "_changelist"
TILES = {queue.title: queue for queues in dashboard.QUEUES.values() for queue in queues}
LISTED = [title for title, queue in TILES.items() if queue.link.endswith(LIST)]
# Pages that are not a list of rows, with tests of their own: what they show are walks, boxes, groups of rows.
OTHERS = {"floor:board", "floor:picking", "floor:packing", "floor:put_backs", "floor:handover", "floor:pickups"} | {
    "console:making",
    "replenish:proposals",
    "buying:overdue",
}
MOMENTS = [timedelta(days=-40), timedelta(days=-1), timedelta(hours=1), timedelta(days=3), timedelta(days=40)]
TEXTS = (models.CharField, models.TextField, models.FileField)


def bare(model, **given):
    """Make a row of `model` with as little in it as it takes, and those that it must point to."""
    needed = [field for field in model._meta.concrete_fields if not (field.primary_key or field.null)]
    needed = [field for field in needed if not field.has_default() and field.name not in given]
    return model.objects.create(**{field.name: least(field) for field in needed}, **given)


def least(field):
    """Return what a field that must hold something holds."""
    if field.is_relation:
        return one_of(field.related_model)
    if isinstance(field, TEXTS):
        return "" if field.blank else field.choices[0][0] if field.choices else field.name[: field.max_length]
    if isinstance(field, models.DateField):
        return timezone.now() if isinstance(field, models.DateTimeField) else timezone.localdate()
    if isinstance(field, models.BinaryField):
        return b"{}"
    return {} if isinstance(field, models.JSONField) else 1


def one_of(model):
    """Return some row of `model`, made as it is made in earnest where there is a maker."""
    made = {Order: make_order, Sku: lambda: make_sku(5), FulfilmentOrder: worked, Invoice: billed}
    return model.objects.order_by("pk").first() or (made[model]() if model in made else bare(model))


def billed():
    return bare(Invoice, tax=0)


def worked():
    place = make_location()
    order = confirmed((make_sku(5, place), 2))
    return FulfilmentOrder.objects.get(order=order)


def related(row):
    """Return the rows that decide with `row` whether it is counted."""
    if isinstance(row, Order):
        return [bare(Hold, order=row)]
    if isinstance(row, FulfilmentOrder):
        line = row.lines.first()
        FulfilmentLine.objects.filter(pk=line.pk).update(picked=1, quantity=2)
        return [line]
    if isinstance(row, Connection):
        return [bare(ChannelMessage, connection=row)]
    if isinstance(row, Lot):
        place = make_location()
        bin = place.bins.first() or bare(BinStock._meta.get_field("bin").related_model, location=place)
        return [BinStock.objects.create(sku=row.sku, bin=bin, lot=row, quantity=1)]
    return []


def values_of(field, now):
    """Return what a field can hold, one value as good as another; of a moment none as often as some."""
    none = [None] * len(MOMENTS) if field.null else []
    if field.choices:
        return [*none, *([""] if field.blank else []), *(value for value, _ in field.flatchoices)]
    if field.is_relation:
        return [None, one_of(field.related_model)] if field.null else []
    if isinstance(field, models.JSONField):
        return [[], [{}]]
    if isinstance(field, models.BooleanField):
        return [*none, True, False]
    if isinstance(field, models.DateTimeField):
        return [*none, *(now + by for by in MOMENTS)]
    if isinstance(field, models.DateField):
        return [*none, *((now + by).date() for by in MOMENTS)]
    if isinstance(field, TEXTS):
        return [*none, *([""] if field.blank else []), "x"]
    return [*none, 0, 1]


def looked_at(row, *sought):
    """Return [(row, field)] of what the conditions of the query sets `sought` look at."""
    conditions = " ".join(each.query.sql_with_params()[0].split(" WHERE ", 1)[-1] for each in sought)
    found = [(one, field) for one in [row, *related(row)] for field in one._meta.concrete_fields]
    seen = {field.name for _, field in found if f'."{field.column}"' in conditions}
    seen |= {name for one in {type(one) for one, _ in found} for name in bound_to(one, seen)}
    return [(one, field) for one, field in found if field.name in seen and not field.primary_key]


def bound_to(model, names):
    """Return the fields that a constraint of the database lets change only together with one of `names`."""
    checks = [
        one.condition.referenced_base_fields
        for one in model._meta.constraints
        if isinstance(one, models.CheckConstraint)
    ]
    return {name for fields in checks if fields & names for name in fields}


def go_through_states(varied, now):
    """Change the fields of rows to one state after another; what the database refuses is none."""
    chance = random.Random(1)
    varied = [(one, field.name, values) for one, field in varied if (values := values_of(field, now))]
    for _ in range(MOST):
        chosen = varied if chance.random() < 0.5 else chance.sample(varied, 1)
        steps = defaultdict(dict)
        for one, name, values in chosen:
            steps[one][name] = chance.choice(values)
        try:
            with transaction.atomic():
                for one, state in steps.items():
                    type(one)._base_manager.filter(pk=one.pk).update(**state)
        except IntegrityError:
            continue
        yield steps


@pytest.mark.parametrize("title", LISTED)
def test_a_tile_counts_what_its_list_shows(client, time_machine, title):
    time_machine.move_to("2030-03-12 12:00Z", tick=False)
    tile = TILES[title]
    row = one_of(tile.rows().model)
    client.force_login(make_user(roles.MANAGER))
    address = dashboard.tiles([tile])[0]["url"]
    response = client.get(address)
    assert response.status_code == 200, "every word of the link is a filter of the list"
    shown, outcomes = response.context["cl"].queryset, set()
    varied = looked_at(row, tile.rows(), shown)
    for number, steps in enumerate(go_through_states(varied, timezone.now())):
        is_counted = tile.rows().filter(pk=row.pk).exists()
        assert is_counted == shown.all().filter(pk=row.pk).exists(), steps
        outcomes.add(is_counted)
        if number > FEWEST and len(outcomes) == 2:
            break
    assert outcomes == {True, False}, "it was counted, and it was not"


def test_every_tile_opens_a_list_or_a_page_that_is_known():
    assert {tile.link for title, tile in TILES.items() if title not in LISTED} == OTHERS
