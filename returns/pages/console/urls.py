from django.urls import path

from returns.pages.console import act, desk

app_name = "returns"
ONE = "returns/return/<int:pk>/"

urlpatterns = [
    path("orders/order/<int:pk>/return/", act.open_return, name="open"),
    path(f"{ONE}change/", desk.desk, name="desk"),
    path(f"{ONE}approve/", act.approve, name="approve"),
    path(f"{ONE}decline/", act.decline, name="decline"),
    path(f"{ONE}transit/", act.transit, name="transit"),
    path(f"{ONE}receive/", act.receive, name="receive"),
    path(f"{ONE}inspect/", act.inspect, name="inspect"),
    path(f"{ONE}resolve/", act.resolve, name="resolve"),
]
