"""What a level is, and the proof that its ledger says so."""

from collections import Counter

from inventory.models import BinStock, StockEntry, StockLevel


def level(sku, location):
    """Return (on_hand, reserved, unavailable), after a look at whether ledger and bins say the same."""
    row = StockLevel.objects.get(sku=sku, location=location)
    for bucket in StockEntry.Bucket.values:
        entries = StockEntry.objects.filter(sku=sku, location=location, bucket=bucket).order_by("pk")
        balance = 0
        for entry in entries:
            balance += entry.delta
            assert entry.balance_after == balance, entry
        assert balance == getattr(row, bucket)
    assert sum(bins(sku, location).values()) == row.on_hand
    return row.on_hand, row.reserved, row.unavailable


def bins(sku, location):
    """Return {bin code: pieces}, of all lots."""
    rows = BinStock.objects.filter(sku=sku, bin__location=location, quantity__gt=0).select_related("bin")
    held = Counter()
    for row in rows:
        held[row.bin.code] += row.quantity
    return dict(held)
