from rest_framework import serializers

from oms.lib.api.serializers import StrictSerializer
from orders.services.intake import MOST_LINES, MOST_PIECES
from returns.models import Return, ReturnLine


class ReturnLineIn(StrictSerializer):
    line = serializers.IntegerField(min_value=1, max_value=2**53, help_text="id of the order's line")
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES)
    reason = serializers.ChoiceField(ReturnLine.Reason.choices, default=ReturnLine.Reason.UNWANTED)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ReturnIn(StrictSerializer):
    order = serializers.CharField(max_length=20, help_text="the number of an order of yours")
    lines = ReturnLineIn(many=True, allow_empty=False, max_length=MOST_LINES)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class ReturnLineOut(serializers.ModelSerializer):
    line = serializers.IntegerField(source="line_id")
    sku = serializers.CharField(source="line.sku_code")

    class Meta:
        model = ReturnLine
        fields = ["line", "sku", "quantity", "received", "reason", "note"]


class ReturnOut(serializers.ModelSerializer):
    order = serializers.CharField(source="order.number")
    fee = serializers.DecimalField(max_digits=16, decimal_places=2)
    refunded = serializers.SerializerMethodField(help_text="what the refund comes to, or null")
    lines = ReturnLineOut(many=True)

    class Meta:
        model = Return
        fields = ["number", "order", "status", "fee", "refunded", "decline_reason", "tracking_number"]
        fields += ["requested_at", "approved_at", "expires_at", "received_at", "resolved_at", "lines"]

    def get_refunded(self, rma) -> str | None:
        return f"{rma.refund.amount:.2f}" if rma.refund else None
