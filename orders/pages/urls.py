from django.urls import path

from orders.pages import customer

urlpatterns = [
    path("<str:token>/", customer.order_page, name="customer_order"),
]
