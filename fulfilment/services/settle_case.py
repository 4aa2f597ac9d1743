"""What a person does about a parcel that is late or stuck: tell the customer, settle it."""

from fulfilment.models import ParcelCase
from fulfilment.services.parcel_trouble import known
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition, NotFound
from oms.lib.text import check_text
from oms.papers.models import Message
from oms.papers.services.resend_message import resend_message
from orders.customer.reader import reader_of
from orders.models import Order
from orders.services.tell_customer import STOPPABLE_S, tell_customer

MAIL = "parcel_trouble"
Kind, Outcome = ParcelCase.Kind, ParcelCase.Outcome
# Whether anything is wrong with a parcel that the carrier never saw, nobody knows yet: people look first.
NOT_TOLD = (Kind.UNSEEN,)


@command
def settle(case_id, *, note, is_lost=False, actor):
    """Close an open case with a `note`; `is_lost` gives the parcel up. Returns the ParcelCase.

    It is not opened again for the same thing; a lost parcel is not watched any more, and still delivered when it
    turns up. Raises Invalid without a note, InvalidTransition when the case is closed already.
    """
    order, case = lock_case(case_id)
    note = check_text(note, max_length=200, field="note")
    if not note:
        raise Invalid("Say what was found or agreed: the next one who looks wants to know.", field="note")
    if case.closed_at:
        raise InvalidTransition(f"{case} was closed meanwhile: {case.get_outcome_display().lower()}.")
    case.close(Outcome.LOST if is_lost else Outcome.SETTLED, by=actor, note=note)
    name = "parcel.lost" if is_lost else "parcel.case_settled"
    order.publish(name, actor=actor, parcel=case.parcel_id, case=case.pk, kind=case.kind)
    return case


@command
def tell_at_once(case_id):
    """Tell the customer of a case that was just opened, once per parcel and kind, where its rule wants it."""
    _, case = lock_case(case_id)
    rule = known().rule_of(case.parcel)
    if case.closed_at is None and case.kind not in NOT_TOLD and rule.tells_customer:
        return _queue(case, wait_s=STOPPABLE_S)
    return None


@command
def tell_again(case_id, *, actor):
    """Tell the customer what is known of the parcel, though he was told before or is not told by himself."""
    _, case = lock_case(case_id)
    told = told_of(case)
    if told is None:
        return _queue(case)
    return resend_message(told, actor=actor)


def told_of(case):
    """Return the Message by which the customer was told of this kind of trouble with the parcel, or None."""
    return Message.objects.filter(kind=MAIL, object_id=case.parcel_id, cause=f"case:{case.kind}").first()


def draft(case):
    """Return an unsaved Message that says what the customer would be told now."""
    order = case.parcel.order
    language = reader_of(order).language
    return Message(
        kind=MAIL,
        subject=order.subject,
        object_id=case.parcel_id,
        cause=f"case:{case.kind}",
        to=order.email,
        language=language,
    )


def _queue(case, wait_s=0):
    parcel = case.parcel
    return tell_customer(MAIL, parcel.order_id, object_id=parcel.pk, cause=f"case:{case.kind}", wait_s=wait_s)


def lock_case(case_id):
    """Lock the order of a case and return (Order, ParcelCase); raises NotFound."""
    row = ParcelCase.objects.filter(pk=case_id).values_list("parcel__order_id", flat=True).first()
    if row is None:
        raise NotFound("There is no such case.")
    order = Order.objects.lock(row)
    return order, ParcelCase.objects.select_related("parcel__order__channel__seller", "parcel__carrier").get(pk=case_id)
