"""Six warehouses at AdventureWorks' own addresses, what parcels from them cost, and what rules of thumb would send."""

from collections import Counter, defaultdict
from decimal import Decimal

from orders.models import Allocation, Lane, Order
from orders.services.network import forget_network
from tests.make import make_location
from tests.soak.adventureworks import km

CITIES = ("Bothell", "Burbank", "London", "Paris", "Berlin", "Sydney")
BASE, PER_1000_KM, PER_KG_1000_KM, KM_A_DAY = 3.95, 2.0, 0.99, 1500


class Network:
    """`places` {city: Location}, `plant` the first of them; lanes cost by the distance to the middle of each region."""

    def __init__(self, works):
        self.works = works
        self.at = {city: works.addresses[city][0].at for city in CITIES}
        self.places = {city: self._place(works.addresses[city][0]) for city in CITIES}
        self.plant = self.places[CITIES[0]]
        regions = defaultdict(list)
        for _, address in works.customers.values():
            regions[address.country, address.region].append(address.at)
        self.lanes = {(city, region): self._lane(city, region, at) for city in CITIES for region, at in regions.items()}
        forget_network()

    def compare(self, shelves, sold, orders):
        """Return what sending `orders` costs as sourced, from the nearest that has it, and all from the plant.

        `shelves` {(product key, city): pieces} is what there was, `sold` {product key: (price, grams)};
        `orders` in the order they were placed.
        """
        left = dict(shelves)
        ours, nearest, single = (Tally(self, sold) for _ in range(3))
        sent = as_sourced()
        for number, (customer, lines) in orders.items():
            address, keys = self.works.customers[customer][1], [key for key, _ in lines]
            ours.add(address, sent[number])
            nearest.add(address, self._nearest_first(address, keys, left))
            single.add(address, [(key, CITIES[0]) for key in keys])
        return {name: tally.report() for name, tally in zip(NAMES, (ours, nearest, single), strict=True)}

    def _nearest_first(self, address, keys, left):
        """Return [(product key, city)]: each piece from the nearest city that has one, taken out of `left`."""
        cities, taken = sorted(CITIES, key=lambda city: km(self.at[city], address.at)), []
        for key in keys:
            city = next(city for city in cities if left.get((key, city), 0))
            left[key, city] -= 1
            taken.append((key, city))
        return taken

    def _place(self, address):
        return make_location(address.city.upper(), lane=None, address=address.as_dict("Adventure Works"))

    def _lane(self, city, region, points):
        middle = tuple(sum(at[i] for at in points) / len(points) for i in (0, 1))
        far = km(self.at[city], middle)
        costs = [Decimal(BASE + PER_1000_KM * far / 1000), Decimal(PER_KG_1000_KM * far / 1000)]
        base, per_kg = (cost.quantize(Decimal("0.01")) for cost in costs)
        days = {"transit_days": 1 + int(far / KM_A_DAY)}
        return Lane.objects.create(location=self.places[city], zone="-".join(region), base=base, per_kg=per_kg, **days)


NAMES = ("ours", "nearest first", "single warehouse")


class Tally:
    """What a way of sourcing costs, order by order."""

    def __init__(self, network, sold):
        self.network, self.sold = network, sold
        self.cost, self.km, self.counts = Decimal(0), 0, Counter()

    def add(self, address, sent):
        """Add an order to `address`, `sent` as [(product key, city)]."""
        parcels = Counter()
        for key, city in sent:
            parcels[city] += self.sold[key][1]
            self.km += km(self.network.at[city], address.at)
        for city, grams in parcels.items():
            lane = self.network.lanes[city, (address.country, address.region)]
            self.cost += lane.base + lane.per_kg * grams / 1000
        self.counts.update(pieces=len(sent), parcels=len(parcels), splits=len(parcels) > 1)

    def report(self):
        figures = {"cost": round(float(self.cost), 2), "km a piece": round(self.km / self.counts["pieces"], 1)}
        return dict(self.counts) | figures


def as_sourced():
    """Return {order number: [(product key, city)]} of the allocations."""
    cities = {city.upper(): city for city in CITIES}
    numbers = dict(Order.objects.values_list("pk", "external_id"))
    found = defaultdict(list)
    for order, sku, place, pieces in Allocation.objects.values_list("order", "sku__code", "location__code", "quantity"):
        found[numbers[order]] += [(sku.removeprefix("AW-"), cities[place])] * pieces
    return found
