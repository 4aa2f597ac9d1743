"""Proposing what to buy and what to carry over, for every location that a SKU is kept at."""

from dataclasses import dataclass

import numpy as np
from django.utils import timezone

from inventory.forecasting.transfers import transfers
from inventory.models import Forecast, Location, Proposal
from inventory.services import stock
from inventory.services.home_cost import HomeCost
from inventory.services.reorder import Need, listings, work_out
from inventory.services.reorder_policy import Policies
from inventory.services.supply import supplies
from oms.lib.commands import command

Kind, Status = Proposal.Kind, Proposal.Status
MORE = 1.25  # times what was declined, and it is proposed again
STAFFED = (Location.Kind.WAREHOUSE, Location.Kind.STORE)
# What a night may change in an open proposal; its moment alone is no change.
CHANGING = ["supplier_id", "source_id", "policy_id", "pieces", "cost", "value", "days_of_cover", "reason"]


@dataclass(frozen=True)
class Count:
    """What a run did: proposals that are new, that changed, that are not needed any more."""

    made: int = 0
    changed: int = 0
    expired: int = 0

    def __add__(self, other):
        return Count(self.made + other.made, self.changed + other.changed, self.expired + other.expired)


@command
def propose(sku_ids, *, week, location=None):
    """Bring the open proposals of `sku_ids` (at `location` only, where given) up to date; returns a `Count`.

    Made from the forecasts of Monday `week`. A second call finds nothing to change. What was declined stays so
    until a quarter more is wanted, from somebody else, for more who wait, or after the need had gone.
    """
    home = HomeCost()
    needs = _needs(sku_ids, week, home)
    work_out(needs)
    _note_service(needs)
    wanted = {}
    for group in _by_sku(needs):
        wanted |= _wanted(group, home)
    mine = Proposal.objects.filter(sku__in=sku_ids)
    if location is not None:
        mine = mine.filter(location=location)
        wanted = {key: row for key, row in wanted.items() if row.location_id == location.pk}
    count = _write(mine, wanted)
    stock.note_reorder_points({need.pair: need.reorder_point for need in needs})
    return count


def _needs(sku_ids, week, home):
    forecasts = Forecast.objects.filter(sku__in=sku_ids, week=week).select_related("sku__analogue", "location")
    found, anywhere = supplies(sku_ids)
    listed = listings(sku_ids)
    policies = Policies()
    needs = [
        Need(
            forecast=row,
            policy=policies.of(row.sku_id, row.location_id, row.abc_class),
            listed=listed.get(row.sku_id),
            supply=found[row.sku_id, row.location_id],
            unit_cost=float(home.piece(row.sku, listed.get(row.sku_id), 1)),
        )
        for row in forecasts.order_by("sku_id", "location_id")
    ]
    _give_to_the_busiest(needs, anywhere)
    return needs


def _give_to_the_busiest(needs, anywhere):
    """Those who wait for a SKU nowhere in particular wait where most of it is sold."""
    for sku, pieces in anywhere.items():
        busiest = max((need for need in needs if need.pair[0] == sku), key=lambda n: n.forecast.weekly, default=None)
        if busiest:
            busiest.supply.waiting += pieces


def _note_service(needs):
    changed = []
    for need in needs:
        service = float(need.policy.service_percent)
        if need.forecast.service_percent != service:
            need.forecast.service_percent = service
            changed.append(need.forecast)
    Forecast.objects.bulk_update(changed, ["service_percent"], batch_size=500)


def _by_sku(needs):
    groups = {}
    for need in needs:
        groups.setdefault(need.pair[0], []).append(need)
    return groups.values()


