from django.urls import path

from orders.pages.console import bulk, cancel, edit, find, hold, mark, money, order, papers, phone, upload, views

app_name = "console"
ONE = "orders/order/<int:pk>/"
MAIL = f"{ONE}messages/<int:message_pk>/"

urlpatterns = [
    path("find/", find.find, name="find"),
    path("find/pasted/", find.pasted, name="pasted"),
    path(f"{ONE}change/", order.order, name="order"),
    path(f"{ONE}edit/", edit.edit, name="edit"),
    path(f"{ONE}cancel/", cancel.cancel, name="cancel"),
    path(f"{ONE}hold/", hold.hold, name="hold"),
    path(f"{ONE}release/", hold.release, name="release"),
    path(f"{ONE}release/now/", hold.release_now, name="release_now"),
    path(f"{ONE}note/", mark.note, name="note"),
    path(f"{ONE}note/remove/", mark.remove_note, name="remove_note"),
    path(f"{ONE}tag/", mark.tag, name="tag"),
    path(f"{ONE}tag/remove/", mark.untag, name="untag"),
    path(f"{ONE}priority/", mark.prioritise, name="prioritise"),
    path(f"{ONE}payment/", money.payment, name="payment"),
    path(f"{ONE}payments/<int:payment_pk>/<slug:verb>/", money.move, name="move_payment"),
    path(f"{ONE}refund/", money.refund, name="refund"),
    path(f"{ONE}refunds/<int:refund_pk>/by-hand/", money.by_hand, name="refund_by_hand"),
    path(f"{ONE}refunds/<int:refund_pk>/<slug:verb>/", money.decide, name="decide_refund"),
    path(f"{ONE}documents/<int:document_pk>/", papers.document, name="document"),
    path(MAIL, papers.message, name="message"),
    path(f"{MAIL}resend/", papers.resend, name="resend"),
    path(f"{MAIL}stop/", papers.stop, name="stop"),
    path("orders/phone/", phone.phone, name="phone"),
    path("orders/phone/<int:pk>/", phone.draft, name="phone_draft"),
    path("orders/phone/quote/", phone.quote, name="quote"),
    path("orders/phone/skus/", phone.skus, name="skus"),
    path("orders/phone/customers/", phone.customers, name="customers"),
    path("orders/phone/address/", phone.address, name="address"),
    path("orders/import/", upload.uploads, name="uploads"),
    path("orders/import/<int:pk>/", upload.upload, name="upload"),
    path("orders/import/<int:pk>/start/", upload.start, name="upload_start"),
    path("orders/import/<int:pk>/discard/", upload.discard, name="upload_discard"),
    path("orders/bulk/<slug:what>/", bulk.bulk, name="bulk"),
    path("orders/views/save/", views.save, name="save_view"),
    path("orders/views/counts/", views.counts, name="view_counts"),
    path("orders/views/<int:pk>/drop/", views.drop, name="drop_view"),
]
