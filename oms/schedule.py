"""What runs when: (dotted name of a function without arguments, every so many seconds).

Either kind of worker runs it; a row of `ScheduledRun` makes one run a period, however many workers.
"""

SCHEDULE: list[tuple[str, int]] = [
    ("fulfilment.services.buy_label.settle_due", 60),
    ("fulfilment.services.cancel_work.escalate_due", 900),
    ("fulfilment.services.check_address.check_due", 60),
    ("fulfilment.services.dropship.escalate_due", 900),
    ("fulfilment.services.pickup.give_up_due", 3600),
    ("fulfilment.services.pickup.remind_due", 3600),
    ("fulfilment.services.poll_tracking.poll_due", 900),
    ("fulfilment.services.watch_parcels.watch_due", 3600),
    ("fulfilment.services.wave_clock.release_due", 60),
    ("inventory.services.refill.make_due", 60),
    ("inventory.services.replenish.start", 24 * 3600),
    ("inventory.services.count_classes.classify_all", 24 * 3600),
    ("inventory.services.cycle_counts.open_due", 24 * 3600),
    ("inventory.services.watch_stock.watch", 3600),
    ("inventory.services.withhold.withhold_due", 3600),
    ("oms.partners.tasks.purge_idempotent_requests", 3600),
    ("oms.partners.tasks.purge_logs", 3600),
    ("orders.imports.sheets.receive.forget_due", 24 * 3600),
    ("orders.imports.upload.discard_forgotten", 24 * 3600),
    ("orders.services.backorder.repeg_all", 3600),
    ("orders.services.backorder.take_up_all", 60),
    ("orders.services.empty_documents.empty_due", 3600),
    ("orders.services.follow_stock.follow_all", 300),
    ("orders.services.list_goods.list_due", 3600),
    ("orders.services.poll_channel.poll_due", 60),
    ("orders.services.close.close_due", 3600),
    ("orders.services.close.expire_unpaid", 300),
    ("orders.services.holds.release_due", 60),
    ("orders.services.reconcile_channel.reconcile_all", 24 * 3600),
    ("orders.services.shortage.decide_due", 300),
    ("orders.services.take_up_files.take_up_due", 60),
    ("returns.services.request.expire_due", 3600),
]
