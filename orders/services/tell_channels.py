"""Shops are told what they do not know yet: leased in one transaction, called with none open, recorded in another.

A shop is told by one process at a time. One that fails is left alone for longer each time, for LONGEST_DELAY at most,
and nothing is given up for it: what is newest is sent when it answers again.
"""

import logging
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from inventory.models import StockChange
from oms.lib.beside import Beside
from oms.lib.chunks import chunks
from oms.lib.commands import command
from oms.lib.errors import DomainError
from orders.channels.out import Letter, Piece
from orders.channels.shop import Shop, ShopError
from orders.channels.shops import shop_of
from orders.channels.tellers import TELLERS
from orders.models import ChannelMessage, ChannelOrder, ChannelStock, Connection
from orders.services.follow_stock import follow_changes
from orders.services.settle_message import settle_message
from orders.services.tell_order import letter_of

logger = logging.getLogger(__name__)

SHOPS = 16  # told at once by one process
MOST_PIECES, MOST_CALLS = 1000, 100  # in one go
MOST_LETTERS = 5  # in one go, so that stock that changes meanwhile does not wait for long
TIMEOUT_S = 10
LEASE = timedelta(minutes=5)  # longer than any go
FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(seconds=40)
MOST_REFUSALS = 1000  # counted
LONGEST_REFUSED = timedelta(hours=1)


@dataclass(frozen=True)
class Go:
    """What one shop is told in one go, ready to be done without the database."""

    connection_id: int
    number: int
    kind: str
    shop: Shop
    pieces: tuple[Piece, ...] = ()
    letters: tuple[tuple[int, Letter], ...] = ()  # (message's id, what it says)


@dataclass
class Outcome:
    """What came of a Go: which numbers it took, those refused with the reason, and why it ended early.

    `answers` are {message's id: the platform's id of what it made, or the ShopError} of those that were tried.
    """

    go: Go
    told: tuple[Piece, ...] = ()
    refused: dict[int, str] = field(default_factory=dict)
    answers: dict[int, str | ShopError] = field(default_factory=dict)
    error: ShopError | None = None


def is_due():
    """Take up stock that changed, and say whether a shop is to be told something."""
    if StockChange.objects.exists():
        follow_changes()
    return _due(timezone.now()).exists()


@command
def claim(room):
    """Lease at most `room` shops to the caller and return the Gos."""
    now = timezone.now()
    due = _due(now).select_for_update(skip_locked=True, of=("self",)).order_by("tell_number", "pk")
    return [go for connection in due[:room] if (go := _lease(connection, now))]


def make(go):
    """Tell a shop; returns the Outcome. Nothing is raised and no database asked.

    One that takes no stock hears of its orders all the same.
    """
    outcome = Outcome(go)
    for act in (_set_stock, _tell_letters):
        try:
            act(outcome, TELLERS[go.kind])
        except Exception as error:
            outcome.error = outcome.error or _as_shop_error(error)
    return outcome


def _set_stock(outcome, teller):
    for pieces in chunks(outcome.go.pieces, teller.at_once):
        outcome.refused |= teller.set_stock(outcome.go.shop, pieces)
        outcome.told += tuple(pieces)


def _tell_letters(outcome, teller):
    for pk, letter in outcome.go.letters:
        _tell(outcome, teller, pk, letter)


def _tell(outcome, teller, pk, letter):
    """Tell one thing, and note what is answered; raises the ShopError that keeps all others waiting too."""
    try:
        outcome.answers[pk] = teller.tell(outcome.go.shop, letter)
    except Exception as error:
        outcome.answers[pk] = said = _as_shop_error(error)
        if said.retry:
            raise said from error


def _as_shop_error(error):
    """Return any error as a ShopError: an answer that nobody foresaw must not end the telling of the others."""
    if isinstance(error, ShopError):
        return error
    logger.error("A shop's answer could not be read.", exc_info=error)
    return ShopError(f"{type(error).__name__}: {error}")


def record(outcomes):
    """Record what came of Gos."""
    for outcome in outcomes:
        _record(outcome)


SENDER = Beside("channels", at_once=SHOPS, is_due=is_due, claim=claim, make=make, record=record)


def _due(now):
    stale = ChannelStock.objects.due(now).filter(connection=OuterRef("pk"))
    messages = ChannelMessage.objects.due(now).filter(connection=OuterRef("pk"))
    what = Q(Exists(stale), writes_stock=True) | Q(Exists(messages), tells_orders=True)
    return Connection.objects.to_tell(now).filter(what, kind__in=TELLERS)


