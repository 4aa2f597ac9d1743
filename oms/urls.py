from django.contrib import admin
from django.urls import include, path

from oms.outbox.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("o/", include("orders.pages.urls")),
    path("admin/", admin.site.urls),
]
