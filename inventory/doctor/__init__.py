"""Proofs about goods: stock and its ledger, transfers."""

from . import stock, transfers  # noqa: F401 (importing registers the checks)
