"""For how much a parcel is insured, by the rule of its channel."""

from fulfilment.documents.contents import value_of
from fulfilment.models import ShippingRule


def insured_value(parcel):
    """Return what the goods of a Parcel are worth, in its order's currency, where that is to be insured; else None."""
    rule = ShippingRule.objects.filter(channel=parcel.order.channel_id, insure_above__isnull=False).first()
    if rule is None:
        return None
    value = value_of(parcel)
    return value if value > rule.insure_above else None
