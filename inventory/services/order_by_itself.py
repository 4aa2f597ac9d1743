"""What the night does by itself: it keeps budgets, and orders where a policy says so."""

from collections import defaultdict
from datetime import timedelta

import numpy as np
from django.db.models import Sum
from django.utils import timezone

from inventory.forecasting.ordering import within_budget
from inventory.models import Proposal, ReorderPolicy
from inventory.services.approve_purchase import approve, is_over_limit
from inventory.services.decide_proposal import accept
from inventory.services.send_purchase import send
from oms.lib.commands import command
from oms.lib.money import ZERO

SPAN = timedelta(days=30)
ACTOR = "system"


@command
def mark_over_budget():
    """Mark the open proposals that no budget is left for; those that save the most lost sales per money come first."""
    for policy in ReorderPolicy.objects.filter(budget__isnull=False).order_by("pk"):
        rows = list(Proposal.objects.open().filter(policy=policy, kind=Proposal.Kind.BUY).order_by("pk"))
        costs = np.array([float(row.value) for row in rows])
        saved = np.array([float(row.value) / row.pieces * row.reason.get("lost", 0) for row in rows])
        fits = within_budget(costs, saved, budget=float(left_of(policy)))
        for row, is_within in zip(rows, fits, strict=True):
            row.is_over_budget = not is_within
        Proposal.objects.bulk_update(rows, ["is_over_budget"], batch_size=200)
    free = Proposal.objects.open().filter(is_over_budget=True).exclude(policy__budget__isnull=False)
    free.update(is_over_budget=False)


def left_of(policy):
    """Return the money that may still be spent under a policy with a budget; never below nothing."""
    spent = Proposal.objects.taken().filter(policy=policy, decided_at__gte=timezone.now() - SPAN)
    spent = spent.exclude(purchase__status="cancelled").aggregate(n=Sum("value"))["n"] or ZERO
    return max(policy.budget - spent, ZERO)


@command
def order_automatically():
    """Accept what automatic policies propose within their budget; returns how many purchase orders were made.

    One within its supplier's limit is approved and sent; one above it stays a draft for a person.
    """
    rows = Proposal.objects.open().filter(policy__is_automatic=True, is_over_budget=False, cost__isnull=False)
    groups = defaultdict(dict)
    for row in rows.filter(supplier__is_active=True, location__is_active=True).order_by("pk"):
        groups[row.supplier_id, row.location_id][row.pk] = None
    orders = [order for pieces in groups.values() for order in accept(pieces, actor=ACTOR)[0]]
    for order in orders:
        can_hear = order.supplier.email or order.supplier.partner_id
        if not is_over_limit(order) and can_hear:
            approve(order.pk, actor=ACTOR)
            send(order.pk, actor=ACTOR)
    return len(orders)
