"""What EasyPost is told for customs: https://docs.easypost.com/docs/customs-infos, /customs-items, /options."""

from decimal import ROUND_DOWN, Decimal
from typing import Any

from fulfilment.carriers.base import CarrierError, Customs, CustomsItem, Shipment

G_PER_OZ = Decimal("28.349523125")
# Exports of the United States up to so much need no filing: 15 CFR 30.37(a).
FREE_OF_FILING, EXEMPTION = 2500, "NOEEI 30.37(a)"


def customs_info(shipment: Shipment) -> dict[str, Any]:
    """Return {"customs_info": …} of a shipment that is declared, {} of others.

    Raises CarrierError, naming the SKU and the fields, where something is missing that customs ask for.
    """
    customs = shipment.customs
    if customs is None:
        return {}
    info: dict[str, Any] = {
        "contents_type": "merchandise",
        "customs_certify": True,
        "customs_signer": customs.signer,
        "non_delivery_option": "return",
        "restriction_type": "none",
        "customs_items": [_item(item, customs.currency) for item in customs.items],
    }
    if shipment.sender.get("country") == "US":
        info["eel_pfc"] = _exemption(customs)
    return {"customs_info": info}


def incoterm(shipment: Shipment) -> dict[str, str]:
    """Return {"incoterm": …} of a shipment that is declared, {} of others; by all but DDP the recipient pays duties."""
    customs = shipment.customs
    return {"incoterm": customs.incoterm} if customs and customs.incoterm else {}


def _item(item: CustomsItem, currency: str) -> dict[str, Any]:
    facts = {"HS code": item.hs_code, "origin": item.origin, "weight": item.weight_g, "value": item.value}
    lacks = [name for name, fact in facts.items() if not fact]
    if lacks:
        raise CarrierError(f"EasyPost needs for customs, of {item.code}: {', '.join(lacks)}.", retry=False)
    return {
        "code": item.code,
        "description": item.description,
        "quantity": item.quantity,
        "value": float(item.value),
        # Down, so that the goods never weigh more than their parcel.
        "weight": float((item.weight_g / G_PER_OZ).quantize(Decimal("0.001"), ROUND_DOWN)),
        "hs_tariff_number": item.hs_code,
        "origin_country": item.origin,
        "currency": currency,
    }


def _exemption(customs: Customs) -> str:
    if sum(item.value for item in customs.items) > FREE_OF_FILING:
        raise CarrierError(
            f"Exports of the US above {FREE_OF_FILING} are filed first, and EasyPost needs the number (eel_pfc): "
            "buy this label at the carrier.",
            retry=False,
        )
    return EXEMPTION
