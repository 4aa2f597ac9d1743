"""Proofs about goods: stock and its ledger, transfers, purchasing."""

from . import purchases, stock, transfers  # noqa: F401 (importing registers the checks)
