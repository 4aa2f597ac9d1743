"""What EasyPost is told for customs: https://docs.easypost.com/docs/customs-infos, /customs-items, /options."""

from decimal import ROUND_DOWN, Decimal
from typing import Any

from fulfilment.carriers.base import CustomsItem, Shipment
from fulfilment.carriers.customs import check_item, exemption

G_PER_OZ = Decimal("28.349523125")


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
        info["eel_pfc"] = exemption(customs, "EasyPost")
    return {"customs_info": info}


def incoterm(shipment: Shipment) -> dict[str, str]:
    """Return {"incoterm": …} of a shipment that is declared, {} of others; by all but DDP the recipient pays duties."""
    customs = shipment.customs
    return {"incoterm": customs.incoterm} if customs and customs.incoterm else {}


def _item(item: CustomsItem, currency: str) -> dict[str, Any]:
    check_item(item, "EasyPost")
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
