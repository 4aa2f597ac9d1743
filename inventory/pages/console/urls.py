from django.urls import path

from inventory.pages.console import alerts, counts, level, lots, past, trace, value

app_name = "book"
LEVEL = "inventory/stocklevel/<int:pk>/"

urlpatterns = [
    path(f"{LEVEL}safety/", level.safety, name="safety"),
    path("inventory/counts/due/", counts.due, name="due_counts"),
    path("inventory/counts/due/open/", counts.open_due, name="open_due"),
    path("inventory/counts/<int:pk>/", counts.count, name="count"),
    path("inventory/counts/<int:pk>/approve/", counts.approve, name="approve_count"),
    path("inventory/counts/<int:pk>/decline/", counts.decline, name="decline_count"),
    path("inventory/value/", value.value, name="value"),
    path("inventory/value/export/", value.export, name="export_value"),
    path("inventory/past/", past.past, name="past"),
    path("inventory/lots/<int:pk>/trace/", trace.lot, name="trace_lot"),
    path("inventory/lots/<int:pk>/trace/export/", trace.export_lot, name="export_lot"),
    path("inventory/serials/<int:pk>/trace/", trace.serial, name="trace_serial"),
    path("inventory/serials/<int:pk>/trace/export/", trace.export_serial, name="export_serial"),
    path("inventory/alerts/<int:pk>/settle/", alerts.settle, name="settle"),
    path("inventory/lots/<int:pk>/block/", lots.block, name="block_lot"),
    path("inventory/lots/<int:pk>/unblock/", lots.unblock, name="unblock_lot"),
    path(f"{LEVEL}unavailable/", level.unavailable, name="unavailable"),
]
