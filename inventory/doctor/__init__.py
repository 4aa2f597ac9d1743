"""Proofs about goods: stock and its ledger, transfers, purchasing, proposals."""

from . import proposals, purchases, stock, transfers  # noqa: F401 (importing registers the checks)
