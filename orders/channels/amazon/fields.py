"""Fields that Amazon's documents of all versions have: money, addresses, lists in JSON and in XML."""

from decimal import Decimal

from orders.channels.base import Address
from orders.channels.reading import Doc

# An order that waits for its payment has no total yet, a cancelled one may have none any more.
WITHOUT_TOTAL = ("pending", "pendingavailability", "canceled", "cancelled", "unfulfillable", "invoiceunconfirmed")


def amount(row: Doc, *names: str) -> Decimal | None:
    """Return the amount of a money: {CurrencyCode, Amount} in v0, {currencyCode, amount} since."""
    return row.first_amount((*names, "Amount"), (*names, "amount"), (*names, "Value"))


def currency_of(row: Doc, *names: str) -> str:
    return row.first((*names, "CurrencyCode"), (*names, "currencyCode")).upper()


def listed(row: Doc, name: str, inner: str) -> list[Doc]:
    """Return the rows of a list, which XML wraps: Orders.Order."""
    return row.rows(name, inner) if row.at(name).value and row.has(f"{name}.{inner}") else row.rows(name)


def counted(row: Doc, name: str, inner: str) -> int:
    return row.at(name).count(inner) if row.has(f"{name}.{inner}") else row.count(name)


def address(row: Doc) -> Address:
    if not isinstance(row.value, dict):
        return Address()

    def said(*names: str) -> str:
        """Return a field, whose name begins with a capital in v0."""
        return row.first(*((name,) for name in names), *((name[0].lower() + name[1:],) for name in names))

    lines = [said(f"AddressLine{n}", f"Line{n}") for n in (1, 2, 3)]
    return Address(
        name=said("Name"),
        company=said("CompanyName"),
        line1=lines[0],
        line2=", ".join(line for line in lines[1:] if line),
        city=said("City"),
        region=said("StateOrRegion", "StateOrProvinceCode"),
        postcode=said("PostalCode"),
        country=said("CountryCode"),
        phone=said("Phone"),
    )