def _wanted(needs, home):
    """Return {(sku id, location id, kind): unsaved Proposal} for the locations of one SKU: transfer before buy."""
    wanted, moved = {}, [0] * len(needs)
    for (source, target), pieces in _moves(needs).items():
        moved[target] += pieces
        row = _proposal(needs[target], Kind.TRANSFER, pieces, source=needs[source].forecast.location)
        wanted.setdefault((*needs[target].pair, Kind.TRANSFER), row)
    for need, carried in zip(needs, moved, strict=True):
        if not need.wanted or need.supply.position + carried > need.reorder_point:
            continue
        pieces = max(need.wanted - carried, 1)
        pieces = need.listed.orderable(pieces) if need.listed else pieces
        row = _proposal(need, Kind.BUY, pieces, carried=carried)
        if need.listed:
            row.supplier, row.cost = need.listed.supplier, need.listed.cost_of(pieces)
        row.value = home.worth(need.forecast.sku, need.listed, pieces)
        wanted[*need.pair, Kind.BUY] = row
    return wanted


def _moves(needs):
    """Return {(source, target): pieces} by position in `needs`: one move a target, the largest that helps it."""
    place = [need.forecast.location for need in needs]
    is_ours = np.array([one.kind in STAFFED for one in place])
    cost = np.where(is_ours[:, None] & is_ours[None, :], 1.0, np.inf)
    free = [min(need.supply.position, need.supply.available - need.supply.outbound) for need in needs]
    moves = transfers(np.array(free), np.array([n.keep for n in needs]), np.array([n.wanted for n in needs]), cost)
    best = {}
    for move in sorted(moves, key=lambda move: move.pieces):
        best[move.target] = move
    return {(move.source, move.target): move.pieces for move in best.values()}


def _proposal(need, kind, pieces, *, source=None, carried=0):
    return Proposal(
        kind=kind,
        sku=need.forecast.sku,
        location=need.forecast.location,
        source=source,
        policy=need.policy if need.policy.pk else None,
        pieces=pieces,
        days_of_cover=need.days_of_cover,
        reason=need.numbers() | {"carried": carried},
        made_at=timezone.now(),
    )


def _write(mine, wanted):
    """Make, change and expire proposals so that the open ones of `mine` are `wanted`."""
    now = list(mine.open().order_by("pk").select_for_update(of=("self",)))
    holding = {(row.sku_id, row.location_id, row.kind): row for row in mine.filter(is_holding=True)}
    known = {(row.sku_id, row.location_id, row.kind): row for row in now}
    changed, made, expired = [], [], []
    for key, row in wanted.items():
        if key in known:
            changed += [known[key]] if _update(known[key], row) else []
        elif key not in holding or _is_more(row, holding[key]):
            made.append(row)
    for key, row in known.items():
        if key not in wanted:
            row.move_to(Status.EXPIRED)
            row.decided_by, row.decided_at = "system", timezone.now()
            expired.append(row)
    Proposal.objects.bulk_update(changed, [*(name.removesuffix("_id") for name in CHANGING), "made_at"], batch_size=200)
    Proposal.objects.bulk_update(expired, ["status", "decided_by", "decided_at"], batch_size=200)
    Proposal.objects.bulk_create(made, batch_size=200)
    gone = [row.pk for key, row in holding.items() if key not in wanted or (key not in known and _of(made, key))]
    Proposal.objects.filter(pk__in=gone).update(is_holding=False)
    return Count(len(made), len(changed), len(expired))


def _of(rows, key):
    return any((row.sku_id, row.location_id, row.kind) == key for row in rows)


def _update(known, row):
    """Take over into a known proposal what differs; returns whether anything did."""
    if all(getattr(known, name) == getattr(row, name) for name in CHANGING):
        return False
    for name in (*CHANGING, "made_at"):
        setattr(known, name, getattr(row, name))
    return True


def _is_more(row, declined):
    """Whether something has changed since a buyer declined: more is wanted, somebody else gives, more people wait."""
    waiting = declined.reason.get("waiting", 0)
    is_same = row.party == declined.party
    return not is_same or row.pieces > declined.pieces * MORE or row.reason["waiting"] > waiting
