"""Proofs about goods: stock and its ledger, lots and serials, floors, transfers, refills, purchasing, proposals."""

from . import floors, lots, proposals, purchases, refills, stock, transfers  # noqa: F401 (importing registers the checks)
