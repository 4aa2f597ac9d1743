"""All that happened to an order, in people's words, with who did it and when. Reads only."""

from oms.outbox.models import Event
from oms.partners.actors import actor_names

# name: (words, icon). A name that is not here is read as it stands: "order.parcel_lost" → "Parcel lost".
WORDS = {
    "order.drafted": ("Draft saved", "edit_note"),
    "order.placed": ("Order placed", "shopping_cart"),
    "order.imported": ("Imported", "upload_file"),
    "order.confirmed": ("Confirmed: goes to the warehouse", "task_alt"),
    "order.closed": ("Closed", "inventory"),
    "order.held": ("Put on hold", "lock"),
    "order.released": ("Hold released", "lock_open"),
    "order.changed": ("Changed", "edit"),
    "order.address_checked": ("Carrier asked about the address", "wrong_location"),
    "order.tagged": ("Tagged", "label"),
    "order.untagged": ("Tag removed", "label_off"),
    "order.noted": ("Note written", "sticky_note_2"),
    "order.note_removed": ("Note removed", "delete"),
    "order.prioritised": ("Priority changed", "priority_high"),
    "order.cancelled": ("Cancelled", "cancel"),
    "order.lines_cancelled": ("Lines cancelled", "remove_shopping_cart"),
    "order.cancel_requested": ("Warehouse asked to stop", "front_hand"),
    "order.cancel_accepted": ("Warehouse stopped it", "front_hand"),
    "order.cancel_refused": ("Warehouse could not stop it", "front_hand"),
    "order.backordered": ("Pieces missing: backordered", "hourglass_top"),
    "order.resourced": ("Sourced anew", "alt_route"),
    "order.gathering": ("Pieces brought together into one parcel", "move_to_inbox"),
    "order.restocked": ("Missing pieces reserved", "inventory_2"),
    "order.shortage_asked": ("Customer asked what to do about missing pieces", "help"),
    "order.shortage_answered": ("Missing pieces: decided", "rule"),
    "order.promise_moved": ("Promise moved", "event"),
    "order.dropship_requested": ("Supplier asked to send it", "factory"),
    "order.cancel_unanswered": ("The warehouse does not answer the cancellation", "front_hand"),
    "order.supplier_silent": ("The supplier does not answer", "factory"),
    "order.shipped": ("Shipped", "local_shipping"),
    "order.unshipped": ("Shipment taken back", "undo"),
    "order.handed_over": ("Handed to the carrier", "local_shipping"),
    "order.delivered": ("Delivered", "where_to_vote"),
    "order.ready_for_pickup": ("Ready to be collected", "storefront"),
    "order.pickup_reminded": ("Customer reminded to collect it", "storefront"),
    "order.pickup_refused": ("Somebody showed a wrong code", "front_hand"),
    "order.payment_requested": ("Payment asked of the gateway", "credit_card"),
    "order.payment_failed": ("Payment failed", "credit_card_off"),
    "order.authorised": ("Payment authorised", "credit_card"),
    "order.captured": ("Payment captured", "payments"),
    "order.voided": ("Authorisation released", "credit_card_off"),
    "order.paid": ("Paid", "payments"),
    "order.invoiced": ("Invoice issued", "receipt"),
    "order.credited": ("Credit note issued", "receipt"),
    "order.refund_requested": ("Refund requested", "currency_exchange"),
    "order.refund_rejected": ("Refund rejected", "currency_exchange"),
    "order.refund_failed": ("Refund failed", "currency_exchange"),
    "order.refunded": ("Refunded", "currency_exchange"),
    "parcel.case_opened": ("Parcel late or stuck", "running_with_errors"),
    "parcel.case_closed": ("News of the parcel: not stuck any more", "task_alt"),
    "parcel.case_settled": ("Late or stuck parcel: settled", "task_alt"),
    "parcel.lost": ("Parcel given up as lost", "unknown_document"),
    "parcel.damaged": ("Parcel arrived damaged", "broken_image"),
    "parcel.claim_open": ("Carrier asked to pay for the parcel", "request_quote"),
    "parcel.claim_paid": ("Carrier pays for the parcel", "request_quote"),
    "parcel.claim_refused": ("Carrier does not pay for the parcel", "request_quote"),
    "fulfilment.released": ("On a pick list", "checklist"),
    "fulfilment.picking": ("Being picked", "shopping_basket"),
    "fulfilment.picked": ("Picked", "shopping_basket"),
    "fulfilment.packed": ("Packed", "package_2"),
    "fulfilment.ready_for_pickup": ("Ready to be collected", "storefront"),
    "fulfilment.cancelled": ("Work of the warehouse cancelled", "cancel"),
    "fulfilment.rejected": ("Rejected by the location", "block"),
    "fulfilment.open": ("Work for the warehouse", "warehouse"),
    "message.sent": ("E-mail sent", "mail"),
    "message.stopped": ("E-mail stopped", "unsubscribe"),
    "document.reprinted": ("Document printed again", "print"),
}
# Steps of the machinery, which say nothing that the step after them does not.
UNTOLD = {"message.queued", "document.requested"}
TONES = {
    "failed": "bad",
    "refused": "bad",
    "cancelled": "bad",
    "held": "warn",
    "lost": "bad",
    "damaged": "bad",
    "case_opened": "warn",
    "backordered": "warn",
    "requested": "warn",
}
# What of an event's data people want to read beside it, in this order.
TOLD = ("kind", "reason", "cause", "fields", "priority", "audience")


def entries(order, *, most):
    """Return the newest `most` of {"at", "who", "name", "text", "detail", "icon", "tone"}, newest first."""
    events = list(Event.objects.timeline(order.subject).exclude(name__in=UNTOLD)[:most])
    names = actor_names(event.actor for event in events)
    return [{"at": event.at, "who": names[event.actor], "name": event.name, **_told(event)} for event in events]


def _told(event):
    text, icon = WORDS.get(event.name, (_plain(event.name), "circle"))
    tone = next((tone for end, tone in TONES.items() if event.name.endswith(end)), "quiet")
    return {"text": text, "detail": ", ".join(_details(event.data)), "icon": icon, "tone": tone}


def _plain(name):
    return name.partition(".")[2].replace("_", " ").capitalize()


def _details(data):
    told = [data[key] for key in TOLD if data.get(key)]
    words = [", ".join(map(str, value)) if isinstance(value, list) else str(value) for value in told]
    pieces = data.get("lines")
    if isinstance(pieces, dict) and pieces:
        words.append(f"{sum(pieces.values())} pieces")
    if isinstance(data.get("parcels"), list):
        words.append("parcel " + ", ".join(f"P{pk}" for pk in data["parcels"]))
    return [word.replace("_", " ") for word in words]
