"""The partner API: every resource under /api/v1/."""

from rest_framework.routers import SimpleRouter

from fulfilment.api.views import FulfilmentOrders, Parcels
from inventory.api.deliveries import Deliveries
from inventory.api.purchases import Purchases
from inventory.api.snapshots import Snapshots
from inventory.api.transfers import Transfers
from inventory.api.views import Adjustments, Levels, Skus
from oms.partners.api.changes import Changes
from oms.partners.api.usage import CallErrors, Usage
from oms.partners.api.webhooks import Webhooks
from orders.api.availability import Availability
from orders.api.changes import OrderChanges
from orders.api.documents import Documents
from orders.api.holds import Holds, Notes
from orders.api.quotes import Quotes
from orders.api.sandbox import SandboxOrders
from orders.api.views import Orders
from returns.api.views import Returns

router = SimpleRouter(trailing_slash=False)
router.register("availability", Availability, basename="availability")
router.register("call-errors", CallErrors, basename="call-error")
router.register("changes", Changes, basename="change")
router.register("deliveries", Deliveries, basename="delivery")
router.register("documents", Documents, basename="document")
router.register("fulfilment-orders", FulfilmentOrders, basename="fulfilment-order")
router.register("holds", Holds, basename="hold")
router.register("notes", Notes, basename="note")
router.register("order-changes", OrderChanges, basename="order-change")
router.register("orders", Orders, basename="order")
router.register("parcels", Parcels, basename="parcel")
router.register("purchase-orders", Purchases, basename="purchase-order")
router.register("quotes", Quotes, basename="quote")
router.register("returns", Returns, basename="return")
router.register("sandbox/orders", SandboxOrders, basename="sandbox-order")
router.register("skus", Skus, basename="sku")
router.register("stock-adjustments", Adjustments, basename="stock-adjustment")
router.register("stock-levels", Levels, basename="stock-level")
router.register("stock-snapshots", Snapshots, basename="stock-snapshot")
router.register("transfers", Transfers, basename="transfer")
router.register("usage", Usage, basename="usage")
router.register("webhooks", Webhooks, basename="webhook")
