"""Fields that several of Shopify's documents have."""

from decimal import Decimal

from orders.channels.base import Address
from orders.channels.reading import Doc, joined


def ident(row: Doc, *names: str) -> str:
    """Return an id as REST has it: 1 of gid://shopify/Order/1?key=2."""
    return row.first(*((name,) for name in names)).rpartition("/")[2].partition("?")[0]


def need_ident(row: Doc, name: str) -> str:
    row.need((name,))
    return ident(row, name)


def money(row: Doc, *names: str) -> Decimal | None:
    """Return the first amount of some names in the shop's currency: "9.00", or a MoneyBag, or `<name>_set` of one."""
    for node in (row.at(variant) for name in names for variant in (name, f"{name}_set")):
        if isinstance(node.value, dict):
            found = node.first_amount(("shop_money", "amount"), ("amount",), ("presentment_money", "amount"))
        else:
            found = node.amount()
        if found is not None:
            return found
    return None


def currency_paths(*names: str) -> list[tuple[str, ...]]:
    """Return where the currency stands: beside the amounts, or in one of some MoneyBags."""
    bags = [(f"{name}_set", kind, "currency_code") for kind in ("shop_money", "presentment_money") for name in names]
    return [("currency",), ("currency_code",), *bags, *((name, "currency_code") for name in names)]


def address(row: Doc) -> Address:
    return Address(
        name=row.text("name") or joined(row.text("first_name"), row.text("last_name")),
        company=row.text("company"),
        line1=row.text("address1"),
        line2=row.text("address2"),
        city=row.text("city"),
        region=row.first(("province_code",), ("province",)),
        postcode=row.text("zip"),
        country=row.first(("country_code_v2",), ("country_code",), ("country",)),
        phone=row.text("phone"),
    )
