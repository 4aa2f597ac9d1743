"""The page of one return: what came, what became of it, and what can be done next."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from oms.lib.console import console_page, show
from returns.models import Return
from returns.services.inspect import in_quarantine, undecided
from returns.services.resolve import refund_lines

Status = Return.Status
# status -> the actions that are legal then: (URL name, button, tone, permission)
ACTIONS = {
    Status.REQUESTED: [
        ("approve", "Approve", "oms-primary", "returns.approve_return"),
        ("decline", "Decline", "oms-danger", "returns.approve_return"),
        ("receive", "It is here", "", "returns.inspect_return"),
    ],
    Status.APPROVED: [
        ("receive", "It is here", "oms-primary", "returns.inspect_return"),
        ("transit", "On its way", "", "returns.change_return"),
        ("decline", "Decline", "oms-danger", "returns.approve_return"),
    ],
    Status.IN_TRANSIT: [("receive", "It is here", "oms-primary", "returns.inspect_return")],
    Status.RECEIVED: [("inspect", "Inspect", "oms-primary", "returns.inspect_return")],
    Status.INSPECTED: [("resolve", "Pay back and finish", "oms-primary", "orders.refund_order")],
}


@console_page("returns.view_return")
def desk(request, pk):
    rma = get_object_or_404(Return.objects.select_related("order__channel", "location", "refund"), pk=pk)
    lines = list(rma.lines.select_related("line__sku", "line__parent", "line__order").prefetch_related("dispositions"))
    for row in lines:
        row.undecided, row.waiting = undecided(row), in_quarantine(row)
    return show(
        request,
        "returns/console/desk.html",
        title=f"Return {rma}",
        rma=rma,
        order=rma.order,
        lines=lines,
        actions=actions(rma, request.user, has_quarantine=any(row.waiting for row in lines)),
        owed=sum(line.amount for line in refund_lines(rma.order, rma)) if rma.received_at and rma.is_open else None,
    )


def actions(rma, user, *, has_quarantine=False):
    """Return [(url, button, tone)] of what `user` may do with the return now."""
    found = list(ACTIONS.get(rma.status, []))
    if has_quarantine:
        found.append(("inspect", "Decide on quarantine", "", "returns.inspect_return"))
    return [
        (reverse(f"returns:{name}", args=[rma.pk]), label, tone)
        for name, label, tone, permission in dict.fromkeys(found)
        if user.has_perm(permission)
    ]
