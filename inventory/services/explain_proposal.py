"""Why a proposal was made: in words, and as the course of demand and stock."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from inventory.models import Forecast, StockEntry
from inventory.services.demand_history import WEEK, history, monday

PAST, AHEAD = 26, 13  # weeks
KINDS = dict(Forecast.Kind.choices)


@dataclass(frozen=True)
class Course:
    """The weeks around now: `weeks` [Monday], of them `demand` and `stock` of the past, `expected` and `left` to come.

    Pieces; `out` says in which past weeks stock was out for days, `left` is the stock with nothing ordered.
    """

    weeks: list
    demand: list
    out: list
    stock: list
    expected: list
    left: list
    reorder_point: int


def course(proposal):
    """Return the `Course` of a proposal's SKU at its location; five statements."""
    week = monday(timezone.localdate())
    past = history([proposal.sku_id], week=week, weeks=PAST)
    pair = proposal.sku_id, proposal.location_id
    row = past.pairs.index(pair) if pair in past.pairs else None
    forecast = Forecast.objects.filter(sku=proposal.sku_id, location=proposal.location_id).first()
    expected = (forecast.mean if forecast else [])[:AHEAD]
    stock = _stock(proposal, past.weeks)
    left, have = [], proposal.reason.get("available", 0) + proposal.reason.get("inbound", 0)
    for pieces in expected:
        have = max(have - pieces, 0)
        left.append(have)
    return Course(
        weeks=past.weeks + [week + number * WEEK for number in range(len(expected))],
        demand=[0.0] * PAST if row is None else [float(n) for n in past.ordered[row]],
        out=[False] * PAST if row is None else [bool(n) for n in past.days_out[row]],
        stock=stock,
        expected=expected,
        left=left,
        reorder_point=proposal.reason.get("reorder_point", 0),
    )


def _stock(proposal, weeks):
    """Return what was on hand at the end of each of `weeks`, by the ledger."""
    entries = StockEntry.objects.filter(
        sku=proposal.sku_id, location=proposal.location_id, bucket=StockEntry.Bucket.ON_HAND
    )
    moves = list(entries.order_by("pk").values_list("at", "balance_after"))
    ends, balance, at = [], 0, 0
    for week in weeks:
        while at < len(moves) and timezone.localtime(moves[at][0]).date() < week + timedelta(days=7):
            balance = moves[at][1]
            at += 1
        ends.append(balance)
    return ends


def words(proposal):
    """Return the sentences that say why it was made."""
    why = proposal.reason
    yield from _stand(proposal, why)
    yield from _demand(why)
    yield from _quantity(proposal, why)
    if proposal.is_over_budget:
        yield "The budget of its policy is used up for these 30 days."


def _stand(proposal, why):
    parts = [f"{why['available']} of {why['on_hand']} on hand can be sold"]
    if why["inbound"]:
        parts.append(f"{why['inbound']} are on order or on their way")
    if why["waiting"]:
        parts.append(f"customers wait for {why['waiting']}")
    yield f"At {proposal.location}, {', '.join(parts)}: a position of {why['position']}."
    if proposal.days_of_cover is not None:
        yield f"That lasts {proposal.days_of_cover:g} days at {why['weekly']:g} pieces a week."


def _demand(why):
    if why["method"] == "min_max":
        yield f"Its policy says to buy at {why['reorder_point']}."
        return
    if why.get("analogue"):
        yield (
            f"It is new: forecast from the history of {why['analogue']}, {why['scale']:g} for each piece of that, "
            "corrected by what it sold itself so far."
        )
    yield (
        f"In {why['days']} days, until an order after this one could be here (the supplier's {why['lead_days']} "
        f"among them), about {why['expected']:g} will be asked for; demand is {KINDS.get(why['kind'], why['kind'])}."
    )
    if why.get("worth") is not None:
        yield (
            f"All goods of its policy together pass that time without a shortage in {why['service']:g} of 100 cases "
            f"if each piece is kept that is worth its cost. One of this is with a chance of {why['worth']:.1%} to be "
            f"needed: that makes {why['reorder_point']} pieces, the reorder point (class {why['class']})."
        )
        return
    yield (
        f"To pass that time without a shortage in {why['service']:g} of 100 cases takes {why['reorder_point']} pieces "
        f"(class {why['class']}): that is the reorder point."
    )


def _quantity(proposal, why):
    if proposal.kind == proposal.Kind.TRANSFER:
        yield f"{proposal.source} has more than it needs: carrying comes before buying."
        return
    if why.get("carried"):
        yield f"{why['carried']} more are proposed as a transfer."
    if why["method"] == "min_max":
        yield f"Filled up to its maximum: {why['wanted']} pieces."
    else:
        yield f"{why['economic']} pieces at once cost least to order and to keep."
        if why["wanted"] > why["economic"]:
            yield f"More is missing up to the reorder point: {why['wanted']}."
    if proposal.pieces != why["wanted"] - why.get("carried", 0):
        yield f"The supplier sells at least {why['moq']}, in packs of {why['pack']}: {proposal.pieces}."
    if proposal.supplier_id is None:
        yield "Nobody sells it to us: put it on a supplier's list."
