"""What a carton costs landed: itself, and the cheapest label that a rate card has for it."""

from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from fulfilment.carriers.base import CarrierError, Shipment
from fulfilment.models import Carrier, RateCard, ShippingRule
from oms.lib.plugins import load

CENTS = 100
STEP_G = 250  # weights are priced in steps: what is asked for many is not asked anew for each gram
NO_RATE = 10**9


class Landed:
    """The price, in hundredths, of a Box and the grams of all that is in it, for one order from one location.

    Where no rate card prices the shipment it is the carton's own price. Carriers that are asked over the network are
    not asked: a proposal waits for nobody.
    """

    def __init__(self, fulfilment_order):
        place, order = fulfilment_order.location, fulfilment_order.order
        day = timezone.now().astimezone(ZoneInfo(place.tz)).date()
        self.shipment = Shipment(reference="", sender=place.address, recipient=order.ship_to, day=day)
        self.currency = order.channel.seller.home_currency
        rule = ShippingRule.objects.filter(channel=order.channel_id, excluded__isnull=False)
        self.excluded = set(rule.values_list("excluded__carrier__code", "excluded__service"))
        local = Carrier.objects.active().filter(plugin="rate_table")
        self.carriers = [one for one in local.order_by("pk") if RateCard.objects.valid(one.code, day).exists()]
        self.known = {}

    def __call__(self, box, grams):
        """Return the carton's price and its cheapest label; one that no service takes is the dearest."""
        if not self.carriers:
            return box.price
        key = (box.outer, -(-grams // STEP_G))
        if key not in self.known:
            self.known[key] = self._label(box.outer, key[1] * STEP_G)
        return box.price + self.known[key]

    def _label(self, size, grams):
        amounts = []
        for carrier in self.carriers:
            shipment = replace(self.shipment, carrier=carrier.code, weight_g=max(grams, 1), size_mm=size)
            try:
                rates = load(settings.CARRIERS, carrier.plugin).rates(shipment)
            except CarrierError:
                continue
            amounts += [rate.amount for rate in rates if self._is_allowed(carrier, rate)]
        return int(Decimal(min(amounts)) * CENTS) if amounts else NO_RATE

    def _is_allowed(self, carrier, rate):
        return rate.currency == self.currency and (carrier.code, rate.service) not in self.excluded
