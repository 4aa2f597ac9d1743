"""Transfer before buying: what one location has too much of fills what another lacks."""

from typing import NamedTuple

from inventory.forecasting.demand import Matrix
from inventory.forecasting.reorder import Pieces


class Move(NamedTuple):
    """So many pieces from one location to another, by their positions in the given arrays."""

    source: int
    target: int
    pieces: int


def transfers(position: Pieces, keep: Pieces, need: Pieces, cost: Matrix) -> list[Move]:
    """Return the moves of one SKU between locations before anything is bought, cheapest way first.

    position (locations,): pieces on hand and on their way, less what is promised; keep (locations,): what a location
    does not give away (its order-up-to); need (locations,): what it lacks; cost (locations, locations): money a piece
    moved from row to column, infinite where there is no way. A location that lacks gives nothing. Ties go to the
    first. What stays lacking after it is to be bought: need less the pieces moved in.
    """
    spare = [
        max(int(have) - int(kept), 0) if lack <= 0 else 0 for have, kept, lack in zip(position, keep, need, strict=True)
    ]
    lacking = [max(int(pieces), 0) for pieces in need]
    ways = sorted(
        (float(cost[source, target]), source, target)
        for source in range(len(spare))
        for target in range(len(lacking))
        if spare[source] and lacking[target] and cost[source, target] < float("inf")
    )
    moves = []
    for _, source, target in ways:
        pieces = min(spare[source], lacking[target])
        if pieces:
            moves.append(Move(source, target, pieces))
            spare[source] -= pieces
            lacking[target] -= pieces
    return moves
