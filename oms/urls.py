from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from oms.api import router
from oms.lib.api.pages import errors
from oms.lib.api.problems import no_such_resource
from oms.outbox.health import healthz, readyz
from oms.partners.views import inbound
from orders.pages.hook import hook

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("o/", include("orders.pages.urls")),
    path("o/", include("returns.pages.urls")),
    path("floor/", include("fulfilment.pages.urls")),
    path("print/", include("fulfilment.pages.agent")),
    path("admin/", include("orders.pages.console.urls")),
    path("admin/", include("returns.pages.console.urls")),
    path("admin/", include("fulfilment.pages.console")),
    path("admin/", include("fulfilment.pages.tracking")),
    path("admin/", include("fulfilment.pages.rates")),
    path("admin/", include("inventory.pages.buying")),
    path("admin/", include("inventory.pages.upload")),
    path("admin/", include("inventory.pages.floor_plan")),
    path("admin/", include("inventory.pages.replenish")),
    path("admin/", include("inventory.pages.transfers")),
    path("admin/", include("inventory.pages.console.urls")),
    path("admin/", include("oms.partners.pages.urls")),
    path("admin/", admin.site.urls),
    path("supply/", include("fulfilment.pages.supplier")),
    path("stock/", include("inventory.pages.urls")),
    path("api/v1/", include(router.urls)),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="schema")),
    path("docs/errors", errors),
    path("docs/errors/<slug:code>", errors),
    path("api/<path:rest>", no_such_resource),
    path("hooks/channels/<str:code>/", hook, name="channel_hook"),
    path("hooks/<slug:source>", inbound),
]
