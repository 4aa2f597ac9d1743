"""Whatever is done in whatever order by however many at once: the doctor finds nothing, the ledger explains all.

A few hundred operations in `make test`; 100,000 by eight processes in `make soak` on PostgreSQL.
"""

from collections import Counter, defaultdict

import pytest
from django.db import connection

from inventory.models import Bin, BinStock, StockEntry, StockLevel
from inventory.services import stock
from oms.lib import doctor
from oms.outbox.models import Delivery
from tests.make import make_channel, make_location, make_sku
from tests.race import race
from tests.soak.operations import CONSUMERS, WEIGHTS, Worker

pytestmark = [pytest.mark.race, pytest.mark.soak, pytest.mark.django_db(transaction=True)]

SEED = 20261122
SKUS = 12
OVERDUE = 14  # papers and e-mails are not delivered here
ROUND_S = 3600


@pytest.fixture
def merchant():
    """Three places with four shelves each and some stock, a channel that backorders, and a till at one place."""
    places = [make_location(code, allows_pickup=code == "MUC") for code in ("BER", "HAM", "MUC")]
    skus = [make_sku(code=f"R-{number}", unit_cost=3) for number in range(SKUS)]
    for place in places:
        for number in range(1, 5):
            Bin.objects.create(location=place, code=f"A-{number}", aisle="A")
        for sku in skus:
            stock.receive(sku, place, 20, bin=place.bins.get(code="A-1"))
    make_channel(kind="web")
    make_channel(kind="store")


@pytest.mark.corrupt(OVERDUE)
def test_nothing_is_lost_whatever_is_done_in_whatever_order(merchant, sized, capsys):
    is_big = connection.vendor == "postgresql"
    processes = sized(3, 8 if is_big else 4)
    rounds, each = sized((1, 50), (20, 625) if is_big else (5, 500))
    done, refused = Counter(), Counter()
    for number in range(rounds):
        for served, turned_down in race(lambda who, number=number: act(number, who, each), processes, timeout=ROUND_S):
            done.update(served)
            refused.update(turned_down)
        look()
        Delivery.objects.exclude(consumer__in=CONSUMERS).delete()  # each worker looks through what waits
    assert sum(done.values()) + sum(refused.values()) == processes * rounds * each
    # The control: what is always refused proves nothing.
    assert done["place"]
    assert done["pack_and_ship"]
    assert sized(True, done.keys() == WEIGHTS.keys()), WEIGHTS.keys() - done.keys()
    with capsys.disabled():
        print({"seed": SEED, "done": dict(done), "refused": dict(refused)})


def act(number, who, each):
    """One process of one round."""
    return Worker(f"r{number}p{who}", SEED + 1000 * number + who).work(each)


def look():
    """Assert that the doctor finds nothing, and that the ledger replayed from empty gives every balance."""
    findings = [violation for finding in doctor.run(snapshot=False) for violation in finding.violations]
    assert [violation for violation in findings if violation.check != OVERDUE] == []
    levels, bins = defaultdict(int), defaultdict(int)
    entries = StockEntry.objects.order_by("pk").values_list(
        "sku_id", "location_id", "bucket", "delta", "balance_after", "bin_id"
    )
    for sku_id, location_id, bucket, delta, balance, bin_id in entries.iterator():
        levels[sku_id, location_id, bucket] += delta
        assert levels[sku_id, location_id, bucket] == balance >= 0
        if bin_id:
            bins[sku_id, bin_id] += delta
    for level in StockLevel.objects.all():
        for bucket in StockEntry.Bucket.values:
            assert getattr(level, bucket) == levels[level.sku_id, level.location_id, bucket]
    held = defaultdict(int)
    for row in BinStock.objects.all():
        held[row.sku_id, row.bin_id] += row.quantity
    assert {pair: pieces for pair, pieces in held.items() if pieces} == {
        pair: pieces for pair, pieces in bins.items() if pieces
    }
