"""Proofs about goods: stock and its ledger, lots and serials, transfers, refills, purchasing, proposals."""

from . import lots, proposals, purchases, refills, stock, transfers  # noqa: F401 (importing registers the checks)
