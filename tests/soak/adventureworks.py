"""AdventureWorks as plain rows: products, bins, purchases, and orders with the places on the globe they go to."""

import csv
import gzip
import lzma
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

G_PER_UNIT = {"LB": 453.592, "G": 1}
UNKNOWN_WEIGHT_G = 500
EARTH_KM = 6371


@dataclass(frozen=True)
class Address:
    """One of its addresses, with the coordinates of its postal code, city or country: the best that is known."""

    line1: str
    city: str
    region: str
    postcode: str
    country: str
    at: tuple

    def as_dict(self, name):
        """Return what an order or a location takes."""
        fields = {"line1": self.line1, "city": self.city, "region": self.region, "postcode": self.postcode}
        return fields | {"name": name, "country": self.country}


class AdventureWorks:
    """The tables of `folder`, and the postal centroids of `postal`: a file XX.csv.xz for each country."""

    def __init__(self, folder, postal):
        self.folder, self.postal, self._centroids = Path(folder), Path(postal), {}

    def rows(self, table):
        with gzip.open(self.folder / f"{table}.csv.gz", "rt", encoding="utf-8") as lines:
            return list(csv.DictReader(lines))

    @cached_property
    def products(self):
        """{product id: (code, name, cost, price, weight in g)}."""
        found = {}
        for row in self.rows("oltp_product"):
            unit = G_PER_UNIT.get(row["c13"].strip())
            grams = round(float(row["c14"]) * unit) if unit and row["c14"] else UNKNOWN_WEIGHT_G
            found[row["c1"]] = row["c3"], row["c2"], row["c9"], float(row["c10"]), grams
        return found

    def bins(self):
        """[(product id, bin code, pieces)]."""
        rows = self.rows("oltp_productinventory")
        return [(r["product_id"], f"{r['location_id']}-{r['shelf']}-{r['bin']}", int(r["quantity"])) for r in rows]

    def purchases(self):
        """{purchase order id: (vendor id, [(line id, product id, ordered, cost, stocked, rejected)])}."""
        vendors = {row["c1"]: row["c5"] for row in self.rows("oltp_purchaseorderheader")}
        found = {}
        for row in self.rows("oltp_purchaseorderdetail"):
            pieces = [round(float(row[name])) for name in ("c10", "c9")]
            line = row["c2"], row["c5"], int(row["c4"]), row["c6"], *pieces
            found.setdefault(row["c1"], (vendors[row["c1"]], []))[1].append(line)
        return found

    def sold(self):
        """{product key: (price, weight in g)}; keys are a warehouse's own: the weight is that of the product
        whose price is the nearest."""
        priced = [(price, grams) for _, _, _, price, grams in self.products.values() if price]
        prices = {row["ProductKey"]: float(row["Sales Amount"]) for row in self.rows("fact_internet_sales")}
        return {key: min(priced, key=lambda one, at=at: abs(one[0] - at)) for key, at in prices.items()}

    def orders(self):
        """{order number: (customer key, [(product key, amount)])}, in the order they came."""
        found = {}
        for row in self.rows("fact_internet_sales"):
            lines = found.setdefault(row["Sales Order Number"], (row["CustomerKey"], []))[1]
            lines.append((row["ProductKey"], row["Sales Amount"]))
        return found

    @cached_property
    def customers(self):
        """{customer key: (name, Address)}; each has one of his city's addresses, by turn."""
        turns = defaultdict(count)
        found = {}
        for row in self.rows("dim_customer"):
            there = self.addresses[row["City"]]
            address = there[next(turns[row["City"]]) % len(there)]
            found[row["CustomerKey"]] = row["Full Name"], address
        return found

    @cached_property
    def addresses(self):
        """{city: [Address]}."""
        states = {row["state_province_id"]: row for row in self.rows("oltp_stateprovince")}
        found = defaultdict(list)
        for row in self.rows("oltp_address"):
            state = states[row["state_province_id"]]
            country, region = state["country_region_code"], state["state_province_code"].strip()
            at = self._where(country, row["postal_code"], row["city"])
            found[row["city"]].append(Address(row["line1"], row["city"], region, row["postal_code"], country, at))
        return found

    def _where(self, country, postcode, city):
        codes, cities, middle = self._known(country)
        return codes.get(_outward(country, postcode)) or cities.get(city.upper()) or middle

    def _known(self, country):
        """Return ({code: coordinates}, {city: coordinates}, those of the country's middle)."""
        if country not in self._centroids:
            with lzma.open(self.postal / f"{country}.csv.xz", "rt", encoding="utf-8") as lines:
                rows = [
                    (r["postal_code"], r["place"], (float(r["lat"]), float(r["lng"]))) for r in csv.DictReader(lines)
                ]
            cities = {place.partition(",")[0].upper(): at for _, place, at in rows}
            middle = tuple(sum(at[i] for _, _, at in rows) / len(rows) for i in (0, 1))
            self._centroids[country] = {code: at for code, _, at in rows}, cities, middle
        return self._centroids[country]


def _outward(country, postcode):
    """Return the part of a postal code that centroids are known by."""
    if country == "GB":
        return postcode.upper().split()[0] if " " in postcode else postcode[:-3].upper()
    return postcode[: {"US": 5, "CA": 3}.get(country, 10)].upper()


def km(one, other):
    """Return the kilometres between two (latitude, longitude), by the haversine formula."""
    (lat, lng), (other_lat, other_lng) = (map(radians, at) for at in (one, other))
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lng - lng) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
