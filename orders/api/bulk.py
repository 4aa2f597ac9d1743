"""Up to 500 orders in one call, each with a result of its own."""

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from oms.lib.api.problems import body_of, described
from oms.lib.api.serializers import ProblemOut, StrictSerializer
from oms.lib.errors import DomainError, Retry
from orders.api import represent, sandbox
from orders.api.read import order_in
from orders.api.serializers import OrderIn
from orders.models import Channel, Order, SandboxOrder
from orders.services.sell import place_or_sell_many

MOST_ORDERS = 500


class Anything(serializers.JSONField):
    """One order, read later: what is wrong with it is its own problem."""

    def to_internal_value(self, data):
        return data


class BulkIn(StrictSerializer):
    orders = serializers.ListField(child=Anything(), min_length=1, max_length=MOST_ORDERS)


class BulkDoc(StrictSerializer):
    """BulkIn as the OpenAPI document shows it."""

    orders = OrderIn(many=True, allow_empty=False, max_length=MOST_ORDERS)


class SummaryOut(serializers.Serializer):
    number = serializers.CharField()
    status = serializers.ChoiceField(Order.Status.choices)
    payment_state = serializers.ChoiceField(Order.PaymentState.choices)
    fulfilment_state = serializers.ChoiceField(Order.FulfilmentState.choices)
    gross = serializers.CharField()
    promised = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class ResultOut(serializers.Serializer):
    external_id = serializers.CharField(allow_null=True)
    result = serializers.ChoiceField(["created", "existing", "refused"])
    order = SummaryOut(allow_null=True)
    problem = ProblemOut(allow_null=True)


class BulkOut(serializers.Serializer):
    created = serializers.IntegerField()
    existing = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = ResultOut(many=True, help_text="one for each order, in the order of the request")


def place_all(partner, sent, *, actor):
    """Place the orders of `sent`, a list of whatever JSON was in it; returns the fields of BulkOut."""
    channels = {row.code.upper(): row for row in Channel.objects.select_related("seller").filter(partner=partner)}
    found = [_read(one, channels) for one in sent]
    good = [i for i, one in enumerate(found) if not isinstance(one, Exception)]
    place_them = _in_sandbox if partner.is_sandbox else place_or_sell_many
    placed = place_them([found[i] for i in good], actor=actor)
    for i, result in zip(good, placed, strict=True):
        found[i] = result
    results = [_result(one, result) for one, result in zip(sent, found, strict=True)]
    counts = dict.fromkeys(("created", "existing", "refused"), 0)
    for result in results:
        counts[result["result"]] += 1
    return counts | {"results": results}


def _read(sent, channels):
    """Return the OrderIn of one order, or what is wrong with it."""
    try:
        return order_in(OrderIn.read(sent), channels)
    except (ValidationError, DomainError) as error:
        return error


def _result(sent, found):
    external_id = sent.get("external_id") if isinstance(sent, dict) else None
    result = {"external_id": external_id if isinstance(external_id, str) else None, "order": None, "problem": None}
    if isinstance(found, (ValidationError, DomainError, Retry)):
        return result | {"result": "refused", "problem": body_of(**described(found))}
    summary = found.body if isinstance(found, SandboxOrder) else represent.summary(found)
    order = {name: summary[name] for name in SummaryOut._declared_fields}
    return result | {"result": "created" if found.is_new else "existing", "order": order}


def _in_sandbox(orders_in, *, actor):
    """Place as `place_many`, where nothing comes of it."""
    found = []
    for one in orders_in:
        try:
            row, is_new = sandbox.placed(one, actor=actor)
            row.is_new = is_new
            found.append(row)
        except DomainError as error:
            found.append(error)
    return found
