"""Deciding what becomes of goods that came back."""

from dataclasses import dataclass

from django.db.models import Sum

from inventory.models import Bin
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.publish import publish
from returns.models import Disposition, Return
from returns.services.receive import is_stocked
from returns.services.request import lock

Outcome = Disposition.Outcome


@dataclass(frozen=True)
class DispositionIn:
    """So many pieces of a return line, and what becomes of them; `source` the outcome they had before."""

    line_id: int
    quantity: int
    outcome: str
    grade: int | None = None
    source: str = ""
    note: str = ""


@command
def dispose(return_id, decisions, *, actor="system"):
    """Carry out `decisions` ([DispositionIn]); with the last piece decided the return is INSPECTED.

    Restocked pieces go to the DOCK and can be sold; scrapped ones leave the book; quarantined ones
    wait for a later decision, also after the return is resolved. Raises Invalid, naming the field.
    """
    order, rma = lock(return_id)
    if rma.received_at is None:
        raise InvalidTransition(f"Return {rma} has not come yet: receive it first.")
    lines = {line.pk: line for line in rma.lines.select_related("line__sku")}
    moves, restocked = [], set()
    for i, decision in enumerate(decisions):
        line = _check(lines, decision, i)
        _record(line, decision, actor=actor)
        if is_stocked(rma, line):
            moves += _moves(rma, line, decision)
            restocked |= {line.line.sku_id} if decision.outcome == Outcome.RESTOCK else set()
    if rma.status == Return.Status.RECEIVED and not any(undecided(line) for line in lines.values()):
        rma.move_to(Return.Status.INSPECTED)
        rma.publish("return.inspected", order=order, actor=actor)
    for sku_id in sorted(restocked):
        publish("stock.received", f"sku:{sku_id}", actor=actor, sku=sku_id, location=rma.location_id)
    if moves:
        stock.post(moves, "inspect", subject=order.subject, actor=actor)
    return rma


def undecided(line):
    """Return how many received pieces of a return line nobody has decided on."""
    first = line.dispositions.filter(source="").aggregate(n=Sum("quantity", default=0))["n"]
    return line.received - first


def in_quarantine(line):
    """Return how many pieces of a return line wait in quarantine for a later decision."""
    into = line.dispositions.filter(outcome=Outcome.QUARANTINE).aggregate(n=Sum("quantity", default=0))["n"]
    out = line.dispositions.filter(source=Outcome.QUARANTINE).aggregate(n=Sum("quantity", default=0))["n"]
    return into - out


def _check(lines, decision, i):
    line = lines.get(decision.line_id)
    if line is None:
        raise Invalid("Name a line of this return.", field=f"decisions.{i}.line")
    if decision.outcome not in Outcome.values or decision.outcome == decision.source:
        raise Invalid(f"Choose one of {', '.join(Outcome.values)}.", field=f"decisions.{i}.outcome")
    if decision.source not in ("", Outcome.QUARANTINE):
        raise Invalid("Only what is in quarantine can be decided anew.", field=f"decisions.{i}.source")
    left = in_quarantine(line) if decision.source else undecided(line)
    if not 0 < decision.quantity <= left:
        raise Invalid(f"{left} pieces of {line.line.sku_code} wait for this.", field=f"decisions.{i}.quantity")
    return line


def _record(line, decision, *, actor):
    Disposition.objects.create(
        line=line,
        quantity=decision.quantity,
        outcome=decision.outcome,
        source=decision.source,
        grade=decision.grade,
        note=decision.note[:300],
        actor=actor,
    )


def _moves(rma, line, decision):
    sku_id, pieces = line.line.sku_id, decision.quantity
    shelf = stock.system_bin(rma.location, Bin.Kind.QUARANTINE)
    free = stock.Move(sku_id, rma.location_id, stock.UNAVAILABLE, -pieces)
    if decision.outcome == Outcome.RESTOCK:
        dock = stock.system_bin(rma.location, Bin.Kind.DOCK)
        return [free, *stock.carry(sku_id, shelf, dock, pieces)]
    if decision.outcome == Outcome.SCRAP:
        return [free, stock.Move(sku_id, rma.location_id, stock.ON_HAND, -pieces, shelf.pk)]
    return []
