"""What fulfilment adds to the pages of an order, see oms/panels.py."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfilment.customer.parcels import told_parcels, told_pickups
from fulfilment.models import AddressCheck, FulfilmentOrder, Parcel, ParcelCase, TrackingEvent
from fulfilment.services.check_address import SHIPPED_BY_CARRIERS, books, last_check, suggested
from oms.papers.models import Document
from orders.panels.order import address_text

Status = FulfilmentOrder.Status
ADDRESS_LOOKS = {
    AddressCheck.Verdict.FOUND: ("good", "check_circle"),
    AddressCheck.Verdict.NOT_FOUND: ("bad", "wrong_location"),
}


def parcels(order, user):
    """The parcels, where they are, their papers; what can be done with each; None before there is one."""
    rows = order.parcels.exclude(status=Parcel.Status.CANCELLED).select_related(
        "carrier", "postage", "fulfilment_order__location"
    )
    cases = Prefetch("cases", ParcelCase.objects.select_related("replacement", "refund"))
    rows = list(rows.prefetch_related("lines__sku", "lines__lot", "lines__serials__serial", "tracking_events", cases))
    if not rows:
        return None
    kept = Document.objects.filter(kind__in=("shipping_label", "packing_photo"), object_id__in=[row.pk for row in rows])
    kept = set(kept.values_list("kind", "object_id"))
    for row in rows:
        row.has_label = bool(row.tracking_number) and ("shipping_label", row.pk) in kept
        row.has_photo = ("packing_photo", row.pk) in kept
        row.case = next((case for case in row.cases.all() if case.closed_at is None), None)
        row.is_made_good = any(case.outcome in ParcelCase.MADE_GOOD for case in row.cases.all())
    return {
        "title": "Parcels",
        "template": "fulfilment/console/parcels.html",
        "context": {"parcels": rows, "may_print": user.has_perm("fulfilment.view_parcel")},
        "actions": _parcel_actions(rows, user),
        "headline": [_stuck(row) for row in rows if row.case]
        + [_headline(row) for row in rows if row.status in Parcel.GONE],
    }


def work(order, user):
    """Which location works on what, and how far it is; None before the order is confirmed."""
    rows = list(
        order.fulfilment_orders.with_stop()
        .select_related("location", "pick_list")
        .prefetch_related("lines")
        .order_by("pk")
    )
    if not rows:
        return None
    for row in rows:
        lines = row.lines.all()
        row.wanted = sum(line.wanted for line in lines)
        row.done = {name: sum(getattr(line, name) for line in lines) for name in ("picked", "packed", "shipped")}
    return {
        "title": "Warehouse",
        "template": "fulfilment/console/work.html",
        "context": {"work": rows},
        "actions": _work_actions(rows, user),
        "headline": [_stop(row) for row in rows if row.is_stopped],
    }


def address_check(order, user):
    """What a carrier says of the address; None where none can be asked, or none is needed any more."""
    row = last_check(order)
    may_ask = order.is_open and order.method in SHIPPED_BY_CARRIERS and books().exists()
    if row is None and not may_ask:
        return None
    actions = []
    if may_ask and user.has_perm("orders.change_order"):
        actions.append(_action("Check the address", "ask_address", order.pk, "wrong_location"))
        if row and row.suggestion:
            actions.append(_action(f"Use {row.carrier}'s address", "use_address", row.pk, "edit_location"))
    tone, icon = ADDRESS_LOOKS.get(row and row.verdict, ("quiet", "help"))
    theirs = address_text(suggested(row)) if row and row.suggestion else ""
    return {
        "title": "Address check",
        "template": "fulfilment/console/address_check.html",
        "context": {"check": row, "theirs": theirs, "tone": tone, "icon": icon},
        "place": "side",
        "actions": actions,
    }


def customer_parcels(order, reader):
    """The parcels that left, and what waits to be collected, for the customer; None before that."""
    parcels = told_parcels(Parcel.objects.gone().filter(order=order), reader)
    pickups = told_pickups(order, reader)
    if not parcels and not pickups:
        return None
    return {
        "title": _("Ready to be collected") if pickups else _("Your parcels"),
        "template": "fulfilment/customer/parcels.html",
        "context": {"parcels": parcels, "pickups": pickups},
    }


def _headline(parcel):
    """The last that is known of a parcel, in one line, with the carrier's page behind it."""
    events = list(parcel.tracking_events.all())
    if parcel.status == Parcel.Status.DELIVERED:  # a scan may be booked later than the parcel arrived
        events = [event for event in events if event.code == TrackingEvent.Code.DELIVERED]
    said = f"{events[0].get_code_display()} {events[0].place}".strip() if events else parcel.state
    who = f"{parcel.carrier or ''} {parcel.tracking_number}".strip()
    return {"label": f"Parcel {parcel.number}", "text": f"{who} {said}".strip(), "url": parcel.tracking_url}


def _stuck(parcel):
    """That a parcel is late or stuck, with the queue behind it."""
    text = f"{parcel.case.get_kind_display()}, since {timezone.localtime(parcel.case.since):%d %b %H:%M}"
    return {"label": f"Parcel {parcel.number} late or stuck", "text": text, "url": parcel.tracking_url}


def _stop(work):
    return {"label": f"STOP at {work.location}", "text": "the floor was asked to take goods out; its answer is awaited"}


def _parcel_actions(rows, user):
    actions = []
    linked = [row for row in rows if row.tracking_url]
    if linked:
        actions.append({"label": "Copy tracking", "copies": linked[-1].tracking_url, "key": "c", "icon": "link"})
    for row in rows:
        if row.status in (Parcel.Status.SHIPPED, Parcel.Status.HANDED_OVER) and user.has_perm(
            "fulfilment.change_parcel"
        ):
            actions.append(_action(f"Parcel {row.number} arrived", "deliver", row.pk, "package_2"))
        if row.case and user.has_perm("fulfilment.change_parcel"):
            actions += [
                _action(f"Tell of parcel {row.number}", "tell", row.case.pk, "mail"),
                _action(f"Settle parcel {row.number}", "settle_case", row.case.pk, "task_alt"),
                _action(f"Parcel {row.number} is lost", "lost", row.case.pk, "unknown_document", tone="danger"),
            ]
        if row.status in Parcel.GONE and not row.is_made_good and user.has_perm("fulfilment.change_parcel"):
            actions.append(_action(f"Parcel {row.number} is damaged", "damaged", row.pk, "broken_image"))
    for pk in {row.fulfilment_order_id for row in rows if row.status == Parcel.Status.SHIPPED}:
        if user.has_perm("fulfilment.unship_parcel"):
            actions.append(_action("Take the shipment back", "take_back", pk, "undo", tone="danger"))
    return actions


def _work_actions(rows, user):
    if not user.has_perm("fulfilment.pack_parcel"):
        return []
    ours = [row for row in rows if row.status in (Status.PICKING, Status.PACKED) and not row.is_third_party]
    return [
        {"label": f"Bench {row.tote_code}".strip(), "url": reverse("floor:bench", args=[row.pk]), "icon": "package"}
        for row in ours
    ]


def _action(label, name, pk, icon, *, tone=""):
    return {"label": label, "url": reverse(f"work:{name}", args=[pk]), "icon": icon, "tone": tone, "dialog": True}
