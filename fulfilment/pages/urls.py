from django.urls import path

from fulfilment.pages import (
    badges,
    bench,
    board,
    home,
    labels,
    papers,
    picking,
    pickups,
    put_backs,
    shipped,
    stations,
    sync,
)

app_name = "floor"

urlpatterns = [
    path("", home.home, name="home"),
    path("place/", home.choose_place, name="place"),
    path("scan/", home.scan, name="scan"),
    path("board/", board.board, name="board"),
    path("board/release/", board.release, name="release"),
    path("lists/", picking.picking, name="picking"),
    path("lists/<int:pk>/", picking.walk, name="pick"),
    path("lists/<int:pk>/sync/", sync.sync, name="sync"),
    path("lists/<int:pk>/paper/", papers.pick_list, name="list_paper"),
    path("lists/<int:pk>/withdraw/", board.withdraw, name="withdraw"),
    path("lists/<int:pk>/assign/", board.assign, name="assign"),
    path("pack/", bench.packing, name="packing"),
    path("pack/<int:pk>/", bench.bench, name="bench"),
    path("pack/<int:pk>/sent/", shipped.sent, name="sent"),
    path("parcels/<int:pk>/<slug:paper>/", papers.parcel_paper, name="parcel_paper"),
    path("skus/<int:pk>/photo/", papers.photo, name="photo"),
    path("shipped/", shipped.shipped, name="shipped"),
    path("shipped/<int:pk>/unship/", shipped.unship, name="unship"),
    path("handover/", shipped.handover, name="handover"),
    path("put-backs/", put_backs.put_backs, name="put_backs"),
    path("pickups/", pickups.pickups, name="pickups"),
    path("labels/", labels.labels, name="labels"),
    path("station/", stations.choose, name="station"),
    path("station/strip/", stations.strip, name="strip"),
    path("station/jobs/<int:pk>/", stations.answer, name="print_job"),
    path("badge/", badges.enter, name="badge"),
    path("badges/", badges.people, name="badges"),
    path("commands/", stations.card, name="commands"),
]
