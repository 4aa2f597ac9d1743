"""What the customer of an order with missing pieces may choose just now, as his page says it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from orders.customer.choice import titles
from orders.models import ShortageQuestion
from orders.services import shortage

Answer = ShortageQuestion.Answer


@dataclass(frozen=True)
class Choice:
    """`options` is [(value, title, what it means)], empty when all is decided; `until` and `otherwise` in words."""

    options: list
    until: str
    otherwise: str
    answer: str
    is_open: bool


def choice_of(order, reader):
    """Return the Choice of `order` in the active language, or None where nothing was asked."""
    question = shortage.question_of(order)
    if question is None:
        return None
    may_choose = question.is_open or question.answer == Answer.WAIT
    offered = shortage.offers(order) if may_choose else {}
    names, meanings = titles(), _meanings()
    default = order.channel.shortage_default
    return Choice(
        options=[(answer, names[answer], _meaning(meanings[answer], rows)) for answer, rows in offered.items()],
        until=reader.moment(question.answer_by),
        otherwise=names[default if default in offered else Answer.WAIT],
        answer=names.get(question.answer, ""),
        is_open=question.is_open,
    )


def _meaning(words, rows):
    pieces = ", ".join(f"{count} × {line.name}" + (f" → {sku.name}" if sku else "") for line, count, sku in rows)
    return f"{words} ({pieces})"


def _meanings():
    return {
        Answer.SPLIT: _("What is missing follows as soon as it arrives, at no extra cost."),
        Answer.WAIT: _("We send everything together once it is complete."),
        Answer.SUBSTITUTE: _("It is in stock and costs you no more."),
        Answer.CANCEL: _("We send the rest; if you have paid, that money comes back to you."),
    }
