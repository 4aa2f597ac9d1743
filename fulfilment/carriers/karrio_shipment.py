"""A parcel in Karrio's words: https://docs.karrio.io/reference/openapi/, kilograms and centimetres."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fulfilment.carriers.base import Customs, CustomsItem, Shipment
from fulfilment.carriers.customs import check_item, exemption
from oms.lib.money import quantise, spread

FIELDS = {
    "person_name": "name",
    "company_name": "company",
    "address_line1": "line1",
    "address_line2": "line2",
    "city": "city",
    "state_code": "region",
    "postal_code": "postcode",
    "country_code": "country",
    "phone_number": "phone",
}


def described(shipment: Shipment, accounts: list[str]) -> dict[str, Any]:
    """Return the body that rates are asked with, and a shipment is created. Raises CarrierError.

    A carrier that Karrio cannot insure at leaves the insurance out and does not say so.
    """
    options: dict[str, Any] = {"currency": shipment.currency} if shipment.currency else {}
    if shipment.insured:
        options["insurance"] = float(shipment.insured)
    told: dict[str, Any] = {
        "shipper": _address(shipment.sender),
        "recipient": _address(shipment.recipient) | {"residential": not shipment.recipient.get("company")},
        "parcels": [{"weight": (shipment.weight_g or 0) / 1000, "weight_unit": "KG"} | _sides(shipment.size_mm)],
        "options": options,
        "label_type": shipment.form.upper(),
        "carrier_ids": accounts,
    }
    if shipment.reference:
        told["reference"] = shipment.reference
    return told | ({"customs": _customs(shipment.customs, shipment)} if shipment.customs else {})


def _address(address: dict[str, Any]) -> dict[str, Any]:
    return {theirs: address[ours] for theirs, ours in FIELDS.items() if address.get(ours)}


def _sides(sizes: tuple[int | None, int | None, int | None]) -> dict[str, Any]:
    sides = {name: size / 10 for name, size in zip(("length", "width", "height"), sizes, strict=True) if size}
    return sides | {"dimension_unit": "CM"} if len(sides) == 3 else {}


def _customs(customs: Customs, shipment: Shipment) -> dict[str, Any]:
    total = sum(item.value for item in customs.items)
    payer = "sender" if customs.incoterm == "DDP" else "recipient"
    told: dict[str, Any] = {
        "content_type": "merchandise",
        "commercial_invoice": True,
        "certify": True,
        "signer": customs.signer[:50],
        "duty": {"paid_by": payer, "currency": customs.currency, "declared_value": float(total)},
        "commodities": [row for item in customs.items for row in _commodities(item, customs.currency)],
    }
    if customs.incoterm:
        told["incoterm"] = customs.incoterm
    if shipment.sender.get("country") == "US":
        told["options"] = {"eel_pfc": exemption(customs, "Karrio")}
    return told


def _commodities(item: CustomsItem, currency: str) -> Iterator[dict[str, Any]]:
    """Yield the pieces of an item, of which Karrio wants the value of each: those a cent apart are told apart."""
    check_item(item, "Karrio")
    for value, quantity in Counter(spread(quantise(item.value, currency), [1] * item.quantity, currency)).items():
        yield {
            "sku": item.code,
            "title": item.description,
            "description": item.description,
            "quantity": quantity,
            # Down, so that the goods never weigh more than their parcel.
            "weight": max(item.weight_g // item.quantity, 1) / 1000,
            "weight_unit": "KG",
            "value_amount": float(value),
            "value_currency": currency,
            "hs_code": item.hs_code,
            "origin_country": item.origin,
        }
