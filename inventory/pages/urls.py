from django.urls import path

from inventory.pages import adjust, carry, count, home, item, move, put_away, receive, refills

app_name = "stock"

urlpatterns = [
    path("", home.home, name="home"),
    path("place/", home.choose_place, name="place"),
    path("receive/", receive.receive, name="receive"),
    path("receive/learn/", receive.learn, name="learn"),
    path("put-away/", put_away.put_away, name="put_away"),
    path("refills/", refills.refills, name="refills"),
    path("refills/<int:pk>/", refills.refill, name="refill"),
    path("move/", move.move, name="move"),
    path("transfers/", carry.transfers, name="transfers"),
    path("transfers/<int:pk>/", carry.transfer, name="transfer"),
    path("transfers/<int:pk>/done/", carry.done, name="transfer_done"),
    path("adjust/", adjust.adjust, name="adjust"),
    path("counts/", count.counts, name="counts"),
    path("counts/<int:pk>/", count.count, name="count"),
    path("counts/<int:pk>/review/", count.review, name="review"),
    path("item/", item.item, name="item"),
    path("item/quarantine/", item.quarantine, name="quarantine"),
    path("pictures/<int:pk>/", item.picture, name="picture"),
    path("label/", item.label, name="label"),
]
