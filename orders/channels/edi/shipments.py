"""A shipment announced: X12 856 in HL loops (shipment, order, pack, item), EDIFACT DESADV in CPS loops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from orders.channels.base import Address
from orders.channels.edi.purchase import Purchase, PurchaseLine
from orders.channels.edi.write import Element, ids_of, n1, plain

GTINS = ("EN", "SRV", "UP")


@dataclass(frozen=True)
class Item:
    """So many pieces of a buyer's line in a pack."""

    line: PurchaseLine
    pieces: int


@dataclass(frozen=True)
class Pack:
    """A parcel: its SSCC (18 digits, or "" without a company prefix) and its carrier's number."""

    sscc: str
    tracking_number: str
    weight_g: int
    items: Sequence[Item]


@dataclass(frozen=True)
class Shipment:
    """What left of one order at once; `number` is what we call it."""

    number: str
    left_at: datetime
    packs: Sequence[Pack]
    carrier: str = ""
    carrier_code: str = ""
    due_on: date | None = None
    sender: Address = Address()
    seller: str = ""

    @property
    def weight_g(self) -> int:
        return sum(pack.weight_g for pack in self.packs)


def x856(purchase: Purchase, shipment: Shipment, *, vendor: str) -> list[list[str]]:
    """Return the segments of an 856; its structure 0001 is shipment, order, packaging, item."""
    left = shipment.left_at
    rows = [["BSN", "00", shipment.number, f"{left:%Y%m%d}", f"{left:%H%M}", "0001"]]
    rows += [["HL", "1", "", "S", "1"], *_shipment(purchase, shipment)]
    placed = f"{purchase.placed_at:%Y%m%d}" if purchase.placed_at else ""
    rows += [["HL", "2", "1", "O", "1"], ["PRF", purchase.number, "", "", placed]]
    rows += [["REF", "IA", vendor]] if vendor else []
    number = 2
    for pack in shipment.packs:
        number += 1
        rows += [["HL", str(number), "2", "P", "1"], *_marks(pack)]
        parent = str(number)
        for item in pack.items:
            number += 1
            rows += [["HL", str(number), parent, "I", "0"], ["LIN", item.line.number, *ids_of(item.line)]]
            rows.append(["SN1", item.line.number, str(item.pieces), item.line.unit])
    pieces = sum(item.pieces for pack in shipment.packs for item in pack.items)
    return [*rows, ["CTT", str(number), str(pieces)]]


def desadv(purchase: Purchase, shipment: Shipment, *, vendor: str) -> list[Sequence[Element]]:
    """Return the segments of a DESADV: the whole shipment is CPS 1, each parcel one below it with its SSCC."""
    rows: list[Sequence[Element]] = [["BGM", "351", shipment.number, "9"]]
    rows += [
        ["DTM", ["137", f"{shipment.left_at:%Y%m%d}", "102"]],
        ["DTM", ["11", f"{shipment.left_at:%Y%m%d}", "102"]],
    ]
    rows += [["DTM", ["17", f"{shipment.due_on:%Y%m%d}", "102"]]] if shipment.due_on else []
    rows += [["RFF", ["ON", purchase.number]]]
    rows += [_nad("SU", vendor, "91", shipment.seller)]
    for role in ("BY", "DP"):
        party = purchase.party(role)
        rows += [_nad(role, party.code, party.qualifier, party.address.name)] if party.role else []
    rows += [["TDT", "20", "", "", "", ["", "", "", shipment.carrier[:35]]]] if shipment.carrier else []
    rows += [["CPS", "1"], ["PAC", str(len(shipment.packs)), "", "CT"]]
    for number, pack in enumerate(shipment.packs, start=2):
        rows += [["CPS", str(number), "1"], ["PAC", "1", "", "CT"]]
        rows += [["MEA", "PD", "AAB", ["KGM", _kilos(pack.weight_g)]]] if pack.weight_g else []
        rows += [["PCI", "33E"], ["GIN", "BJ", pack.sscc]] if pack.sscc else []
        for item in pack.items:
            rows += _item(purchase, item)
    lines = sum(len(pack.items) for pack in shipment.packs)
    return [*rows, ["CNT", ["2", str(lines)]]]


def _shipment(purchase: Purchase, shipment: Shipment) -> list[list[str]]:
    """Return what the loop of the shipment says: how much, by whom, when, from where and to whom."""
    weight = ["", "", "", "G", _kilos(shipment.weight_g), "KG"] if shipment.weight_g else []
    rows = [["TD1", "CTN", str(len(shipment.packs)), *weight]]
    code = shipment.carrier_code
    scac = ["2", code] if code.isalpha() and 2 <= len(code) <= 4 else ["", ""]
    rows += [["TD5", "B", *scac, "", shipment.carrier[:35]]] if shipment.carrier else []
    rows += [["REF", "CN", pack.tracking_number] for pack in shipment.packs[:1] if pack.tracking_number]
    rows.append(["DTM", "011", f"{shipment.left_at:%Y%m%d}"])
    rows += [["DTM", "017", f"{shipment.due_on:%Y%m%d}"]] if shipment.due_on else []
    sender, party = shipment.sender, purchase.party("ST")
    place = ["N4", sender.city[:30], sender.region[:2], sender.postcode[:15], sender.country[:3]]
    rows.append(["N1", "SF", (sender.company or sender.name or shipment.seller)[:60]])
    rows += [place] if sender.city else []
    return rows + ([n1("ST", party)] if party.role else [])


def _marks(pack: Pack) -> list[list[str]]:
    """Return MAN: GM is the SSCC with its application identifier 00, CP the carrier's number."""
    rows = [["MAN", "GM", f"00{pack.sscc}"]] if pack.sscc else []
    return rows + ([["MAN", "CP", pack.tracking_number]] if pack.tracking_number else [])


def _item(purchase: Purchase, item: Item) -> list[Sequence[Element]]:
    gtin = next((pair for pair in item.line.ids if pair[0] in GTINS), None)
    others = [pair for pair in item.line.ids if pair != gtin][:5]
    rows: list[Sequence[Element]] = [["LIN", item.line.number, "", [gtin[1], gtin[0]] if gtin else ""]]
    rows += [["PIA", "1", *([code, qualifier] for qualifier, code in others)]] if others else []
    rows += [["QTY", ["12", str(item.pieces), item.line.unit]]]
    return [*rows, ["RFF", ["ON", purchase.number, item.line.number]]]


def _nad(role: str, code: str, qualifier: str, name: str) -> Sequence[Element]:
    return ["NAD", role, [code, "", qualifier] if code else "", "", name[:35]]


def _kilos(grams: int) -> str:
    return plain(Decimal(grams) / 1000)
