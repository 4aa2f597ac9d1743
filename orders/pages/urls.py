from django.urls import path

from orders.pages import bills, brand, customer

urlpatterns = [
    path("", customer.find_page, name="customer_find"),
    path("brand/<int:channel_id>/", brand.logo, name="brand_logo"),
    path("<str:token>/", customer.order_page, name="customer_order"),
    path("<str:token>/bills/", bills.bills_page, name="customer_bills"),
    path("<str:token>/cancel/", customer.cancel_page, name="customer_cancel"),
    path("<str:token>/missing/", customer.missing_page, name="customer_missing"),
    path("<str:token>/address/", customer.address_page, name="customer_address"),
]
