"""A parcel that its carrier lost: given up, its goods sent again or paid back, and claimed from the carrier."""

from django.db.models import Sum, TextChoices

from fulfilment.documents.contents import contents
from fulfilment.services.file_claim import file_claim
from fulfilment.services.settle_case import settle
from oms.lib.commands import command
from oms.lib.errors import DomainError
from orders.models import Order, RefundLine
from orders.models.worth import worth_of
from orders.services import refund
from orders.services.intake import LineIn, OrderIn
from orders.services.note import write_note
from orders.services.place import place
from orders.services.refund import RefundLineIn
from orders.services.refund_caps import caps_of

Kind = RefundLine.Kind


class Remedy(TextChoices):
    """What the customer gets for goods that were lost or damaged."""

    RESEND = "resend", "Send the goods again, free of charge"
    REFUND = "refund", "Pay the goods back"


@command
def give_up(case_id, *, note, remedy="", claimed=None, reference="", actor):
    """Close an open case as lost, and make it good by a Remedy ("": later, on the order's page); return the ParcelCase.

    RESEND places a linked order that costs nothing, its stock reserved; REFUND asks for a refund, which waits for a
    second person above the channel's limit. `claimed` is asked of the carrier. Raises what `settle`, `place`
    and `refund.request` raise: then the case stays open.
    """
    case = settle(case_id, note=note, is_lost=True, actor=actor)
    goods = contents(case.parcel)
    return make_good(case, goods, remedy=remedy, claimed=claimed, reference=reference, actor=actor)


def make_good(case, goods, *, remedy, claimed, reference, actor):
    """Do by a Remedy what a ParcelCase that is lost or damaged wants for its `goods` [Article]; return it."""
    if claimed:
        file_claim(case.pk, amount=claimed, reference=reference, actor=actor)
    if remedy == Remedy.RESEND:
        case.replacement = _resend(case, goods, actor=actor)
    elif remedy == Remedy.REFUND:
        case.refund = _refund(case, goods, actor=actor)
    case.save(update_fields=["replacement", "refund"])
    return case


def _resend(case, goods, *, actor):
    """Place an order of `goods`, once, and return it; its note says what it is for."""
    parcel, order = case.parcel, case.parcel.order
    lines = [
        LineIn(row.sku.code, row.quantity, unit_price=0, name=row.line.name, personalisation=row.line.personalisation)
        for row in goods
    ]
    found = place(
        OrderIn(
            channel=order.channel,
            external_id=f"{case.outcome}-{parcel}",
            lines=lines,
            email=order.email,
            phone=order.phone,
            vat_id=order.vat_id,
            account=(order.customer.account or "") if order.customer else "",
            ship_to=order.ship_to,
            bill_to=order.bill_to,
            locale=order.locale,
            method=order.method,
            priority=Order.Priority.HIGH,  # the customer waits for the second time
            purchase_order=order.purchase_order,
            gift_message=order.gift_message,
        ),
        actor=actor,
    )
    text = f"Sent again for parcel {parcel} of order {order}, which was {case.outcome}."
    write_note(found.pk, text, actor=actor)
    return found


def _refund(case, goods, *, actor):
    parcel, lines = case.parcel, refund_lines(case.parcel.order, goods)
    if not lines:
        raise DomainError("Nothing of this parcel can be refunded: it was not paid, or is refunded.", field="remedy")
    reason, key = f"Parcel {parcel} was {case.outcome}", f"{case.outcome}:{parcel.pk}"
    options = {"wants_credit_note": True, "lowers_due": True}
    return refund.request(parcel.order_id, lines=lines, reason=reason, actor=actor, key=key, **options)


def refund_lines(order, goods):
    """Return [RefundLineIn] of `goods` [Article] of an order, as far as they can be refunded.

    The shipping is among them where no piece of the order is left that was not refunded.
    """
    lines, caps, refunded = [], caps_of(order), _refunded(order)
    for row in goods:
        done = refunded.get(row.line.pk, 0)
        refunded[row.line.pk] = done + row.quantity
        upto = min(done + row.quantity, row.line.quantity)
        worth = worth_of(row.line, upto).gross - worth_of(row.line, min(done, upto)).gross
        amount = min(worth, caps.lines[row.line.pk])
        if amount > 0:
            lines.append(RefundLineIn(Kind.ITEM, amount, row.line.pk, row.quantity))
    is_all = all(refunded.get(line.pk, 0) >= line.quantity - line.cancelled for line in order.lines.leaves())
    if is_all and lines and caps.shipping > 0:
        lines.append(RefundLineIn(Kind.SHIPPING, caps.shipping))
    return lines if caps.total > 0 else []


def _refunded(order):
    """Return {order line id: pieces} of the refunds that may still go or went."""
    rows = RefundLine.objects.filter(refund__in=order.refunds.not_rejected(), kind=Kind.ITEM).order_by()
    return dict(rows.values_list("line").annotate(Sum("quantity")))
