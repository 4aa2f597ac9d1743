from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from oms.lib.chunks import chunks
from oms.lib.doctor import Violation, check
from oms.outbox.models import Event
from orders.models import OrderLine
from returns.models import Disposition, Return, ReturnLine

STEPS = {
    "return.requested": Return.Status.REQUESTED,
    "return.approved": Return.Status.APPROVED,
    "return.in_transit": Return.Status.IN_TRANSIT,
    "return.received": Return.Status.RECEIVED,
    "return.inspected": Return.Status.INSPECTED,
    "return.resolved": Return.Status.RESOLVED,
    "return.declined": Return.Status.DECLINED,
    "return.expired": Return.Status.EXPIRED,
}
AT_ONCE = 1000
WAITING = [Return.Status.REQUESTED, Return.Status.APPROVED, Return.Status.IN_TRANSIT]


@check(6, "order lines count what their returns say")
def counters_are_returns():
    """Open the order's returns: the one whose pieces the line does not count must be received or declined again."""
    of_line = ReturnLine.objects.filter(line=OuterRef("pk")).order_by().values("line")
    came = of_line.annotate(n=Sum("received")).values("n")
    announced = of_line.filter(rma__status__in=WAITING).annotate(n=Sum("quantity")).values("n")
    lines = OrderLine.objects.leaves().filter(order__origin="live")
    lines = lines.annotate(came=Coalesce(Subquery(came), 0), announced=Coalesce(Subquery(announced), 0))
    for line in lines.exclude(returned=F("came"), return_requested=F("announced")).select_related("order").iterator():
        counted = f"{line.returned} returned and {line.return_requested} announced"
        text = f"counts {counted}, its returns {line.came} and {line.announced}"
        yield Violation(6, f"order {line.order} line {line.sku_code}", text)


@check(6, "no more decided on than came back")
def dispositions_within_received():
    """Receive the return again in full, or undo the surplus decision by a count of the quarantine bin."""
    first = Disposition.objects.filter(line=OuterRef("pk"), source="").order_by().values("line")
    lines = ReturnLine.objects.annotate(decided=Coalesce(Subquery(first.annotate(n=Sum("quantity")).values("n")), 0))
    undecided = Q(rma__status__in=[Return.Status.INSPECTED, Return.Status.RESOLVED], decided__lt=F("received"))
    wrong = Q(decided__gt=F("received")) | undecided
    for line in lines.filter(wrong).select_related("rma", "line").iterator():
        yield Violation(
            6, f"return {line.rma}", f"{line.received} of {line.line.sku_code} came, {line.decided} decided"
        )


@check(13, "every return was reached by a legal transition")
def legal_histories():
    """Read the order's timeline: the first event that does not follow from the one before is at fault."""
    events = Event.objects.filter(name__in=STEPS, data__has_key="rma").order_by("subject", "sequence")
    for chunk in chunks(Return.objects.order_by("pk").iterator(AT_ONCE), AT_ONCE):
        yield from _illegal(chunk, events.filter(subject__in={f"order:{rma.order_id}" for rma in chunk}))


def _illegal(returns, events):
    """A Violation for each step of `events` that one of `returns` could not take."""
    rmas, last = {rma.pk: rma for rma in returns}, {}
    for name, data in events.values_list("name", "data"):
        pk, now = data["rma"], STEPS[name]
        if pk in rmas and pk in last and now not in Return.NEXT[last[pk]]:
            yield Violation(13, f"return {rmas[pk]}", f"went from {last[pk]} to {now}")
        last[pk] = now
    for rma in returns:
        if last.get(rma.pk) != rma.status:
            yield Violation(13, f"return {rma}", f"is {rma.status}, its timeline says {last.get(rma.pk)}")
