from django.urls import path

from returns.pages import customer

urlpatterns = [
    path("<str:token>/return/", customer.return_page, name="customer_return"),
    path("<str:token>/return/<int:pk>/slip/", customer.slip_page, name="customer_return_slip"),
]
