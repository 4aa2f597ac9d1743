"""Proofs about goods: stock and its ledger, lots and serials, transfers, purchasing, proposals."""

from . import lots, proposals, purchases, stock, transfers  # noqa: F401 (importing registers the checks)
