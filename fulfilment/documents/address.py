"""An address as it is printed."""

from babel import Locale


def lines(address, *, home="", locale="en"):
    """Return the lines of `address` ({name, company, line1 …}); the country, in capitals, unless it is `home`."""
    town = " ".join(part for part in (address.get("postcode"), address.get("city")) if part)
    parts = [address.get("company"), address.get("name"), address.get("line1"), address.get("line2"), town]
    parts.append(address.get("region"))
    country = address.get("country", "")
    if country and country != home:
        parts.append(Locale.parse(locale.replace("-", "_")).territories.get(country, country).upper())
    return [part for part in parts if part]


def lines_of(place, **words):
    """Return the lines of a location or supplier: its name, once, and its address; `words` as for `lines`."""
    return list(dict.fromkeys([place.name, *lines(place.address, **words)]))
