"""What carriers answer as a tree, whose errors are the carrier's."""

from datetime import UTC, datetime, tzinfo
from typing import NoReturn

from fulfilment.carriers.base import CarrierError
from oms.lib import tree
from oms.lib.errors import Invalid
from oms.lib.tree import MOST_BYTES

__all__ = ["MOST_BYTES", "Node", "read_tree", "refuse", "when"]


def refuse(path: str, reason: str) -> NoReturn:
    """Raise the CarrierError that says what is wrong with which field."""
    raise CarrierError(f"{path or 'The body'} {reason}.", retry=False)


class Node(tree.Node):
    """A value of an answer; raises CarrierError."""

    def refuse(self, reason: str) -> NoReturn:
        refuse(self.path, reason)

    def when(self, *names: str, zone: tzinfo = UTC) -> datetime | None:
        """Return a moment in UTC, or None where none is said; one without an offset is read in `zone`."""
        return when(self.text(*names), zone=zone)


def read_tree(body: bytes) -> Node:
    """Return the tree of a body; raises CarrierError when it is neither JSON nor XML, or more than we take."""
    try:
        return Node(tree.parse_tree(body), "")
    except Invalid as error:
        raise CarrierError(error.message, retry=False) from None


def when(said: str, *, form: str = "", zone: tzinfo = UTC) -> datetime | None:
    """Return the moment that a text says, as ISO 8601 or in `form`, in UTC; None where it says none."""
    return tree.parse_moment(said, form=form, zone=zone)
