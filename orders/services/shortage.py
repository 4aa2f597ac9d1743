"""When pieces of an order are missing: its customer is asked what shall become of it, and his answer carried out.

Only in channels that give him hours to answer. Until he does, and while he waits for all, a STOCK hold
keeps back what is there; after the deadline the channel's default counts.
"""

import logging
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from math import ceil

from django.utils import timezone

from inventory.services.availability import available
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from orders.models import Allocation, Hold, Order, ShortageQuestion, Substitute
from orders.services import cancel, change, states
from orders.services.eligible import eligible
from orders.services.holds import release
from orders.services.place_hold import place_on

logger = logging.getLogger(__name__)

OPEN = (Order.Status.PLACED, Order.Status.CONFIRMED)
Answer = ShortageQuestion.Answer
ASKED = "Pieces are missing: the customer is asked what to do."
WAITS = "The customer waits until all of it is there."


@command
def ask(order_id, *, actor="system"):
    """Ask the customer of an order with missing pieces, once; returns the ShortageQuestion, or None.

    Nobody is asked where the channel gives no time for it, where nothing is missing, or where the
    floor has begun. A second call returns what was asked.
    """
    order = Order.objects.lock(order_id)
    known = question_of(order)
    if known or not order.channel.shortage_hours or not change.is_changeable(order) or not _missing_rows(order):
        return known
    until = timezone.now() + timedelta(hours=order.channel.shortage_hours)
    question = ShortageQuestion.objects.create(order=order, answer_by=until)
    place_on(order, Hold.Kind.STOCK, ASKED, actor=actor)
    swaps = [[line.pk, pieces, sku.pk] for line, pieces, sku in offers(order).get(Answer.SUBSTITUTE, [])]
    order.publish("order.shortage_asked", actor=actor, substitutes=swaps)
    states.refresh(order)
    return question


@command
def answer(order_id, chosen, *, actor):
    """Carry out what the customer, or CS for him, chose, and return the question.

    The same answer again changes nothing, and who waits may still change his mind. Raises Invalid for what
    is not among `offers`, InvalidTransition where nobody is asked or it was answered.
    """
    order = Order.objects.lock(order_id)
    question = question_of(order)
    if question is None:
        raise InvalidTransition(f"Nothing is asked about order {order}: no choice is open.", field="answer")
    if chosen and question.answer == chosen:
        return question
    if question.answer not in ("", Answer.WAIT) or not order.is_open:
        raise InvalidTransition(f"Order {order}: that was decided already.", field="answer")
    if chosen not in offers(order):
        raise Invalid(f"Choose one of {', '.join(offers(order)) or 'nothing: no piece is missing'}.", field="answer")
    _note(question, chosen, actor)
    order.publish("order.shortage_answered", actor=actor, answer=chosen)
    if chosen == Answer.CANCEL:
        cancel.cancel(order_id, lines=missing_lines(order), reason="not available", actor=actor)
    elif chosen == Answer.SUBSTITUTE:
        change.change(order_id, _swap(order), actor=actor)
    _hold(order_id, WAITS if chosen == Answer.WAIT else None, actor)
    return question


@command
def settle(order_id, *, actor="system"):
    """Let an order go on of which no piece is missing any more, whether anybody answered or not."""
    order = Order.objects.lock(order_id)
    question = question_of(order)
    if question is None or (order.is_open and _missing_rows(order)):
        return
    if question.is_open:
        _note(question, Answer.WAIT if order.is_open else Answer.CANCEL, actor)
    _hold(order_id, None, actor)


def decide_due():
    """Carry out the channels' defaults where nobody answered in time; run by the schedule."""
    due = ShortageQuestion.objects.filter(answer="", answer_by__lte=timezone.now(), order__status__in=OPEN)
    for order in Order.objects.filter(shortage__in=due).select_related("channel").order_by("pk")[:500]:
        chosen = order.channel.shortage_default
        try:
            settle(order.pk)
            if choices := offers(order):
                answer(order.pk, chosen if chosen in choices else Answer.WAIT, actor="system")
        except DomainError as error:
            logger.warning("Order %s: its shortage is undecided: %s", order, error.message)


def question_of(order):
    return ShortageQuestion.objects.filter(order=order).first()


def offers(order):
    """Return {answer: what it concerns, as [(line, pieces, substitute or None)]} of what may be chosen now."""
    rows = _missing_rows(order)
    if not rows or not order.is_open:
        return {}
    lines = {line.pk: line for line in order.lines.all()}
    missing = [(lines[pk], pieces, None) for pk, pieces in missing_lines(order).items()]
    found = {Answer.WAIT: missing, Answer.CANCEL: missing}
    if Allocation.objects.reserving().filter(order=order).exists():
        found = {Answer.SPLIT: missing} | found
    swaps = substitutes(order, missing)
    if swaps:
        found[Answer.SUBSTITUTE] = swaps
    return found


def missing_lines(order):
    """Return {priced line id: missing pieces}; of a kit, the kits that its missing parts spoil."""
    missing = Counter()
    for row in _missing_rows(order):
        missing[row.line] += row.quantity
    found = {}
    for line, pieces in missing.items():
        if line.is_part:
            found[line.parent_id] = max(found.get(line.parent_id, 0), ceil(pieces / line.per_kit))
        else:
            found[line.pk] = pieces
    return found


def substitutes(order, missing):
    """Return [(line, pieces, Sku)]: for all that is `missing` something else that is in stock; [] where it is not."""
    skus = {line.sku_id for line, _, _ in missing}
    rows = Substitute.objects.filter(sku__in=skus, substitute__is_active=True).select_related("substitute")
    known = {}
    for row in rows.order_by("rank", "pk"):
        known.setdefault(row.sku_id, []).append(row.substitute)
    places = eligible(order).places
    left = Counter()
    for (sku_id, _), pieces in available([sku.pk for skus in known.values() for sku in skus], locations=places).items():
        left[sku_id] += max(0, pieces - order.channel.buffer)
    found = []
    for line, pieces, _ in missing:
        sku = next((sku for sku in known.get(line.sku_id, []) if left[sku.pk] >= pieces), None)
        if sku is None or line.kind == "kit":
            return []
        left[sku.pk] -= pieces
        found.append((line, pieces, sku))
    return found


def _swap(order):
    """Return the operations that put substitutes in the place of what is missing, at what that costs."""
    swaps = offers(order)[Answer.SUBSTITUTE]
    fewer = {str(line.pk): line.quantity - line.cancelled - pieces for line, pieces, _ in swaps}
    added = [{"sku": sku.code, "quantity": pieces, "unit_price": str(_price(line))} for line, pieces, sku in swaps]
    return {"quantities": fewer, "add": added}


def _price(line):
    """Return what a piece of the line costs after its discount: nobody pays more for a substitute."""
    return (line.unit_price - line.discount / line.quantity).quantize(Decimal("0.0001"))


def _missing_rows(order):
    return list(Allocation.objects.missing().filter(order=order).select_related("line").order_by("pk"))


def _note(question, chosen, actor):
    question.answer, question.answered_at, question.answered_by = chosen, timezone.now(), actor
    question.save()


def _hold(order_id, reason, actor):
    """Keep the order's STOCK hold for `reason`, or lift it for None."""
    hold = Hold.objects.active().filter(order=order_id, kind=Hold.Kind.STOCK).first()
    if hold and reason:
        Hold.objects.filter(pk=hold.pk).update(reason=reason)
    elif hold:
        release(order_id, hold.pk, note="the shortage is settled", actor=actor)
