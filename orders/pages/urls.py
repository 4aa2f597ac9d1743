from django.urls import path

from orders.pages import brand, customer

urlpatterns = [
    path("brand/<int:channel_id>/", brand.logo, name="brand_logo"),
    path("<str:token>/", customer.order_page, name="customer_order"),
]
