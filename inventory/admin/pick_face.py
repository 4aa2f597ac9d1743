from django.contrib import admin

from inventory.models import PickFace, RefillTask
from oms.lib.admin import ConsoleAdmin, ReadOnly


@admin.register(PickFace)
class PickFaceAdmin(ConsoleAdmin):
    """Which bin pickers take a SKU from, and how many pieces it should hold."""

    list_display = ["sku", "bin", "location", "held", "minimum", "maximum"]
    list_filter = ["bin__location"]
    list_select_related = ["sku", "bin__location"]
    search_fields = ["sku__code", "bin__code"]
    autocomplete_fields = ["sku", "bin"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_held()

    @admin.display(description="Location", ordering="bin__location")
    def location(self, face):
        return face.bin.location

    @admin.display(description="Holds")
    def held(self, face):
        return face.held


@admin.register(RefillTask)
class RefillTaskAdmin(ReadOnly, ConsoleAdmin):
    """Refills of pick faces, the newest first; they are done on the stock pages."""

    list_display = ["created_at", "location", "sku", "source", "target", "quantity", "moved", "status", "done_by"]
    list_filter = ["status", "location"]
    list_select_related = ["location", "face__sku", "face__bin", "source"]
    search_fields = ["face__sku__code", "source__code"]
    ordering = ["-pk"]

    @admin.display(description="SKU")
    def sku(self, task):
        return task.face.sku

    @admin.display(description="To")
    def target(self, task):
        return task.face.bin
