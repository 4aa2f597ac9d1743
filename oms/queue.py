"""Work that waits, as a tile of somebody's home page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

# Beyond it nobody counts: "500+" says that it is far too many.
MOST_COUNTED = 500


@dataclass(frozen=True)
class Queue:
    """Work that waits: `rows()` are its rows, `link` opens them; `tone` colours a count above zero."""

    title: str
    hint: str
    rows: Callable
    link: str
    query: str = ""
    permission: str = "orders.view_order"
    tone: str = "busy"

    def tile(self):
        """Return what the home page shows of it; one statement, which stops at its bound."""
        count = self.rows().order_by()[: MOST_COUNTED + 1].count()
        return {
            "title": self.title,
            "hint": self.hint,
            "count": f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count),
            "tone": self.tone if count else "quiet",
            "url": reverse(self.link) + (f"?{self.query}" if self.query else ""),
        }
