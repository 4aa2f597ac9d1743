"""What customers are told of their orders: one function a message, each returns it unsent, see oms/papers/base.py."""

from collections import Counter

from inventory.models import Sku
from orders.customer.choice import titles
from orders.customer.mail import event_of, write
from orders.customer.reader import reader_of
from orders.models import Order, Refund
from orders.models.worth import parts_of


def confirmation(object_id, message):
    """We have the order: what it is, what it costs, when it comes, what is missing."""
    return write("orders/emails/confirmation", _order(object_id))


def dated(object_id, message):
    """What is missing was ordered, or comes sooner: from now on there is a day, or a better one."""
    return write("orders/emails/dated", _order(object_id))


def delayed(object_id, message):
    """It comes later than promised, or we cannot say when."""
    return write("orders/emails/delayed", _order(object_id))


def shortage(object_id, message):
    """Pieces are missing: what he may choose by the link, until when, and what happens if he does not."""
    order = _order(object_id)
    until = reader_of(order, language=message.language).moment(order.shortage.answer_by)
    otherwise = titles()[order.channel.shortage_default]
    swaps = _swaps(order, event_of(message).data.get("substitutes", []))
    return write("orders/emails/shortage", order, until=until, otherwise=otherwise, swaps=swaps)


def restocked(object_id, message):
    """What was missing is there, and when it comes."""
    return write("orders/emails/restocked", _order(object_id))


def cancelled(object_id, message):
    """Nothing will be sent."""
    return write("orders/emails/cancelled", _order(object_id))


def lines_cancelled(object_id, message):
    """Some pieces will not be sent; the rest will."""
    order = _order(object_id)
    return write("orders/emails/lines_cancelled", order, gone=_cancelled(order, event_of(message).data["lines"]))


def refunded(object_id, message):
    """Money is on its way back; `object_id` is the refund's."""
    refund = Refund.objects.get(pk=object_id)
    order = _order(refund.order_id)
    amount = reader_of(order, language=message.language).money(refund.amount, order.currency)
    done = refund.entries.done()
    ways = {entry.payment.method for entry in done.select_related("payment")} - {""}
    return write(
        "orders/emails/refunded", order, amount=amount, methods=sorted(ways), is_by_hand=done.by_hand().exists()
    )


def fresh_link(object_id, message):
    """The link, for who lost it."""
    return write("orders/emails/fresh_link", _order(object_id))


def _order(pk):
    return Order.objects.select_related("channel__seller", "pickup_location").get(pk=pk)


def _swaps(order, rows):
    """Return [(pieces, what is in stock, what it stands in for)] of `rows` ([[line id, pieces, sku id]])."""
    lines = order.lines.in_bulk([line_id for line_id, _, _ in rows])
    names = dict(Sku.objects.filter(pk__in=[sku_id for _, _, sku_id in rows]).values_list("pk", "name"))
    return [(pieces, names[sku_id], lines[line_id].name) for line_id, pieces, sku_id in rows]


def _cancelled(order, pieces):
    """Return ["2 × Mug"] of `pieces` ({leaf line id: pieces}); the parts of whole kits are told as the kit."""
    lines = list(order.lines.all())
    gone = {line.pk: pieces.get(str(line.pk), 0) for line in lines}
    for kit, parts in parts_of(lines).items():
        gone[kit] = min(gone[part.pk] // part.per_kit for part in parts)
        for part in parts:
            gone[part.pk] -= gone[kit] * part.per_kit
    told = Counter()
    for line in lines:
        told[line.name] += gone[line.pk]
    return [f"{count} × {name}" for name, count in told.items() if count]
