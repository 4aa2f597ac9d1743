"""The partner API: every resource under /api/v1/."""

from rest_framework.routers import SimpleRouter

from inventory.api.views import Adjustments, Levels, Skus
from oms.partners.api.webhooks import Webhooks
from orders.api.availability import Availability
from orders.api.views import Orders

router = SimpleRouter(trailing_slash=False)
router.register("webhooks", Webhooks, basename="webhook")
router.register("orders", Orders, basename="order")
router.register("availability", Availability, basename="availability")
router.register("skus", Skus, basename="sku")
router.register("stock-levels", Levels, basename="stock-level")
router.register("stock-adjustments", Adjustments, basename="stock-adjustment")
