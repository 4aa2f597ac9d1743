"""Panels of the order page: its lines and where each piece is, its addresses, why it ships from there, its marks."""

from collections import Counter
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from inventory.services.availability import available
from orders.models import Allocation, Gathering, Hold
from orders.models.worth import kept_of, total
from orders.services import change
from orders.services.confirm import waits_for

Status = Allocation.Status
PANELS = "orders/console/panels"
# How far a piece has come, for the line's small summary.
TONES = {
    Status.BACKORDERED: "warn",
    Status.RESERVED: "quiet",
    Status.ON_FLOOR: "busy",
    Status.PICKED: "busy",
    Status.SHIPPED: "good",
}


def lines(order, user):
    """What was ordered, and for each line where its pieces are and how many more there would be."""
    rows = list(order.lines.all())
    where = {}
    allocations = order.allocations.select_related("location", "supply_location", "sku").exclude(status=Status.FREED)
    is_short = any(row.status == Status.BACKORDERED for row in allocations)
    gathered_at = Gathering.objects.places_of([order]).get(order.pk) if is_short else None
    for row in allocations:
        where.setdefault(row.line_id, []).append(
            {
                "pieces": row.quantity,
                "place": _place(row),
                **_words(row, gathered_at),
            }
        )
    left = _available({line.sku_id for line in rows if line.open_quantity}) if order.is_open else {}
    for line in rows:
        line.where = where.get(line.pk, [])
        line.available = left.get(line.sku_id, 0)
    kept, charges = kept_of(order, rows, list(order.charges.all()))
    for line, worth in kept:
        line.now = worth
    sums = {
        "charges": charges,
        "discounts": list(order.discounts.all()),
        "now": total([*(worth for _, worth in kept), *charges]),
    }
    return {
        "title": "Lines",
        "template": f"{PANELS}/lines.html",
        "context": {"lines": rows, **sums},
        "actions": _actions(order, user, has_open=any(line.open_quantity for line in rows if line.kind != "kit")),
        "headline": [*_waiting(order), *_preorder(order, rows)],
    }


def addresses(order, user):
    context = {
        "addresses": [
            ("Ship to", order.ship_to, address_text(order.ship_to)),
            ("Bill to", order.bill_to, address_text(order.bill_to)),
        ]
    }
    return {
        "title": "Addresses",
        "template": f"{PANELS}/addresses.html",
        "context": context,
        "place": "side",
    }


TERMS = ("shipping", "handling", "split", "gathering", "late", "scarce")


def sourcing(order, user):
    """Why the goods come from where they come from."""
    decision = order.decisions.last()
    if decision is None:
        return None
    return {
        "title": "Why from here?",
        "template": f"{PANELS}/sourcing.html",
        "context": {
            "decision": decision,
            **decision.plans,
            "plans": [_in_order(plan) for plan in decision.plans["plans"]],
        },
    }


def _in_order(plan):
    """Return `plan` with its terms in the order people read them: PostgreSQL keeps none in JSON."""
    terms = plan.get("terms", {})
    return plan | {"terms": {name: terms[name] for name in TERMS if name in terms}}


def marks(order, user):
    context = {"tags": list(order.tags.all()), "notes": list(order.notes.all())}
    return {
        "title": "Tags and notes",
        "template": f"{PANELS}/marks.html",
        "context": context,
        "place": "side",
    }


def address_text(address):
    """Return an address as it is written on a parcel, line by line."""
    town = " ".join(filter(None, [address.get("postcode"), address.get("city"), address.get("region")]))
    lines = [address.get(name) for name in ("name", "company", "line1", "line2")]
    return "\n".join(filter(None, [*lines, town, address.get("country")]))


def _available(skus):
    """Return {sku id: pieces that can be promised now, anywhere}; one statement."""
    left = Counter()
    for (sku_id, _), pieces in available(skus).items():
        left[sku_id] += pieces
    return left


def _waiting(order):
    if order.status != order.Status.PLACED:
        return []
    waits = waits_for(order)
    return [{"label": "Waits for", "text": ", ".join(waits)}] if waits else []


def _words(row, gathered_at):
    """Return how far a piece has come: one that is brought to where the order is gathered is not missing."""
    if gathered_at and row.status == Status.BACKORDERED and row.supply_location_id == gathered_at:
        return {"words": "On its way", "tone": "busy"}
    if row.status == Status.BACKORDERED and row.sku.is_made_to_order and row.supply_at:
        return {"words": "Being made", "tone": "busy"}
    return {"words": row.get_status_display(), "tone": TONES[row.status]}


def _place(row):
    if row.location:
        return row.location.code
    if row.supply_location is None:
        return "nowhere yet"
    return f"{row.supply_location} on {row.supply_at.astimezone(ZoneInfo(row.supply_location.tz)):%-d %b}"


def _preorder(order, lines):
    """Say on which day the last of the pre-ordered goods is released."""
    today = timezone.localdate()
    days = [line.sku.released_on for line in lines if line.open_quantity and line.sku.is_preorder(today)]
    return [{"label": "Pre-order", "text": f"released on {max(days):%-d %b %Y}"}] if days and order.is_open else []


def _actions(order, user, *, has_open):
    """Return what this user may do to the order as it is now."""
    is_draft = order.status == order.Status.DRAFT
    may = user.has_perm
    found = []
    if is_draft and may("orders.add_order"):
        found.append(_action("Go on with the draft", "phone_draft", order, "e", "edit", tone="primary", dialog=False))
    if order.is_open and may("orders.change_order") and change.is_changeable(order):
        found.append(_action("Edit", "edit", order, "e", "edit", dialog=False))
    if order.is_open and order.is_held and may("orders.hold_order"):
        found.append(_action("Release", "release", order, "r", "lock_open", tone=_release_tone(order)))
    if order.is_open and has_open and may("orders.hold_order"):
        found.append(_action("Hold", "hold", order, "h", "lock"))
    found += _marks(order, may, has_open=has_open and (order.is_open or is_draft))
    if (order.is_open or is_draft) and has_open and may("orders.cancel_order"):
        found.append(_action("Cancel", "cancel", order, "x", "cancel", tone="danger"))
    return found


def _marks(order, may, *, has_open):
    found = [_action("Note", "note", order, "n", "sticky_note_2")] if may("orders.add_note") else []
    if may("orders.change_order"):
        found.append(_action("Tag", "tag", order, "t", "label"))
        if has_open:
            found.append(_action("Priority", "prioritise", order, "p", "priority_high"))
    return found


def _release_tone(order):
    """Return "primary" where a hold waits for somebody who lifts it, not only for goods or a day."""
    people = Hold.objects.active().filter(order=order).exclude(kind__in=Hold.LIFTED_BY_ITSELF)
    return "primary" if people.exists() else ""


def _action(label, name, order, key, icon, *, tone="", dialog=True):
    url = reverse(f"console:{name}", args=[order.pk])
    return {"label": label, "url": url, "key": key, "icon": icon, "tone": tone, "dialog": dialog}
