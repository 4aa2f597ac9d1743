"""Which consumer hears which event: the only place where a lower app reaches a higher one.

Names are strings, so that no import points up. `BEFORE_SHRINK` is called before any stock lock when
a count, an adjustment or a short pick would take on_hand below what is reserved; `AT_THE_TILL` when a
partner says what was sold over a counter.
"""

BEFORE_SHRINK = "orders.services.backorder.make_room"
AT_THE_TILL = "fulfilment.services.till.sell"

SUBSCRIBERS: dict[str, list[str]] = {
    "carrier_collection.asked": [
        "fulfilment.tasks.book_carrier",
    ],
    "carrier_collection.cancelling": [
        "fulfilment.tasks.send_carrier_away",
    ],
    "carrier_manifest.asked": [
        "fulfilment.tasks.ask_carrier_manifest",
    ],
    "channel.day_over": [
        "orders.tasks.reconcile_channel",
    ],
    "channel.goods_due": [
        "orders.tasks.list_goods",
    ],
    "channel.poll_due": [
        "orders.tasks.poll_channel",
    ],
    "channel.received": [
        "orders.tasks.work_document",
    ],
    "document.made": [
        "orders.tasks.seal_bill",
    ],
    "document.requested": [
        "oms.papers.tasks.make_document",
    ],
    "edi.inbox_due": [
        "orders.tasks.take_up_inbox",
    ],
    "edi.queued": [
        "orders.tasks.write_edi",
    ],
    "manifest.closed": [
        "fulfilment.tasks.ask_carrier_manifest",
    ],
    "message.queued": [
        "oms.papers.tasks.send_message",
    ],
    "easypost.received": [
        "fulfilment.tasks.follow_carrier",
    ],
    "order.backordered": [
        "fulfilment.tasks.follow_order",
        "orders.tasks.ask_shortage",
    ],
    "order.cancel_requested": [
        "fulfilment.tasks.answer_cancel_request",
    ],
    "order.authorised": [
        "orders.tasks.capture_due",
    ],
    "order.cancelled": [
        "fulfilment.tasks.follow_order",
        "orders.tasks.mail_cancelled",
        "orders.tasks.tell_cancelled",
        "orders.tasks.release_rest",
        "orders.tasks.return_excess",
        "orders.tasks.settle_gathering",
        "orders.tasks.settle_shortage",
    ],
    "order.captured": [
        "orders.tasks.return_late_capture",
    ],
    "order.changed": [
        "fulfilment.tasks.follow_order",
        "orders.tasks.tell_changed",
        "orders.tasks.return_excess",
        "orders.tasks.settle_gathering",
        "orders.tasks.settle_shortage",
    ],
    "order.closed": [
        "fulfilment.tasks.close_work",
        "orders.tasks.release_rest",
    ],
    "order.confirmed": [
        "fulfilment.tasks.follow_order",
        "orders.tasks.capture_due",
    ],
    "order.dropship_requested": [
        "fulfilment.tasks.ask_supplier",
    ],
    "order.supplier_silent": [
        "fulfilment.tasks.remind_supplier",
    ],
    "order.delivered": [
        "fulfilment.tasks.mail_delivered",
    ],
    "order.lines_cancelled": [
        "fulfilment.tasks.follow_order",
        "orders.tasks.mail_lines_cancelled",
        "orders.tasks.tell_cancelled",
        "orders.tasks.return_excess",
        "orders.tasks.settle_gathering",
        "orders.tasks.settle_shortage",
    ],
    "order.payment_requested": [
        "orders.tasks.move_money",
    ],
    "order.placed": [
        "orders.tasks.verify_placed",
        "orders.tasks.mail_confirmation",
    ],
    "order.promise_moved": [
        "orders.tasks.mail_promise_moved",
    ],
    "order.ready_for_pickup": [
        "fulfilment.tasks.mail_ready_for_pickup",
    ],
    "order.refunded": [
        "orders.tasks.mail_refunded",
        "orders.tasks.tell_refunded",
    ],
    "order.released": [
        "fulfilment.tasks.follow_order",
    ],
    "order.resourced": [
        "fulfilment.tasks.follow_order",
    ],
    "order.restocked": [
        "fulfilment.tasks.follow_order",
        "orders.tasks.settle_gathering",
        "orders.tasks.settle_shortage",
    ],
    "order.shortage_asked": [
        "orders.tasks.mail_shortage",
    ],
    "order.shipped": [
        "fulfilment.tasks.mail_shipped",
        "fulfilment.tasks.tell_channel",
    ],
    "order.unshipped": [
        "fulfilment.tasks.mail_shipped",
        "fulfilment.tasks.tell_channel",
    ],
    "parcel.case_opened": [
        "fulfilment.tasks.mail_case",
    ],
    "purchase.cancelled": [
        "inventory.tasks.mail_purchase_cancelled",
        "orders.tasks.supply_moved",
    ],
    "purchase.closed_short": [
        "orders.tasks.supply_moved",
    ],
    "purchase.confirmed": [
        "orders.tasks.supply_moved",
    ],
    "purchase.received": [
        "inventory.tasks.learn_lead_time",
        "orders.tasks.supply_moved",
    ],
    "purchase.sent": [
        "inventory.tasks.print_and_mail_purchase",
        "orders.tasks.supply_moved",
    ],
    "replenishment.due": [
        "inventory.tasks.replenish_step",
    ],
    "return.approved": [
        "returns.tasks.print_slip",
        "returns.tasks.mail_approved",
    ],
    "return.declined": [
        "returns.tasks.mail_declined",
    ],
    "sheet.mapped": [
        "orders.tasks.check_sheet",
    ],
    "sheet.started": [
        "orders.tasks.take_sheet",
    ],
    "sku.making_changed": [
        "orders.tasks.take_up_backorders",
    ],
    "sku.release_moved": [
        "orders.tasks.release_moved",
        "orders.tasks.take_up_backorders",
    ],
    "stock.received": [
        "orders.tasks.take_up_backorders",
    ],
    "stock.supply_moved": [
        "orders.tasks.take_up_backorders",
    ],
    "transfer.cancelled": [
        "orders.tasks.supply_moved",
    ],
    "transfer.ready": [
        "orders.tasks.supply_moved",
    ],
    "transfer.received": [
        "orders.tasks.supply_moved",
    ],
    "transfer.reopened": [
        "orders.tasks.supply_moved",
    ],
    "transfer.shipped": [
        "orders.tasks.supply_moved",
    ],
    "transfer.shortened": [
        "orders.tasks.supply_moved",
    ],
    "upload.started": [
        "orders.tasks.import_upload",
    ],
    "wave.cart_due": [
        "fulfilment.tasks.release_cart",
    ],
    "wave.list_moved": [
        "fulfilment.tasks.follow_lists",
    ],
    "webhook.switched_off": [
        "oms.partners.tasks.mail_switched_off",
    ],
}

