"""What is on its way from suppliers, for those who promise from it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import PurchaseLine, PurchaseOrder, Supplier, SupplierPrice, SupplierSku
from oms.lib.errors import InvalidTransition
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db
Status = PurchaseOrder.Status


def ordered(status=Status.SENT, *, quantity=10, received=0, confirmed_on=None):
    order = PurchaseOrder.objects.create(
        supplier=Supplier.objects.get_or_create(code="CLAY", name="Clay")[0],
        location=make_location(),
        status=status,
        currency="EUR",
        home_currency="EUR",
        sent_at=timezone.now(),
    )
    return order.lines.create(
        sku=make_sku(),
        quantity=quantity,
        received=received,
        expected_on=date(2026, 3, 20),
        confirmed_on=confirmed_on,
    )


def inbound():
    rows = PurchaseLine.objects.inbound().order_by("pk")
    return list(rows.values_list("sku_id", "location_id", "pieces", "arrives_on"))


@pytest.mark.parametrize("status", [Status.SENT, Status.CONFIRMED, Status.PART_RECEIVED])
def test_what_the_supplier_has_is_inbound_with_the_pieces_that_have_not_come(status):
    line = ordered(status, received=4)
    assert inbound() == [(line.sku_id, line.order.location_id, 6, date(2026, 3, 20))]


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.APPROVED, Status.RECEIVED, Status.CLOSED_SHORT, Status.CANCELLED]
)
def test_nothing_is_inbound_before_it_is_sent_or_after_the_end(status):
    ordered(status)
    assert inbound() == []


def test_the_day_the_supplier_confirmed_comes_before_what_we_learned():
    ordered(confirmed_on=date(2026, 4, 2))
    assert [row[3] for row in inbound()] == [date(2026, 4, 2)]


def test_a_line_that_came_in_full_or_more_is_not_inbound():
    ordered(received=10)
    ordered(received=12)
    assert inbound() == []


def test_an_overdue_purchase_order_is_found_by_its_line():
    order = ordered().order
    assert list(PurchaseOrder.objects.overdue(date(2026, 3, 21))) == [order]
    assert not PurchaseOrder.objects.overdue(date(2026, 3, 20))


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
