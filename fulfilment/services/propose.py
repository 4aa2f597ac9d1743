"""Which carton what is at the bench fits into, and how it lies there."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256

from django.core.cache import cache

from fulfilment.models import CartonType
from fulfilment.packing.cartons import NoBox, one_box, pack
from fulfilment.packing.check import faults
from fulfilment.packing.goods import HEAVIEST_G, LARGEST_MM, Box, Piece
from fulfilment.services.landed import CENTS, Landed
from inventory.models import Sku

MASKS = {Sku.Rotation.ANY: 0b111111, Sku.Rotation.UPRIGHT: 0b000011, Sku.Rotation.NOT_ON_END: 0b001111}
EFFORT = 1500  # placements: a bench does not wait
MANY_PIECES, FEW_PLANS = 120, 2  # of more pieces fewer ways are tried
MOST_PIECES = 1_000
KEPT_S = 900


@dataclass(frozen=True)
class Fit:
    """How goods lie in a carton: `lies` are (Sku, corner, sides as it lies), the lowest first."""

    carton: CartonType
    size: tuple[int, int, int]  # that a carrier measures
    shape: tuple[int, int, int]  # the room inside
    lies: tuple

    @property
    def is_drawn(self):
        """Whether a drawing of it can be read, and made while the packer waits."""
        return len(self.lies) <= MANY_PIECES

    @property
    def counts(self):
        """What lies in it, [(Sku, pieces)]."""
        return list(Counter(sku for sku, _, _ in self.lies).items())


@dataclass
class Proposal:
    """Fits for all goods, a parcel each; none, with the reason, where nothing can be said, as of too many pieces."""

    fits: list[Fit] = field(default_factory=list)
    reason: str = ""
    is_too_much: bool = False


def propose(fulfilment_order, goods):
    """Return the Proposal for goods {Sku: pieces}: fewest parcels, then cheapest landed.

    The same question within a quarter of an hour is answered from what was found before.
    """
    cartons = list(CartonType.objects.at(fulfilment_order.location))
    reason = _reason(cartons, goods)
    if reason or not any(goods.values()) or not cartons:
        return Proposal(reason=reason, is_too_much=_is_too_much(goods))
    skus = _pieces(goods)
    landed, pieces = Landed(fulfilment_order), [piece_of(sku) for sku in skus]
    boxes = [box_of(carton) for carton in cartons]
    asked = repr((pieces, boxes, landed.carriers))
    key = f"cartons:{fulfilment_order.pk}:{sha256(asked.encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        try:
            plans = FEW_PLANS if len(pieces) > MANY_PIECES else None
            found = pack(pieces, boxes, price=landed, effort=EFFORT, most_plans=plans)
        except NoBox as error:
            return Proposal(reason=f"{skus[error.piece]} fits into no carton.")
        cache.set(key, found, KEPT_S)
    if any(faults(one, pieces) for one in found):
        return Proposal(reason="No carton is proposed: what was found does not hold.")
    by_code = {carton.code: carton for carton in cartons}
    return Proposal([_fit(one, by_code[one.box.code], skus) for one in found])


def fit_into(carton, goods):
    """Return the Fit of goods {Sku: pieces} in one carton, or None where they do not fit or a size is not known."""
    if not any(goods.values()) or _reason([carton], goods):
        return None
    skus = _pieces(goods)
    found = one_box([piece_of(sku) for sku in skus], box_of(carton), effort=EFFORT)
    return _fit(found, carton, skus) if found else None


def piece_of(sku):
    """Return a piece of a Sku as packing sees it."""
    return Piece(
        (sku.length_mm, sku.width_mm, sku.height_mm),
        sku.weight_g,
        rotation=MASKS[sku.rotation],
        is_fragile=sku.is_fragile,
        group=sku.no_mix_group,
        is_alone=sku.ships_alone,
    )


def box_of(carton):
    """Return a CartonType as packing sees it; its price in hundredths."""
    return Box(
        carton.code,
        carton.inner,
        carton.outer,
        weight_g=carton.weight_g,
        max_weight_g=carton.max_weight_g,
        price=int(carton.price * CENTS),
        is_mailer=carton.kind == CartonType.Kind.MAILER,
    )


def _pieces(goods):
    """Return the Sku of each piece, by code."""
    return [sku for sku in sorted(goods, key=lambda sku: sku.code) for _ in range(goods[sku])]


def _is_too_much(goods):
    return sum(goods.values()) > MOST_PIECES


def _reason(cartons, goods):
    """Say why nothing is proposed, or "" where something can be."""
    if not cartons:
        return ""
    unknown = [sku.code for sku in goods if not _is_measured(sku)]
    if unknown:
        return f"No carton is proposed: no size is known of {', '.join(sorted(unknown)[:3])}."
    return "No carton is proposed: these are too many pieces." if _is_too_much(goods) else ""


def _is_measured(sku):
    sides = (sku.length_mm, sku.width_mm, sku.height_mm)
    return all(0 < side <= LARGEST_MM for side in sides) and sku.weight_g <= HEAVIEST_G


def _fit(packed, carton, skus):
    lies = [(skus[one.piece], one.corner, one.size) for one in packed.placed]
    lies.sort(key=lambda row: (row[1][2], row[1][1], row[1][0]))
    return Fit(carton, packed.outer, packed.shape, tuple(lies))
