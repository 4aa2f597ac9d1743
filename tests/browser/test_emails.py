"""E-mails as customers see them, on a phone and on a desk."""

import os
from decimal import Decimal

import pytest

from fulfilment.models import Carrier
from fulfilment.services.deliver import deliver as deliver_parcel
from fulfilment.services.pickup import make_ready
from fulfilment.services.ship import ship
from inventory.models import KitComponent
from oms.papers.models import Message
from oms.papers.services.write_message import write_message
from orders.models import PromiseEvent, Refund
from orders.services.cancel import cancel
from orders.services.intake import ChargeIn, DiscountIn, LineIn
from orders.services.place import place
from orders.services.tell_customer import tell_customer
from returns.models import ReturnPolicy
from returns.services import request
from tests.deliver import deliver
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.make import ADDRESS, make_channel, make_location, make_order_in, make_sku
from tests.returns.make import asked

# The refund's row is made up, without the payments behind it.
pytestmark = pytest.mark.corrupt
WIDTHS = [390, 700]


# German words are the longer ones: what fits in them fits in English, which `make soak` looks at too.
LOCALES = ["de", "en"] if os.environ.get("OMS_SOAK") else ["de"]


@pytest.fixture
def a_rich_order(db):
    """Return `order(locale)`: many lines, a kit, a long name, something missing."""

    def order(locale):
        home = make_location()
        kit = make_sku(kind="kit", name="Breakfast for two, with egg cups")
        for name in ("Plate", "Egg cup"):
            KitComponent.objects.create(kit=kit, component=make_sku(20, home, name=name), quantity=2)
        mug = make_sku(
            2, home, name="Mug “Sunrise over the Donaudampfschifffahrtsgesellschaft”, blue and white, 300 ml"
        )
        lines = [
            LineIn(mug.code, 5, Decimal("9.50"), personalisation="For Ann"),
            LineIn(kit.code, 1, Decimal("120.00")),
        ]
        fields = {"support_email": "help@mugs.example", "support_phone": "+49 30 1234567", "brand_color": "#0f766e"}
        return place(
            make_order_in(
                *lines,
                channel=make_channel(locale=locale, **fields),
                charges=[ChargeIn("shipping", Decimal("4.90"))],
                discounts=[DiscountIn(Decimal("5.00"))],
                ship_to=ADDRESS | {"company": "Miller & Söhne GmbH"},
            )
        )

    return order


@pytest.mark.parametrize("locale", LOCALES)
def test_every_mail_fits_a_phone_and_a_desk(a_rich_order, chromium, screenshot, locale):
    order = a_rich_order(locale)
    PromiseEvent.objects.create(order=order, old=order.ordered_at, new=None, cause="backorder")
    cancel(order.pk, lines={order.lines.first().pk: 1}, reason="too many")
    refund = Refund.objects.create(order=order, amount=Decimal("9.50"), reason="too many")
    tell_customer("order_refunded", order.pk, object_id=refund.pk)
    for kind in ("order_delayed", "order_restocked", "order_cancelled", "order_link"):
        tell_customer(kind, order.pk)
    deliver()
    look_at_all(order, chromium, screenshot, locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_mails_about_parcels_fit_a_phone_and_a_desk(db, chromium, screenshot, locale):
    address = {"line1": "Torstr. 1", "postcode": "10119", "city": "Berlin", "country": "DE"}
    store = make_location(kind="store", allows_pickup=True, name="Mugs at Torstraße", address=address)
    _, (cup,) = make_shelf(9, location=store, name="Cup")
    Carrier.objects.create(code="dhl", name="DHL", tracking_url="https://dhl.example/?n={number}")
    channel = make_channel(locale=locale, support_email="help@mugs.example")
    ReturnPolicy.objects.create(channel=channel, fee=5)
    order = confirmed((cup, 2), (make_sku(name="Saucer"), 3), channel=channel)
    parcel = packed(order)
    ship(work_of(order).pk, carrier="dhl", tracking={parcel.pk: "JD000123456789"}, actor=ACTOR)
    deliver_parcel(parcel.pk, actor=ACTOR)
    request.approve(asked(order, reason="unwanted").pk)
    request.decline(asked(order).pk, "The box was opened.")
    collected = confirmed((cup, 1), method="pickup", pickup_location=store.code, channel=channel)
    packed(collected)
    make_ready(work_of(collected).pk, shelf="R1", actor=ACTOR)
    deliver()
    for one in (order, collected):
        look_at_all(one, chromium, screenshot, locale)


def look_at_all(order, chromium, screenshot, locale):
    """Take a picture of each e-mail about `order` in each width; none may be wider than that."""
    page = chromium.new_page()
    for message in Message.objects.of(order.subject):
        page.set_content(write_message(message).html)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            screenshot(page, f"mail-{message.kind}-{locale}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, message.kind
    page.close()
