"""The addresses of purchasing in the console."""

from django.urls import path

from inventory.pages import give_back, purchase, purchase_steps

app_name = "buying"
ALL = "inventory/purchaseorder/"
ONE = f"{ALL}<int:pk>/"
urlpatterns = [
    path(f"{ALL}add/", purchase.new, name="new"),
    path(f"{ALL}overdue/", purchase.overdue, name="overdue"),
    path(f"{ONE}change/", purchase.purchase, name="purchase"),
    path(f"{ONE}approve/", purchase_steps.approve, name="approve"),
    path(f"{ONE}reopen/", purchase_steps.reopen, name="reopen"),
    path(f"{ONE}send/", purchase_steps.send, name="send"),
    path(f"{ONE}confirm/", purchase_steps.confirm, name="confirm"),
    path(f"{ONE}close-short/", purchase_steps.close_short, name="close_short"),
    path(f"{ONE}cancel/", purchase_steps.cancel, name="cancel"),
    path(f"{ONE}give-back/", give_back.of_order, name="give_back"),
    path(f"{ONE}pdf/", purchase_steps.paper, name="paper"),
    path("inventory/supplier/<int:pk>/give-back/", give_back.of_supplier, name="give_back_to"),
    path("inventory/receipt/<int:pk>/costs/", purchase_steps.land, name="land"),
    path("inventory/supplierreturn/<int:pk>/pdf/", purchase_steps.slip, name="slip"),
]
