"""What is on its way from suppliers, for those who promise from it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import PurchaseLine, PurchaseOrder, Supplier, SupplierPrice, SupplierSku
from inventory.services import approve_purchase, confirm_purchase, end_purchase
from inventory.services.receive_delivery import receive
from oms.lib.errors import InvalidTransition
from tests.inventory.buying import make_purchase, make_sent
from tests.make import make_sku

pytestmark = pytest.mark.django_db
Status = PurchaseOrder.Status


def due():
    """Return the day on which what is sent now arrives by the supplier's late lead time."""
    return timezone.localdate() + timedelta(days=14)


def ordered(status=Status.SENT):
    """The line of an order of ten pieces that got as far as `status`."""
    if status in (Status.DRAFT, Status.APPROVED):
        order = make_purchase(10)
        return (approve_purchase.approve(order.pk, actor="user:2") if status == Status.APPROVED else order).lines.get()
    order = make_sent(10)
    if status == Status.CONFIRMED:
        confirm_purchase.confirm(order.pk, {}, actor="user:2")
    elif status in (Status.PART_RECEIVED, Status.RECEIVED, Status.CLOSED_SHORT):
        receive(order.lines.get().sku, order.location, 10 if status == Status.RECEIVED else 4, order=order)
    if status == Status.CLOSED_SHORT:
        end_purchase.close_short(order.pk, reason="Gone", actor="user:2")
    elif status == Status.CANCELLED:
        end_purchase.cancel(order.pk, reason="Gone", actor="user:2")
    return PurchaseLine.objects.select_related("order").get(order=order)


def inbound():
    rows = PurchaseLine.objects.inbound().order_by("pk")
    return list(rows.values_list("sku_id", "location_id", "pieces", "arrives_on"))


@pytest.mark.parametrize(("status", "pieces"), [(Status.SENT, 10), (Status.CONFIRMED, 10), (Status.PART_RECEIVED, 6)])
def test_what_the_supplier_has_is_inbound_with_the_pieces_that_have_not_come(status, pieces):
    line = ordered(status)
    assert line.order.status == status
    assert inbound() == [(line.sku_id, line.order.location_id, pieces, due())]


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.APPROVED, Status.RECEIVED, Status.CLOSED_SHORT, Status.CANCELLED]
)
def test_nothing_is_inbound_before_it_is_sent_or_after_the_end(status):
    assert ordered(status).order.status == status
    assert inbound() == []


def test_the_day_the_supplier_confirmed_comes_before_what_we_learned():
    line = ordered()
    day = due() + timedelta(days=20)
    confirm_purchase.confirm(line.order_id, {line.pk: day}, actor="user:2")
    assert [row[3] for row in inbound()] == [day]


def test_a_line_of_which_more_came_is_not_inbound():
    order = make_sent(10, 5)
    receive(order.lines.first().sku, order.location, 11, order=order)
    assert [row[2] for row in inbound()] == [5]


def test_an_overdue_purchase_order_is_found_by_its_line():
    order = ordered().order
    assert list(PurchaseOrder.objects.overdue(due() + timedelta(days=1))) == [order]
    assert not PurchaseOrder.objects.overdue(due())


def test_a_state_that_cannot_follow_is_refused():
    order = ordered(Status.RECEIVED).order
    with pytest.raises(InvalidTransition, match="is received and cannot become sent"):
        order.move_to(Status.SENT)
    order.refresh_from_db()
    assert order.status == Status.RECEIVED


def test_a_sku_stands_on_a_purchase_order_once():
    line = ordered()
    with pytest.raises(IntegrityError), transaction.atomic():
        line.order.lines.create(sku=line.sku, quantity=1)


def supplier_sku(**fields):
    supplier, _ = Supplier.objects.get_or_create(code="CLAY", name="Clay", lead_days=9, lead_days_late=12)
    return SupplierSku.objects.create(supplier=supplier, sku=make_sku(), code="X", **fields)


def test_the_cost_is_that_of_the_highest_step_reached_and_below_all_steps_that_of_the_first():
    row = supplier_sku()
    assert row.cost_of(5) is None
    for step, cost in ((10, "4.00"), (100, "3.10")):
        SupplierPrice.objects.create(supplier_sku=row, min_quantity=step, cost=Decimal(cost))
    assert [row.cost_of(pieces) for pieces in (1, 10, 99, 100)] == [4, 4, 4, Decimal("3.10")]


def test_what_can_be_ordered_is_the_minimum_in_whole_packs():
    row = supplier_sku(moq=20, pack_size=6)
    assert [row.orderable(pieces) for pieces in (1, 24, 25)] == [24, 24, 30]


def test_lead_times_are_the_learned_ones_else_the_suppliers():
    row = supplier_sku()
    assert (row.lead_days, row.lead_days_late) == (9, 12)
    row.lead_days_p50, row.lead_days_p90 = 0, 4
    assert (row.lead_days, row.lead_days_late) == (0, 4)


def test_a_sku_has_one_preferred_supplier():
    row = supplier_sku(is_preferred=True)
    other = Supplier.objects.create(code="OTHER", name="Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierSku.objects.create(supplier=other, sku=row.sku, code="Y", is_preferred=True)
