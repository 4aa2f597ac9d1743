"""X12 997: which transactions of a group were read, and which not, with segment and element."""

from collections.abc import Sequence

from orders.channels.edi.envelope import Group
from orders.channels.edi.reader import Entry
from orders.channels.edi.segments import Fault

MOST_FAULTS = 20


def acknowledge(group: Group, entries: Sequence[Entry]) -> list[list[str]]:
    """Return the segments of the 997 of a group; a transaction is accepted (A) or rejected (R) as a whole."""
    rows, accepted = [["AK1", group.code, group.control]], 0
    for entry in entries:
        transaction = entry.transaction
        rows.append(["AK2", transaction.kind, transaction.control])
        faults = [one for one in transaction.problems if isinstance(one, Fault)]
        for fault in faults[:MOST_FAULTS]:
            place = fault.place - transaction.place + 1
            rows += [["AK3", fault.tag, str(place), "", "8"], ["AK4", str(fault.element), "", fault.code]]
        is_read = not transaction.problems and not group.problems
        accepted += is_read
        rows.append(["AK5", "A"] if is_read else ["AK5", "R", "5" if faults else "4"])
    count = str(len(entries))
    verdict = "A" if accepted == len(entries) else "P" if accepted else "R"
    return [*rows, ["AK9", verdict, count, count, str(accepted)]]
