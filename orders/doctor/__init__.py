"""Proofs about orders: their stock, lines and sums, states, money and bills, whose they are."""

from . import bills, channels, edi, money, promises, stock, sums, whose  # noqa: F401 (importing registers the checks)
from . import states as states
