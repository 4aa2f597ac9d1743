"""Proofs about orders: their stock, their lines and sums, their states, whose they are."""

from . import states as states
from . import stock, sums, whose  # noqa: F401 (importing registers the checks)
