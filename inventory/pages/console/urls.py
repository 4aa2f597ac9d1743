from django.urls import path

from inventory.pages.console import level

app_name = "book"
LEVEL = "inventory/stocklevel/<int:pk>/"

urlpatterns = [
    path(f"{LEVEL}safety/", level.safety, name="safety"),
    path(f"{LEVEL}unavailable/", level.unavailable, name="unavailable"),
]
