"""What customs ask for, whoever is told of it."""

from fulfilment.carriers.base import CarrierError, Customs, CustomsItem

# Exports of the United States up to so much need no filing: 15 CFR 30.37(a).
FREE_OF_FILING, EXEMPTION = 2500, "NOEEI 30.37(a)"


def check_item(item: CustomsItem, name: str) -> None:
    """Raise CarrierError, naming the SKU and the fields, where something is missing that customs ask for."""
    facts = {"HS code": item.hs_code, "origin": item.origin, "weight": item.weight_g, "value": item.value}
    lacks = [fact for fact, value in facts.items() if not value]
    if lacks:
        raise CarrierError(f"{name} needs for customs, of {item.code}: {', '.join(lacks)}.", retry=False)


def exemption(customs: Customs, name: str) -> str:
    """Return why an export of the United States is not filed. Raises CarrierError where it must be."""
    if sum(item.value for item in customs.items) > FREE_OF_FILING:
        raise CarrierError(
            f"Exports of the US above {FREE_OF_FILING} are filed first, and {name} needs the number (eel_pfc): "
            "buy this label at the carrier.",
            retry=False,
        )
    return EXEMPTION
