"""Several pieces of work in one call: each is done or refused on its own."""

from rest_framework import serializers
from rest_framework.exceptions import NotFound

from fulfilment.api.serializers import FulfilmentOrderOut, ParcelIn
from fulfilment.services import direct
from oms.lib.api.each import each
from oms.lib.api.line_ids import line_ids
from oms.lib.api.serializers import ProblemOut, StrictSerializer

MOST = 100


class IdField(serializers.IntegerField):
    """The id of a fulfilment order of yours."""

    def __init__(self, **kwargs):
        super().__init__(**{"min_value": 1, "max_value": 2**53} | kwargs)


class AcknowledgeManyIn(StrictSerializer):
    ids = serializers.ListField(child=IdField(), min_length=1, max_length=MOST)


class ShipmentIn(StrictSerializer):
    id = IdField(help_text="of the fulfilment order")
    parcels = ParcelIn(many=True, allow_empty=False, max_length=100)


class ShipManyIn(StrictSerializer):
    shipments = ShipmentIn(many=True, allow_empty=False, max_length=MOST)


class WorkResult(serializers.Serializer):
    id = serializers.IntegerField()
    result = serializers.ChoiceField(["done", "refused"])
    fulfilment_order = FulfilmentOrderOut(allow_null=True)
    problem = ProblemOut(allow_null=True)


class WorkResults(serializers.Serializer):
    results = WorkResult(many=True, help_text="one for each, in the order of the request")


def on_each(queryset, pks, act):
    """Call `act(index)` for each of `pks` that `queryset`, the partner's own work, has; returns WorkResults' fields."""
    known = set(queryset.filter(pk__in=pks).values_list("pk", flat=True))

    def one(index):
        if pks[index] not in known:
            raise NotFound("There is no such fulfilment order of yours.")
        act(index)

    problems = each(range(len(pks)), one)
    rows = {row.pk: row for row in queryset.filter(pk__in=pks)}
    results = [
        {
            "id": pk,
            "result": "refused" if problem else "done",
            "fulfilment_order": FulfilmentOrderOut(rows[pk]).data if pk in rows else None,
            "problem": problem,
        }
        for pk, problem in zip(pks, problems, strict=True)
    ]
    return {"results": results}


def parcels_of(sent):
    """Return [direct.ParcelIn] of validated parcels; raises Invalid for lines that are not named by their id."""
    found = []
    for i, parcel in enumerate(sent):
        pieces = line_ids(parcel.pop("pieces"), f"parcels.{i}.pieces")
        found.append(direct.ParcelIn(pieces=pieces, **parcel))
    return found
