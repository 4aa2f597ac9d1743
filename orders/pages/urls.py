from django.urls import path

from orders.pages import brand, customer

urlpatterns = [
    path("", customer.find_page, name="customer_find"),
    path("brand/<int:channel_id>/", brand.logo, name="brand_logo"),
    path("<str:token>/", customer.order_page, name="customer_order"),
    path("<str:token>/cancel/", customer.cancel_page, name="customer_cancel"),
    path("<str:token>/address/", customer.address_page, name="customer_address"),
]
