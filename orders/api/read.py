"""From validated JSON to what the services take."""

from oms.lib.errors import Invalid
from orders.models import Channel
from orders.services import intake

PARTS = {
    "lines": intake.LineIn,
    "charges": intake.ChargeIn,
    "discounts": intake.DiscountIn,
    "payments": intake.PaymentIn,
}


def of_partner(partner, data):
    """Return the OrderIn of validated `data`; raises Invalid for a channel that is not the partner's."""
    known = Channel.objects.select_related("seller").filter(partner=partner, code__iexact=data["channel"])
    channel = next(iter(known.order_by()), None)  # a code is there once: no order to ask for
    return order_in(data, {data["channel"].upper(): channel})


def order_in(data, channels):
    """Return the OrderIn of validated `data`; `channels` {upper code: Channel} has those of the partner.

    Raises Invalid for another channel.
    """
    channel = channels.get(data.pop("channel").upper())
    if channel is None:
        raise Invalid("There is no such channel of yours.", field="channel")
    for name, shape in PARTS.items():
        data[name] = [shape(**row) for row in data.get(name, [])]
    return intake.OrderIn(channel=channel, **data)
