"""Work that waits, as a tile of somebody's home page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.urls import reverse

# Beyond it nobody counts: "500+" says that it is far too many.
MOST_COUNTED = 500


@dataclass(frozen=True)
class Queue:
    """Work that waits: `rows()` are its rows, `link` opens them; `tone` colours a count above zero.

    `place` is the way from a row to its location, where the page behind `link` shows one location's.
    """

    title: str
    hint: str
    rows: Callable
    link: str
    query: str = ""
    permission: str = "orders.view_order"
    tone: str = "busy"
    place: str = ""


def tiles(queues, place=None):
    """Return what the home page shows of each of `queues`, of `place` alone where its page does so.

    One statement counts them all, each up to its bound.
    """
    return [_tile(queue, count) for queue, count in zip(queues, _counts(queues, place), strict=True)]


def _counts(queues, place):
    parts, parameters = [], []
    for queue in queues:
        rows = queue.rows().filter(**{queue.place: place}) if place and queue.place else queue.rows()
        try:
            sql, own = rows.order_by().values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, own = "SELECT 1 WHERE 1 = 0", ()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) waiting)")
        parameters += own
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return cursor.fetchone()


def _tile(queue, count):
    return {
        "title": queue.title,
        "hint": queue.hint,
        "count": f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count),
        "tone": queue.tone if count else "quiet",
        "url": reverse(queue.link) + (f"?{queue.query}" if queue.query else ""),
    }