def _lease(connection, now):
    """Return the Go of a locked connection; None where its key cannot be read, which then stands at it."""
    try:
        shop = shop_of(connection, timeout_s=TIMEOUT_S)
    except DomainError as error:
        changes = {"tell_error": error.message[:300], "tell_after": now + LONGEST_DELAY}
        Connection.objects.filter(pk=connection.pk).update(**changes)
        return None
    connection.tell_number, connection.tell_until = connection.tell_number + 1, now + LEASE
    connection.save(update_fields=["tell_number", "tell_until"])
    pieces = _pieces(connection, now) if connection.writes_stock else ()
    letters = _letters(connection, now) if connection.tells_orders else ()
    return Go(connection.pk, connection.tell_number, connection.kind, shop, pieces, letters)


def _pieces(connection, now):
    most = min(MOST_PIECES, MOST_CALLS * TELLERS[connection.kind].at_once)
    rows = connection.stock.due(now).order_by(F("stale_since").asc(nulls_last=True), "pk")[:most]
    return tuple(
        Piece(row.pk, row.revision, row.item_id, row.parent_id, row.place_id, max(row.wanted, 0)) for row in rows
    )


def _letters(connection, now):
    """Return what messages say that are due, those that waited longest first, and count the try."""
    due = connection.messages.due(now).select_related("record__order", "connection", "refund")
    messages = list(due.order_by("next_attempt_at", "pk")[:MOST_LETTERS])
    ChannelMessage.objects.filter(pk__in=[row.pk for row in messages]).update(attempts=F("attempts") + 1)
    return tuple((message.pk, letter_of(message)) for message in messages)


@command
def _record(outcome):
    connection = Connection.objects.select_for_update(of=("self",)).filter(pk=outcome.go.connection_id).first()
    if connection is None or connection.tell_number != outcome.go.number:
        return  # it was gone for longer than its lease: another has told the same, and newer
    now = timezone.now()
    _record_pieces(outcome, now)
    _record_answers(outcome, now)
    connection.tell_until = None
    if outcome.error:
        connection.tell_failures = min(connection.tell_failures + 1, 1000)
        connection.tell_after = now + (outcome.error.wait or delay(connection.tell_failures))
        connection.tell_error = str(outcome.error)
    else:
        connection.tell_failures, connection.tell_after, connection.tell_error = 0, None, ""
        connection.told_at = now
    connection.save(update_fields=["tell_until", "tell_failures", "tell_after", "tell_error", "told_at"])


def delay(failures, *, longest=LONGEST_DELAY):
    """Return how long a shop, or a number that it refused, is left alone after so many failures in a row."""
    return min(FIRST_DELAY * 2 ** min(failures - 1, 12), longest)


def _record_pieces(outcome, now):
    """Note what was told; of rows that changed meanwhile the newer number is still to be.

    A number that was refused is told again: the shop may sell what is gone.
    """
    sent = {piece.key: piece for piece in outcome.told}
    rows = ChannelStock.objects.filter(pk__in=sent).order_by("pk").select_for_update(of=("self",))
    newest, older = [], []
    for row in rows:
        (newest if row.revision == sent[row.pk].revision else older).append(row)
    taken = [row.pk for row in newest if row.pk not in outcome.refused]
    ChannelStock.objects.filter(pk__in=taken).update(
        told=F("wanted"),
        told_revision=F("revision"),
        told_at=now,
        stale_since=None,
        error="",
        refusals=0,
        tell_after=None,
    )
    for row in newest:
        if row.pk in outcome.refused:
            row.told_revision, row.stale_since, row.error = row.revision, None, outcome.refused[row.pk]
            row.refusals = min(row.refusals + 1, MOST_REFUSALS)
            row.tell_after = now + delay(row.refusals, longest=LONGEST_REFUSED)
            row.save(update_fields=["told_revision", "stale_since", "error", "refusals", "tell_after"])
    for row in older:
        if row.pk not in outcome.refused:
            row.told, row.told_revision, row.told_at = sent[row.pk].pieces, sent[row.pk].revision, now
            row.save(update_fields=["told", "told_revision", "told_at"])


def _record_answers(outcome, now):
    """Note what was answered to messages; the records of their orders are locked first, as documents do."""
    messages = ChannelMessage.objects.filter(pk__in=outcome.answers).select_related("record", "refund")
    records = {message.record_id for message in messages}
    list(ChannelOrder.objects.filter(pk__in=records).order_by("pk").select_for_update(of=("self",)))
    for message in messages.order_by("pk").select_for_update(of=("self",)):
        answer = outcome.answers[message.pk]
        if isinstance(answer, str):
            settle_message(message, answer)
        elif message.status != ChannelMessage.Status.PENDING:
            continue
        elif answer.retry:
            message.error, message.next_attempt_at = str(answer), now + delay(message.attempts)
            message.save(update_fields=["error", "next_attempt_at"])
        else:
            message.move_to(ChannelMessage.Status.REFUSED, error=str(answer))
