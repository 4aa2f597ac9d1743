"""What a day came to: pieces from shelf to door, metres, cartons and postage beside those of who plans nothing."""

from collections import Counter
from dataclasses import replace

from django.conf import settings
from django.db.models import F, Sum
from django.utils import timezone

from fulfilment.carriers.base import Shipment
from fulfilment.models import (
    CartonType,
    FulfilmentLine,
    FulfilmentOrder,
    Parcel,
    ParcelCarton,
    ParcelLine,
    PickList,
    PickTask,
    Postage,
    RefusedScan,
    Wave,
)
from fulfilment.packing import naive
from fulfilment.services.propose import box_of, piece_of
from inventory.models import Sku, StockLevel
from oms.lib import doctor
from oms.lib.plugins import load
from oms.management.bench.day_card import PLAIN
from oms.outbox.models import Delivery
from oms.papers.models import Document, Message
from orders.models import Allocation, Order, OrderLine

LOSSES = ("missing", "wrong_item")  # what is damaged stays in the building


def orders():
    """Return how many orders there are, and how far they came."""
    lines = OrderLine.objects.leaves().filter(order__status__in=["confirmed", "closed"])
    shipped = lines.filter(shipped__gt=0).values("order").distinct().count()
    delivered = Order.objects.filter(fulfilment_state=Order.FulfilmentState.DELIVERED).count()
    short = PickTask.objects.filter(short__gt=0)
    waiting = Allocation.objects.filter(status=Allocation.Status.BACKORDERED)
    return {
        "orders": Order.objects.count(),
        "shipped": shipped,
        "delivered": delivered,
        "closed": Order.objects.filter(status=Order.Status.CLOSED).count(),
        "cancelled": Order.objects.filter(status=Order.Status.CANCELLED).count(),
        "short": short.count(),
        "backordered": waiting.values("order").distinct().count(),
    }


def pieces(received, taken, put_back):
    """Return the pieces picked, packed, shipped and left; raises RuntimeError where they do not add up.

    `received` are {SKU id: pieces}, `taken` what the pickers say they took.
    """
    lines = FulfilmentLine.objects.aggregate(**{name: Sum(name) for name in ("picked", "packed", "shipped")})
    delivered = ParcelLine.objects.filter(parcel__status=Parcel.Status.DELIVERED).aggregate(n=Sum("quantity"))["n"]
    gone = Counter()
    for sku, n in FulfilmentLine.objects.values_list("sku", "shipped"):
        gone[sku] += n
    for sku, n in PickTask.objects.filter(short_reason__in=LOSSES).values_list("sku", "short"):
        gone[sku] += n
    for sku, on_hand in StockLevel.objects.values_list("sku", "on_hand"):
        same("on hand of a SKU", on_hand, received[sku] - gone[sku])
    same("picked, packed and shipped pieces", *lines.values(), delivered, taken - put_back)
    left = StockLevel.objects.aggregate(n=Sum("on_hand"))["n"]
    found = {f"pieces_{name}": n for name, n in lines.items()} | {"pieces_delivered": delivered}
    return found | {"pieces_received": received.total(), "pieces_left": left}


def wrong_scans(made, refused):
    """Return how many scans were wrong, and refused; raises RuntimeError unless each is refused and remembered once."""
    same("wrong scans", made, refused, RefusedScan.objects.count())
    return {"wrong_scans": made, "wrong_scans_refused": refused}


def walking():
    """Return metres walked, beside those of first-come carts walked in S-shape."""
    walked = PickList.objects.aggregate(n=Sum("walk_m"))["n"]
    plain = sum(wave.figures["naive_metres"] for wave in Wave.objects.filter(status=Wave.Status.DONE))
    lists = PickList.objects.count()
    return {"lists": lists, "metres": walked, "naive_metres": plain, "metres_saved_percent": _saved(walked, plain)}


def parcels():
    """Return cartons, litres and postage, beside first fit sent by the standard service and cartons by volume."""
    sent = Parcel.objects.gone()
    counted, postage = _first_fit()
    rated = Postage.objects.filter(parcel__in=sent)
    in_proposed = ParcelCarton.objects.filter(parcel__in=sent, carton=F("proposed"))
    figures = {"cartons": sent.count(), "cartons_as_proposed": in_proposed.count(), "rated_parcels": rated.count()}
    figures |= {"litres": _litres(sent), **counted}
    for currency, total in rated.order_by("currency").values_list("currency").annotate(Sum("amount")):
        name, plain = currency.lower(), postage[currency]
        figures |= {f"postage_{name}": float(total), f"first_fit_standard_postage_{name}": float(plain)}
        figures |= {f"postage_{name}_saved_percent": _saved(total, plain)}
    return figures


def _first_fit():
    """Return (counts of cartons by the naive rules, {currency: postage}) for what left."""
    boxes, counted, postage = [box_of(carton) for carton in CartonType.objects.all()], Counter(), Counter()
    for work, goods in _shipped():
        found = [piece_of(sku) for sku, n in goods.items() for _ in range(n)]
        cartons = naive.first_fit(found, boxes)
        counted.update(first_fit_cartons=len(cartons), volume_rule_cartons=len(naive.by_volume(found, boxes)))
        counted.update(first_fit_litres=sum(one.box.volume for one in cartons) / 1e6)
        for one in cartons:
            grams = one.box.weight_g + sum(found[each.piece].weight_g for each in one.placed)
            postage[work.order.channel.seller.home_currency] += _plain_postage(work, one.box.outer, grams)
    return counted, postage


def followed():
    """Return what followed by itself; raises RuntimeError where something was given up or the doctor finds a row."""
    violations = [violation for finding in doctor.run() for violation in finding.violations]
    if violations:
        raise RuntimeError(f"{len(violations)} violations, the first {violations[0]}")
    same("dead deliveries", Delivery.objects.dead().count(), 0)
    return {
        "doctor_violations": len(violations),
        "deliveries": Delivery.objects.count(),
        "papers": Document.objects.filter(status="ready").count(),
        "emails": Message.objects.filter(sent_at__isnull=False).count(),
    }


def same(what, *numbers):
    """Raise RuntimeError unless all `numbers` are the same."""
    if len(set(numbers)) > 1:
        raise RuntimeError(f"{what}: {', '.join(map(str, numbers))}")


def _saved(ours, plain):
    return float(100 * (1 - ours / plain)) if plain else 0.0


def _litres(sent):
    """Return the outer volume of parcels."""
    sides = sent.exclude(length_mm=None).values_list("length_mm", "width_mm", "height_mm")
    return sum(length * width * height for length, width, height in sides) / 1e6


def _shipped():
    """Yield (fulfilment order, {Sku: pieces that left}) of each."""
    rows = FulfilmentOrder.objects.filter(lines__shipped__gt=0).distinct()
    skus = Sku.objects.in_bulk()
    for work in rows.select_related("order__channel__seller", "location").prefetch_related("lines").order_by("pk"):
        goods = Counter()
        for line in work.lines.all():
            goods[skus[line.sku_id]] += line.shipped
        yield work, +goods


def _plain_postage(work, size, grams):
    """Return what a parcel would cost by the standard service of the carrier that took the order's own."""
    parcel = work.parcels.gone().select_related("carrier").order_by("pk").first()
    told = Shipment("", sender=work.location.address, recipient=work.order.ship_to, weight_g=grams, size_mm=size)
    told = replace(told, carrier=parcel.carrier.code, day=timezone.localdate())
    rates = load(settings.CARRIERS, parcel.carrier.plugin).rates(told)
    return next(rate.amount for rate in rates if rate.service == PLAIN)
