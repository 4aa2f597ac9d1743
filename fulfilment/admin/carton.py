"""Cartons and mailers that lie at the benches."""

from django.contrib import admin

from fulfilment.models import CartonType
from oms.lib.admin import ConsoleAdmin


@admin.register(CartonType)
class CartonTypeAdmin(ConsoleAdmin):
    """One that parcels were packed in is closed, not deleted."""

    list_display = ["code", "name", "kind", "inside", "outside", "weight_g", "max_weight_g", "price", "is_active"]
    list_filter = ["kind", "is_active", "locations"]
    search_fields = ["code", "name"]
    filter_horizontal = ["locations"]
    fieldsets = [
        (None, {"fields": ["code", "name", "kind", "price", "is_active", "locations"]}),
        ("Inside: what fits", {"fields": ["inner_length_mm", "inner_width_mm", "inner_height_mm", "max_weight_g"]}),
        (
            "Outside: what carriers measure",
            {"fields": ["outer_length_mm", "outer_width_mm", "outer_height_mm", "weight_g"]},
        ),
    ]

    @admin.display(description="inside, mm")
    def inside(self, carton):
        return " × ".join(map(str, carton.inner))

    @admin.display(description="outside, mm")
    def outside(self, carton):
        return " × ".join(map(str, carton.outer))
