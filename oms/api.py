"""The partner API: every resource under /api/v1/."""

from rest_framework.routers import SimpleRouter

from oms.partners.api.webhooks import Webhooks

router = SimpleRouter(trailing_slash=False)
router.register("webhooks", Webhooks, basename="webhook")
