"""Goods that arrived damaged are made good in one step: sent again, or paid back, and claimed from the carrier."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fulfilment.customer.parcels import told_parcels
from fulfilment.models import CarrierClaim, Parcel, ParcelCase
from fulfilment.services.deliver import deliver as arrive
from fulfilment.services.file_claim import file_claim
from fulfilment.services.give_up import Remedy
from fulfilment.services.report_damage import report_damage
from fulfilment.services.ship import ship
from oms.lib.errors import Invalid, InvalidTransition, NotFound
from orders.customer.reader import reader_of
from orders.models import Order, Refund
from orders.services import pay
from orders.services.intake import ChargeIn
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcel():
    """Two cups that arrived, of nine, paid with their shipping."""
    _, (cup,) = make_shelf(9)
    parcel = packed(confirmed((cup, 2), charges=[ChargeIn("shipping", Decimal("4.90"))]))
    pay.add_payment(parcel.order_id, amount=parcel.order.gross, reference="paid", actor=ACTOR)
    [parcel] = ship(parcel.fulfilment_order_id, actor=ACTOR)
    arrive(parcel.pk, actor=ACTOR)
    parcel.refresh_from_db()
    return parcel


def report(parcel, count=1, remedy="", *, note="the handle is off", **fields):
    pieces = {parcel.order.lines.get().pk: count}
    return report_damage(parcel.pk, note=note, remedy=remedy, **{"pieces": pieces} | fields, actor=ACTOR)


def test_what_is_broken_is_sent_again_and_claimed(parcel):
    case = report(parcel, remedy=Remedy.RESEND, claimed=Decimal("9.50"), reference="C-1")
    assert (case.kind, case.outcome, case.since, case.closed_by) == ("damaged", "damaged", parcel.delivered_at, ACTOR)
    again = case.replacement
    assert (again.gross, again.lines.get().quantity) == (0, 1)
    assert again.notes.get().text == f"Sent again for parcel {parcel} of order {parcel.order}, which was damaged."
    assert told_parcels(Parcel.objects.filter(pk=parcel.pk), reader_of(parcel.order))[0].trouble.startswith(
        "It arrived damaged. We send you"
    )
    assert (case.claim.amount, case.claim.reference) == (Decimal("9.50"), "C-1")
    assert file_claim(case.pk, amount=Decimal(5), status="paid", actor=ACTOR).status == "paid"
    with pytest.raises(InvalidTransition, match="before"):
        report(parcel, remedy=Remedy.RESEND)
    assert Order.objects.count() == 2


def test_only_what_is_broken_is_paid_back_and_the_shipping_with_the_last(parcel):
    assert [(row.kind, row.amount) for row in report(parcel, remedy=Remedy.REFUND).refund.lines.all()] == [
        ("item", Decimal("9.50"))
    ]
    deliver()
    parcel.order.refresh_from_db()
    assert parcel.order.payment_state == "partly_refunded"


def test_all_broken_pays_the_shipping_back_too(parcel):
    assert report(parcel, 2, Remedy.REFUND).refund.amount == parcel.order.gross


def test_what_cannot_be_reported_changes_nothing(parcel):
    for wrong in ({"note": " "}, {"pieces": {}}, {"pieces": {0: 1}}):
        with pytest.raises(Invalid):
            report(parcel, **wrong)
    for count in (0, 3, -1):
        with pytest.raises(Invalid, match="how many"):
            report(parcel, count)
    with pytest.raises(NotFound):
        report_damage(0, note="x", pieces={}, actor=ACTOR)
    with pytest.raises(Invalid), transaction.atomic():
        report(parcel, remedy=Remedy.REFUND, claimed=Decimal("1.234"))
    assert not ParcelCase.objects.exists()
    assert (Refund.objects.count(), CarrierClaim.objects.count()) == (0, 0)


def test_what_is_still_here_is_not_damaged_on_its_way():
    _, (cup,) = make_shelf(9)
    parcel = packed(confirmed((cup, 1)))
    with pytest.raises(InvalidTransition, match="has not left"):
        report(parcel)


@pytest.mark.parametrize("wrong", [{"kind": "damaged"}, {"kind": "late", "outcome": "damaged"}])
def test_damage_is_closed_by_who_says_so(parcel, wrong):
    case = report(parcel)
    closed = {"closed_at": case.closed_at, "closed_by": ACTOR} if "outcome" in wrong else {}
    with pytest.raises(IntegrityError, match="parcel_case_damage_is_closed_at_once"), transaction.atomic():
        ParcelCase.objects.create(parcel=parcel, since=parcel.shipped_at, **wrong, **closed)
