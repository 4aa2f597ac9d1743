"""What a partner without an API sent, from a table: each fulfilment order is shipped as its rows say, or not at all."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services.direct import ParcelIn, ship_reported
from oms.lib import cells
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid
from orders.models import Order

Status = FulfilmentOrder.Status
REQUIRED = ("tracking_number",)
KNOWN = ("work", "order", "sku", "quantity", "carrier", "tracking_number")
MOST_ROWS = 500  # they are shipped while somebody waits
MOST_PIECES = 100_000
NOT_SENT = "has no tracking number: not sent yet"


@dataclass(frozen=True)
class Reported:
    """That `quantity` pieces of a SKU left under a tracking number; None and "": all that is to leave."""

    line: int
    name: str  # of the work, as the row has it: F12, or the number of its order
    sku: str
    quantity: int | None
    carrier: str
    tracking_number: str


def take(reader, location, *, actor, dry_run=False):
    """Ship what the rows of `reader` (oms.lib.csv.Reader) report of `location`'s work.

    Returns [[line, outcome, work and SKU, why]], in the order of the file; the outcomes are refused,
    created (it leaves) and unchanged (it left before, or has no number yet). Each fulfilment order is a
    transaction of its own: one bad row refuses all rows of its work. `dry_run` takes each back.
    """
    told, groups = [], defaultdict(list)
    for number, (line, row_cells, problem) in enumerate(reader, start=1):
        if number > MOST_ROWS:
            raise Invalid(f"More than {MOST_ROWS} rows: split the file.", field="file")
        name = row_cells.get("work") or row_cells.get("order", "")
        try:
            groups[_work_of(name, row_cells, location)].append((line, name, row_cells, problem))
        except DomainError as error:
            told.append([line, "refused", name[:40], error.message])
    for pk, rows in groups.items():
        outcome, why = _tried(pk, rows, actor=actor, dry_run=dry_run)
        told += [[line, outcome, f"{name} {row.get('sku', '')}"[:60].strip(), why] for line, name, row, _ in rows]
    return sorted(told)


def _tried(pk, rows, *, actor, dry_run):
    """Return (outcome, why) of the rows of one fulfilment order."""
    try:
        return (_rehearse if dry_run else _ship)(pk, rows, actor=actor)
    except DomainError as error:
        return "refused", error.message


@command
def _rehearse(pk, rows, *, actor):
    """Do what `_ship` does, and take it back."""
    with transaction.atomic():
        outcome = _ship(pk, rows, actor=actor)
        transaction.set_rollback(True)
    return outcome


def _ship(pk, rows, *, actor):
    work = FulfilmentOrder.objects.select_related("location").get(pk=pk)
    reported = [_read(*row) for row in rows]
    numbers = {row.tracking_number for row in reported}
    if numbers == {""}:
        return "unchanged", f"{work} {NOT_SENT}."
    left = set(work.parcels.gone().values_list("tracking_number", flat=True))
    if work.status in (Status.SHIPPED, Status.CLOSED):
        if numbers - left - {""}:
            raise Invalid(f"{work} has left before, as {', '.join(sorted(left - {''})) or 'a parcel without number'}.")
        return "unchanged", f"{work} left before."
    parcels = ship_reported(pk, _parcels(work, reported), actor=actor)
    return "created", f"{len(parcels)} parcel{'s' if len(parcels) > 1 else ''} of {work}"


def _read(line, name, row, problem):
    """Return the row as Reported; raises Invalid, naming the line."""
    try:
        if problem:
            raise Invalid(problem)
        quantity = row.get("quantity", "")
        return Reported(
            line=line,
            name=name,
            sku=cells.text(row.get("sku", ""), "sku", max_length=40).upper(),
            quantity=cells.whole(quantity, "quantity", most=MOST_PIECES) if quantity else None,
            carrier=cells.text(row.get("carrier", ""), "carrier", max_length=40),
            tracking_number=cells.text(row["tracking_number"], "tracking_number", max_length=60),
        )
    except Invalid as error:
        raise Invalid(f"Row {line}: {error.message}") from None


def _parcels(work, reported):
    """Return [ParcelIn], one for each carrier and tracking number; raises Invalid, naming the line."""
    left = {line: line.wanted - line.packed for line in work.lines.in_work().select_related("sku").order_by("pk")}
    parcels = defaultdict(dict)
    for row in reported:
        if not row.tracking_number and row.quantity != 0:
            raise Invalid(f"Row {row.line} {NOT_SENT}. Write 0 as its quantity to send it later.")
        if not row.sku and len(reported) > 1:
            raise Invalid(f"Row {row.line}: {work} has more than one row, so each must name its SKU.")
        pieces = parcels[row.carrier, row.tracking_number] if row.quantity != 0 else {}
        for line, n in _spread(row, left).items():
            pieces[line.pk] = pieces.get(line.pk, 0) + n
            left[line] -= n
    return [ParcelIn(pieces, carrier=carrier, tracking_number=number) for (carrier, number), pieces in parcels.items()]


def _spread(row, left):
    """Return {line: pieces} of what a row means, out of `left` ({line: pieces})."""
    lines = {line: n for line, n in left.items() if row.sku in ("", line.sku.code.upper())}
    if not lines:
        raise Invalid(f"Row {row.line}: no {row.sku} is to leave.")
    if not row.sku and row.quantity is not None and len(lines) > 1:
        raise Invalid(f"Row {row.line}: name the SKU of which so many left.")
    wanted = sum(lines.values()) if row.quantity is None else row.quantity
    if wanted > sum(lines.values()):
        raise Invalid(f"Row {row.line}: only {sum(lines.values())} of {row.sku or 'it'} are to leave, not {wanted}.")
    taken = {}
    for line, n in lines.items():
        taken[line] = min(n, wanted)
        wanted -= taken[line]
    return {line: n for line, n in taken.items() if n}


def _work_of(name, row, location):
    """Return the pk of the work of `location` that a row means, by F12 or by the number of the order.

    A tracking number that left for that order names the work it left with: a file may come twice.
    """
    works = FulfilmentOrder.objects.filter(location=location).exclude(status__in=[Status.CANCELLED, Status.REJECTED])
    if not name:
        raise Invalid("Name the work (F12), or the order.")
    if name[:1] in "Ff":
        digits = name[1:]
        found = works.filter(pk=digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else works.none()
    else:
        found = works.filter(order__in=Order.objects.numbered(name))
        sent = Parcel.objects.gone().filter(fulfilment_order__in=found, tracking_number=row["tracking_number"])
        known = sent.exclude(tracking_number="").values_list("fulfilment_order", flat=True).first()
        if known:
            return known
    pks = list(found.order_by("pk").values_list("pk", "status"))
    open_ = [pk for pk, status in pks if status in FulfilmentOrder.UNDER_WAY]
    if len(open_) > 1:
        raise Invalid(f"{', '.join(f'F{pk}' for pk in open_)} are of order {name}: write which.")
    if not pks:
        raise Invalid(f"{location} has no work {name[:20]}.")
    return open_[0] if open_ else pks[-1][0]
