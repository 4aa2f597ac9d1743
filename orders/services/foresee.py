"""What an action would do, in money, stock and e-mails, before anybody presses the button. Reads only."""

from collections import Counter

from django.db.models import Sum

from oms.lib.money import show
from orders.models import Allocation, Hold, Order, OrderCharge, OrderLine, Payment
from orders.models.worth import total, worths
from orders.services.due import sold

Status = Allocation.Status


def cancelling(orders):
    """Return sentences on what cancelling all that is open of `orders` means; four statements."""
    open_ = [order for order in orders if order.is_open or order.status == Order.Status.DRAFT]
    lines, charges = (_by_order(model, open_) for model in (OrderLine, OrderCharge))
    value = Counter()
    for order in open_:
        value[order.currency] += _open_worth(order, lines.get(order.pk, []), charges.get(order.pk, []))
    said = [f"{_amounts(value)} need not be paid any more."] if open_ else []
    return [*said, *_skipped(orders, open_, "closed or cancelled"), *_money(open_), *_stock(open_), _mails(open_)]


def holding(orders):
    """Return sentences on what putting `orders` on hold means."""
    open_ = [order for order in orders if order.is_open]
    said = [f"{_orders(len(open_))} will not move until somebody releases them.", "No stock and no money moves."]
    return [*said, *_skipped(orders, open_, "not open"), "No e-mail is sent."]


def releasing(orders):
    """Return sentences on what lifting all holds of `orders` means."""
    kinds = Counter(Hold.objects.active().filter(order__in=orders).order_by().values_list("kind", flat=True))
    said = [f"{count} × {Hold.Kind(kind).label.lower()} hold is lifted." for kind, count in sorted(kinds.items())]
    held = [order for order in orders if order.is_held]
    return [*said, *_skipped(orders, held, "not on hold"), "Paid orders go on to the warehouse. No e-mail is sent."]


def marking(orders):
    """Return sentences on what a tag or a priority means."""
    return [f"{_orders(len(orders))} marked.", "No money, no stock, no e-mail."]


def _open_worth(order, lines, charges):
    """Return what the customer need not pay any more when all that is open is cancelled."""
    kept = total(worth for _, worth in worths(lines, lambda line: line.shipped, currency=order.currency))
    if any(line.shipped for line in lines):
        kept += total(charges)
    return sold(order, lines, charges) - kept.gross


def _by_order(model, orders):
    rows = {}
    for row in model.objects.filter(order__in=orders):
        rows.setdefault(row.order_id, []).append(row)
    return rows


def _money(orders):
    sums = Payment.objects.filter(order__in=orders).order_by().values_list("order__currency")
    captured, promised = Counter(), Counter()
    rows = sums.annotate(Sum("captured"), Sum("refunded"), Sum("authorised"), Sum("voided"))
    for currency, taken, refunded, authorised, voided in rows:
        captured[currency] += taken - refunded
        promised[currency] += authorised - taken - voided
    said = []
    if any(captured.values()):
        said.append(f"Up to {_amounts(captured)} that customers paid goes back to them.")
    if any(promised.values()):
        said.append(f"{_amounts(promised)} of authorised payments are released.")
    return said or ["Nothing was paid: no money moves."]


def _stock(orders):
    rows = Allocation.objects.open().filter(order__in=orders).order_by().values_list("status")
    found = dict(rows.annotate(Sum("quantity")))
    free = found.get(Status.RESERVED, 0)
    asked = found.get(Status.ON_FLOOR, 0) + found.get(Status.PICKED, 0)
    pieces = "piece" if free == 1 else "pieces"
    said = [f"{free} reserved {pieces} can be sold to others at once."] if free else []
    if asked:
        pieces = "piece is" if asked == 1 else "pieces are"
        said.append(f"{asked} {pieces} on the floor: the warehouse is asked, and what has left stays sold.")
    return said or ["No stock is reserved."]


def _mails(orders):
    told = sum(1 for order in orders if order.email and not order.channel.is_muted and order.placed_at)
    return {0: "No customer gets an e-mail.", 1: "The customer gets an e-mail."}.get(
        told, f"{told} customers get an e-mail."
    )


def _skipped(orders, done, why):
    rest = len(orders) - len(done)
    if rest == 1:
        return [f"1 order is {why} and stays as it is."]
    return [f"{rest} orders are {why} and stay as they are."] if rest else []


def _orders(count):
    return "1 order" if count == 1 else f"{count} orders"


def _amounts(by_currency):
    return " + ".join(show(amount, currency) for currency, amount in sorted(by_currency.items()) if amount) or "0"
