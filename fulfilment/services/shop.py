"""Rate shopping: what each carrier asks for a closed parcel, asked with no transaction open; the choice is kept."""

from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from fulfilment.carriers.base import CarrierError, Rate, Shipment
from fulfilment.models import Carrier, FulfilmentOrder, Parcel, Postage, ShippingRule
from fulfilment.rating.choose import Offer, choose
from fulfilment.services.pack import claim_parcel
from fulfilment.services.shipment import shipment_of
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.plugins import load
from orders.promise.transit import arrival


@dataclass(frozen=True)
class Quote:
    """A Rate with its carrier and the day on which the parcel would arrive."""

    carrier: Carrier
    rate: Rate
    arrives: date | None


def shop(parcel_id, *, carrier="", actor):
    """Choose the service of a closed parcel, of `carrier` (a code) alone if given; return its Postage, or None.

    None where no carrier says what it asks, and for a parcel that has a label or is not sent; what was chosen before
    is forgotten then. A carrier that cannot be asked is passed over, and the reason says so.
    """
    parcel = Parcel.objects.select_related("order__channel__seller", "fulfilment_order__location").get(pk=parcel_id)
    if not _is_to_be_shopped(parcel):
        return Postage.objects.filter(parcel=parcel).first()
    quotes, silent = _asked(parcel, carrier)
    kept, passed_over = _allowed(parcel, quotes)
    said = [*passed_over, *(f"{name} cannot be asked" for name in silent)]
    return _keep(parcel_id, _postage(parcel, kept, said) if kept else None, actor=actor)


@command
def take(parcel_id, number, *, actor):
    """Send a parcel by option `number` of its Postage instead; the parcel has no label yet. Raises Invalid."""
    work, parcel = claim_parcel(parcel_id)
    postage = Postage.objects.filter(parcel=parcel).first()
    if postage is None or not 0 <= number < len(postage.options):
        raise Invalid("This service was not offered for the parcel.", field="service")
    if not _is_open(parcel):
        raise InvalidTransition("The parcel has its label: void it first.")
    postage.chosen = number
    postage.amount = Decimal(postage.taken["amount"])
    postage.save(update_fields=["chosen", "amount"])
    _write(work, parcel, postage, actor=actor)
    return postage


def _is_to_be_shopped(parcel):
    return parcel.fulfilment_order.method == FulfilmentOrder.Method.SHIP and _is_open(parcel)


def _is_open(parcel):
    """Whether it may still go another way: it is closed, and no label is there or asked for."""
    return parcel.status == Parcel.Status.PACKED and not parcel.tracking_number and not parcel.awaits_label


def _asked(parcel, code):
    """Return ([Quote] of every active carrier, or of one, [names of those that could not be asked])."""
    place = parcel.fulfilment_order.location
    day = timezone.now().astimezone(ZoneInfo(place.tz)).date()
    holidays = set(place.holidays.filter(day__gte=day).values_list("day", flat=True))
    quotes, silent = [], []
    for carrier in Carrier.objects.active():
        if code and carrier.code.upper() != code.upper():
            continue
        shipment: Shipment = replace(shipment_of(parcel), carrier=carrier.code, day=day)
        try:
            rates = load(settings.CARRIERS, carrier.plugin).rates(shipment)
        except CarrierError:
            silent.append(carrier.name)
            continue
        quotes += [Quote(carrier, rate, _arrives(rate, place, holidays)) for rate in rates]
    return quotes, silent


def _arrives(rate, place, holidays):
    if rate.days is None:
        return None
    cutoff = time.fromisoformat(rate.cutoff) if rate.cutoff else None
    moment = arrival(timezone.now(), tz=place.tz, cutoff=cutoff, transit_days=rate.days, holidays=holidays)
    return moment.date()


def _allowed(parcel, quotes):
    """Return (the quotes that the channel's rule allows, [what is to be said of others])."""
    channel = parcel.order.channel
    excluded = set(
        ShippingRule.objects.filter(channel=channel, excluded__isnull=False).values_list(
            "excluded__carrier", "excluded__service"
        )
    )
    currency = channel.seller.home_currency
    allowed = [quote for quote in quotes if (quote.carrier.pk, quote.rate.service) not in excluded]
    same = [quote for quote in allowed if quote.rate.currency == currency]
    said = [f"{len(quotes) - len(allowed)} excluded by the channel"] if len(allowed) < len(quotes) else []
    said += [f"{len(allowed) - len(same)} not in {currency}"] if len(same) < len(allowed) else []
    return same, said


def _postage(parcel, quotes, said):
    """Return the Postage, not yet kept, of the best of `quotes`."""
    rule = ShippingRule.objects.filter(channel=parcel.order.channel).first()
    preferred = set(rule.preferred.values_list("code", flat=True)) if rule else set()
    dearest_first = sorted(quotes, key=lambda quote: quote.rate.amount, reverse=True)
    by_key = {(quote.carrier.code, quote.rate.service): quote for quote in dearest_first}  # the cheapest is kept
    offers = [
        Offer(code, service, quote.rate.amount, quote.arrives, is_preferred=code in preferred)
        for (code, service), quote in by_key.items()
    ]
    promised = parcel.order.promised_current
    zone = ZoneInfo(parcel.fulfilment_order.location.tz)
    choice = choose(
        offers,
        promised=promised.astimezone(zone).date() if promised else None,
        most_extra=rule.most_extra if rule else None,
    )
    best = [by_key[offer.carrier, offer.service] for offer in choice.ranked[: Postage.MOST]]
    return Postage(
        parcel=parcel,
        amount=best[0].rate.amount,
        currency=best[0].rate.currency,
        options=[_option(quote) for quote in best],
        reason=" · ".join([choice.reason, *said])[:200],
        is_late=choice.is_late,
    )


def _option(quote):
    rate = quote.rate
    return {
        "carrier": quote.carrier.code,
        "carrier_name": quote.carrier.name,
        "service": rate.service,
        "name": rate.name,
        "amount": str(rate.amount),
        "arrives": quote.arrives.isoformat() if quote.arrives else None,
        "terms": [[name, str(amount)] for name, amount in rate.terms],
    }


@command
def _keep(parcel_id, postage, *, actor):
    """Keep what was chosen, unless the parcel got its label, or was opened, meanwhile."""
    work, parcel = claim_parcel(parcel_id)
    before = Postage.objects.filter(parcel=parcel).first()
    if not _is_open(parcel):
        return before
    if before:
        before.delete()
        parcel.carrier, parcel.service = None, ""
        parcel.save(update_fields=["carrier", "service"])
    if postage:
        postage.parcel, postage.pk = parcel, None
        postage.save(force_insert=True)
        _write(work, parcel, postage, actor=actor)
    return postage


def _write(work, parcel, postage, *, actor):
    parcel.carrier = Carrier.objects.get(code=postage.taken["carrier"])
    parcel.service = postage.taken["service"]
    parcel.save(update_fields=["carrier", "service"])
    work.order.publish(
        "parcel.rated", actor=actor, parcel=parcel.pk, carrier=parcel.carrier.code, service=parcel.service
    )
