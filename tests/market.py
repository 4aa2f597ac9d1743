"""A partner of whom there is all that the API can name."""

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services import assign
from inventory.services.snapshot import take_snapshot
from oms.papers.models import Document
from oms.partners.models import Partner
from oms.partners.scopes import SCOPES
from oms.partners.services.keys import create_key
from orders.api import represent
from orders.services.cancel import cancel
from orders.services.change import preview
from orders.services.sandbox import place_in_sandbox
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf
from tests.inventory.buying import make_sent, make_supplier
from tests.inventory.carrying import make_transfer
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku
from tests.returns.make import ship_all


def make_market(*, more=None):
    """Return {name that README.md's examples use: id} of a marketplace that is a 3PL and a supplier, with its rows.

    Of the SKU `more` there is some at the 3PL.
    """
    partner = Partner.objects.create(code="MARKET", name="Market")
    channel = make_channel(code="MARKET", partner=partner)
    make_sku(code="MUG-SLATE")
    _, (sku,) = make_shelf(50)
    shipped = ship_all(confirmed((sku, 2), channel=channel))
    deliver()
    place = make_location("SWIFT", kind="3pl", partner=partner)
    _, skus = make_shelf(20, 20, location=place)
    if more:
        make_sku(5, place, code=more)
    work = FulfilmentOrder.objects.get(order=confirmed((skus[0], 2)))
    asked = FulfilmentOrder.objects.get(order=confirmed((skus[1], 1)))
    more = FulfilmentOrder.objects.get(order=confirmed((skus[1], 2)))
    still_open = make_order(sku, 1, channel=channel)
    _, waiting = take_snapshot(place, {skus[0]: 1}, counted_at=timezone.now(), actor="system")
    assign.acknowledge(asked.pk, actor=ACTOR)
    cancel(asked.order_id, reason="Changed his mind", actor=ACTOR)
    deliver()
    purchase = make_sent(5, supplier=make_supplier(partner=partner), location=place)
    transfer = make_transfer(place)
    tester = Partner.objects.create(code="TRY", name="Try", is_sandbox=True)
    order_in = make_order_in(sku, channel=make_channel(code="TRY", partner=tester))
    tried, _ = place_in_sandbox(order_in, represent.order, actor=ACTOR)
    ids = {
        "TRANSFER": transfer.number,
        "TRANSFER_LINE": transfer.lines.get().pk,
        "PURCHASE": purchase.number,
        "PURCHASE_LINE": purchase.lines.get().pk,
        "SKU": sku.code,
        "SHIPPED": shipped.number,
        "LINE": shipped.lines.get().pk,
        "PARCEL": Parcel.objects.get(order=shipped).pk,
        "DOCUMENT": Document.objects.get(subject=shipped.subject, kind="invoice").pk,
        "WORK": work.pk,
        "WORK_LINE": work.lines.get().pk,
        "ASKED": asked.pk,
        "MORE_WORK": more.pk,
        "MORE_LINE": more.lines.get().pk,
        "OPEN_ORDER": still_open.number,
        "OPEN_LINE": still_open.lines.get().pk,
        "OTHER_CHANGE": preview(still_open.pk, {"phone": "030 123456"}).pk,
        "SNAPSHOT": waiting.pk,
        "SANDBOX_ORDER": tried.number,
        "SANDBOX_KEY": create_key(tester, name="try", scopes=list(SCOPES))[1],
        "YOUR_ID": "4711",
        "KEY": create_key(partner, name="shop", scopes=list(SCOPES))[1],
    }
    return {name: str(value) for name, value in ids.items()}
