"""A parcel and its carton: what is proposed, what the packer takes, and whether it weighs what it should."""

from dataclasses import dataclass

from fulfilment.models import CartonType, Parcel, ParcelCarton
from fulfilment.services import pack
from fulfilment.services.propose import Fit, fit_into, propose
from inventory.models import Sku
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition

OFF_PERCENT, OFF_G = 10, 50
MOST_OFFERED = 4


class OffWeight(Invalid):
    """A parcel weighs clearly more or less than its goods and carton; weighed again, or said to be right, it goes."""


@dataclass(frozen=True)
class Bench:
    """What the bench says of cartons: how the goods lie (None: not known), how many parcels it takes, why nothing is
    proposed, what may be chosen (the proposal first), what is taken as it stands, and grams of goods and carton."""

    fit: Fit | None
    parcels: int
    reason: str
    offered: list
    carton: CartonType | None
    expected_g: int | None


def at_bench(fulfilment_order, parcel):
    """Return the Bench for an open Parcel, with what is still to come to it."""
    chosen = ParcelCarton.objects.filter(parcel=parcel).select_related("carton").first()
    chosen = chosen.carton if chosen else None
    goods = _at_hand(fulfilment_order, parcel)
    proposal = propose(fulfilment_order, goods)
    fit = proposal.fits[0] if proposal.fits else None
    carton = chosen or (fit and fit.carton)
    if chosen and fit and chosen != fit.carton:
        fit = fit_into(chosen, goods)
    return Bench(
        fit=fit,
        parcels=len(proposal.fits),
        reason=proposal.reason,
        offered=_offered(fulfilment_order, proposal),
        carton=carton,
        expected_g=_with(carton, pack.expected_weight(parcel)),
    )


@command
def choose(parcel_id, code, *, actor):
    """The packer takes another carton, by its code, for an open parcel. Raises Invalid for one that is not there."""
    work, parcel = pack.claim_parcel(parcel_id)
    pack.check_bench(work)
    if parcel.status != Parcel.Status.PACKING:
        raise InvalidTransition("The parcel is closed: take something out first.")
    carton = CartonType.objects.at(work.location).filter(code=code).first()
    if carton is None:
        raise Invalid(f"There is no carton “{code[:20]}” at this bench.", field="carton")
    return ParcelCarton.objects.update_or_create(parcel=parcel, defaults={"carton": carton})[0]


@command
def close(parcel_id, *, weight_g=None, size_mm=(None, None, None), shown="", is_sure=False, actor):
    """Close a parcel in its carton: sides that were not measured are the carton's; what was proposed is kept.

    That is the one the packer took, else the one whose code he was `shown`, else the one proposed for what is inside.
    Without a weight it is that of goods and carton. Raises OffWeight where it is off by more than a tenth and 50 g,
    unless `is_sure`.
    """
    work, parcel = pack.claim_parcel(parcel_id)
    pack.check_bench(work)  # an order that must stop is not asked how much it weighs
    row = ParcelCarton.objects.filter(parcel=parcel).select_related("carton").first() or ParcelCarton(parcel=parcel)
    goods = _inside(parcel)
    proposal = propose(work.fulfilment_order, goods)
    fit = proposal.fits[0] if len(proposal.fits) == 1 else None
    carton = None
    if not any(size_mm):
        here = CartonType.objects.at(work.location).filter(code=shown).first() if shown else None
        carton = row.carton or here or (fit and fit.carton)
    expected = _with(carton, pack.expected_weight(parcel))
    if weight_g and expected and not is_sure and _is_off(parcel, weight_g, expected):
        raise OffWeight(
            f"It weighs {weight_g} g, {expected} g are expected. Count once more; if it is right, Enter again.",
            field="weight_g",
        )
    sides = _sides(carton, fit, goods)
    closed = pack.close_parcel(
        parcel.pk, weight_g=weight_g or expected, size_mm=size_mm if any(size_mm) else sides, actor=actor
    )
    _keep(row, carton, fit, sides, expected)
    return closed


def _keep(row, carton, fit, sides, expected):
    if carton is None and fit is None:
        if row.pk:
            row.delete()
        return
    row.carton, row.proposed = carton, fit and fit.carton
    row.length_mm, row.width_mm, row.height_mm = sides
    row.layout = [[sku.pk, *corner, *size] for sku, corner, size in fit.lies] if fit else []
    row.expected_weight_g = expected
    row.save()


def _sides(carton, fit, goods):
    """Return what a carrier will measure of a carton; a mailer is as thick as its goods make it."""
    if carton is None:
        return (None, None, None)
    if carton.kind == CartonType.Kind.MAILER:
        fit = fit if fit and fit.carton == carton else fit_into(carton, goods)
        return fit.size if fit else carton.outer
    return carton.outer


def _is_off(parcel, weight_g, expected):
    """Whether a weight is clearly not the expected one; where a SKU's weight is not known nothing can be said."""
    if parcel.lines.filter(sku__weight_g=0).exists():
        return False
    off = abs(weight_g - expected)
    return off > OFF_G and 100 * off > OFF_PERCENT * expected


def _with(carton, goods_g):
    return goods_g and goods_g + (carton.weight_g if carton else 0)


def _offered(fulfilment_order, proposal):
    """Return up to four cartons to choose from: the proposed one, then those next in size, larger ones first.

    Where there is no proposal the smallest, or of too many pieces the largest.
    """
    cartons = list(CartonType.objects.at(fulfilment_order.location))
    if not proposal.fits:
        return (cartons[::-1] if proposal.is_too_much else cartons)[:MOST_OFFERED]
    at = cartons.index(proposal.fits[0].carton)
    return [cartons[at], *cartons[at + 1 :], *cartons[:at][::-1]][:MOST_OFFERED]


def _inside(parcel):
    goods = {}
    for row in parcel.lines.select_related("sku"):
        goods[row.sku] = goods.get(row.sku, 0) + row.quantity
    return goods


def _at_hand(fulfilment_order, parcel):
    """Return {Sku: pieces} of a parcel and of all that is still to be packed."""
    goods = _inside(parcel)
    for line in fulfilment_order.lines.select_related("sku"):
        waits = line.wanted - line.packed
        if waits > 0 and line.sku.kind == Sku.Kind.PHYSICAL:
            goods[line.sku] = goods.get(line.sku, 0) + waits
    return goods