# Who hears of an order beside those, where it came by EDI: most did not, and a delivery for each costs.
EDI_SUBSCRIBERS: dict[str, list[str]] = {
    "carrier_collection.asked": [
        "fulfilment.tasks.book_carrier",
    ],
    "carrier_collection.cancelling": [
        "fulfilment.tasks.send_carrier_away",
    ],
    "carrier_manifest.asked": [
        "fulfilment.tasks.ask_carrier_manifest",
    ],
    "order.cancelled": ["orders.tasks.answer_by_edi"],
    "order.confirmed": ["orders.tasks.answer_by_edi"],
    "order.invoiced": ["orders.tasks.bill_by_edi"],
    "order.shipped": ["fulfilment.tasks.advise_by_edi"],
}

# Events of an order that the partner it belongs to is told of by webhook, and who tells it.
PUBLIC_EVENTS: set[str] = {
    "order.placed",
    "order.confirmed",
    "order.held",
    "order.released",
    "order.changed",
    "order.backordered",
    "order.restocked",
    "order.promise_moved",
    "order.cancel_requested",
    "order.cancelled",
    "order.lines_cancelled",
    "order.closed",
    "order.shipped",
    "order.delivered",
    "order.unshipped",
    "order.handed_over",
    "order.ready_for_pickup",
    "order.cancel_accepted",
    "order.cancel_refused",
    "order.paid",
    "order.payment_failed",
    "order.invoiced",
    "order.credited",
    "order.refunded",
    "return.requested",
    "return.approved",
    "return.declined",
    "return.in_transit",
    "return.received",
    "return.inspected",
    "return.resolved",
    "return.expired",
}
TELLS_PARTNER = "oms.partners.tasks.fan_out"

