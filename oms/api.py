"""The partner API: every resource under /api/v1/."""

from rest_framework.routers import SimpleRouter

from oms.partners.api.webhooks import Webhooks
from orders.api.views import Orders

router = SimpleRouter(trailing_slash=False)
router.register("webhooks", Webhooks, basename="webhook")
router.register("orders", Orders, basename="order")
