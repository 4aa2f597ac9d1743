"""Files of trading partners: X12 850 and EDIFACT ORDERS become orders, whatever else is in them is named."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from oms.lib.errors import Invalid
from orders.channels.base import Document, Other, Refused
from orders.channels.edi import orders, x850
from orders.channels.edi.envelope import EDIFACT, X12, Interchange, Transaction, interchanges
from orders.channels.edi.purchase import Purchase, incoming
from orders.channels.reading import MOST_PROBLEMS

PURCHASES: dict[tuple[str, str], Callable[..., Purchase]] = {
    (X12, "850"): x850.purchase,
    (EDIFACT, "ORDERS"): orders.purchase,
}
ACKNOWLEDGES = ("997", "999", "CONTRL")
OURS = ("855", "856", "810", "ORDRSP", "DESADV", "INVOIC")


@dataclass(frozen=True)
class Entry:
    """A transaction, the purchase order that it is (None: another kind), and what it becomes."""

    interchange: Interchange
    transaction: Transaction
    purchase: Purchase | None
    document: Document


def read(body: bytes) -> list[Document]:
    """Return what the transactions of a file become, one each; what cannot be read at all is one Refused."""
    try:
        found = entries_of(body)
    except Invalid as error:
        return [Refused(error.message, Other(about=""))]
    documents = [entry.document for entry in found]
    problems = [] if documents else [problem for one in interchanges(body) for problem in one.problems]
    return documents or [Refused(in_words(problems) or "The file holds no transaction.", Other(about=""))]


def purchase_of(body: bytes, part: int) -> Purchase | None:
    """Return the purchase order that document `part` of a file is, None where it is none."""
    found = entries_of(body)
    return found[part].purchase if part < len(found) else None


@lru_cache(maxsize=2)
def entries_of(body: bytes) -> tuple[Entry, ...]:
    """Return what the transactions of a file are; kept, for each of them asks for all. Raises Invalid."""
    return tuple(entry for one in interchanges(body) for entry in entries(one))


def entries(interchange: Interchange) -> list[Entry]:
    """Return what the transactions of an interchange are; where its envelope does not hold, all are refused."""
    found = []
    for group in interchange.groups:
        for transaction in group.transactions:
            purchase, document = _read(interchange, transaction)
            problems = [*interchange.problems, *group.problems, *transaction.problems]
            if problems:
                read = document.read if isinstance(document, Refused) else document
                document = Refused(in_words(problems), read)
            found.append(Entry(interchange, transaction, purchase, document))
    return found


def _read(interchange: Interchange, transaction: Transaction) -> tuple[Purchase | None, Document]:
    kind = transaction.kind
    maker = PURCHASES.get((interchange.syntax, kind))
    if maker:
        purchase = maker(transaction, is_test=interchange.is_test)
        return purchase, incoming(purchase)
    if kind in ACKNOWLEDGES:
        return None, Other(about=f"An acknowledgement ({kind}) of what we sent", external_id="")
    if kind in OURS:
        return None, Other(about=f"A document that sellers send ({kind})")
    known = "850" if interchange.syntax == X12 else "ORDERS"
    return None, Refused(f"A transaction {kind[:10]!r} is not read here: {known} is.", Other(about=""))


def in_words(problems: list[str]) -> str:
    """Return the first problems, each once, as a reason."""
    return " ".join(list(dict.fromkeys(problems))[:MOST_PROBLEMS])