# What only writes to people: no picker waits behind a mail server. A worker without a broker takes a few of these
# after whatever else is due; Celery's take them after that, too.
MAIL = {"oms.papers.tasks.send_message"}
MAIL |= {name for names in SUBSCRIBERS.values() for name in names if ".tasks.mail_" in name}

# What takes seconds or minutes: no e-mail and no picker waits behind it. A worker without a broker runs these beside
# the rest, one at a time; Celery's take them when nothing else is there.
SLOW = {
    "fulfilment.tasks.ask_carrier_manifest",
    "fulfilment.tasks.book_carrier",
    "fulfilment.tasks.send_carrier_away",
    "oms.papers.tasks.make_document",
    "orders.tasks.check_sheet",
    "orders.tasks.import_upload",
    "orders.tasks.list_goods",
    "orders.tasks.poll_channel",
    "orders.tasks.reconcile_channel",
    "orders.tasks.release_moved",
    "orders.tasks.take_sheet",
    "orders.tasks.take_up_inbox",
}

# What every worker does beside its deliveries, since it waits for servers of others: each an oms.lib.beside.Beside.
BESIDE: list[str] = [
    "oms.partners.services.send_webhooks.SENDER",
    "orders.services.tell_channels.SENDER",
]

# What can be printed and sent: kind -> dotted function, see oms/papers/base.py.
DOCUMENTS: dict[str, str] = {
    "carrier_manifest": "fulfilment.documents.carrier_manifest.render",
    "credit_note": "orders.documents.credit_note.render",
    "customs_form": "fulfilment.documents.customs_form.render",
    "dropship_request": "fulfilment.documents.dropship_request.render",
    "invoice": "orders.documents.invoice.render",
    "manifest": "fulfilment.documents.manifest.render",
    "packing_photo": "fulfilment.documents.packing_photo.render",
    "packing_slip": "fulfilment.documents.packing_slip.render",
    "pick_list": "fulfilment.documents.pick_list.render",
    "purchase_order": "inventory.documents.purchase_order.render",
    "return_slip": "returns.documents.return_slip.render",
    "shipping_label": "fulfilment.documents.shipping_label.render",
    "supplier_return": "inventory.documents.supplier_return.render",
}
EMAILS: dict[str, str] = {
    "dropship_reminder": "fulfilment.emails.dropship_reminder",
    "dropship_request": "fulfilment.emails.dropship_request",
    "order_cancelled": "orders.emails.cancelled",
    "order_confirmation": "orders.emails.confirmation",
    "order_dated": "orders.emails.dated",
    "order_delayed": "orders.emails.delayed",
    "order_delivered": "fulfilment.emails.delivered",
    "order_lines_cancelled": "orders.emails.lines_cancelled",
    "order_link": "orders.emails.fresh_link",
    "order_pickup_reminder": "fulfilment.emails.pickup_reminder",
    "order_ready_for_pickup": "fulfilment.emails.ready_for_pickup",
    "order_refunded": "orders.emails.refunded",
    "order_restocked": "orders.emails.restocked",
    "order_shortage": "orders.emails.shortage",
    "order_shipped": "fulfilment.emails.shipped",
    "parcel_trouble": "fulfilment.emails.parcel_trouble",
    "purchase_cancelled": "inventory.emails.purchase_cancelled",
    "purchase_order": "inventory.emails.purchase_order",
    "return_approved": "returns.emails.approved",
    "return_declined": "returns.emails.declined",
    "webhook_switched_off": "oms.partners.emails.webhook_switched_off",
}
