"""Waves: looked at first, then released cart by cart, each cart's list in a transaction of its own.

A wave of a thousand orders is released by the workers, a delivery a cart: it can be stopped, goes on where it was,
and whoever comes second finds the cart's orders on their list already.
"""

import time
from datetime import datetime

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PickList, Wave, WaveOrder, WavePreset
from fulfilment.services.release import make_list, withdraw
from fulfilment.services.simulate_wave import simulate
from oms.lib.commands import command
from oms.lib.errors import InvalidTransition, Retry
from oms.outbox.models import Event
from oms.outbox.publish import publish, publish_all

Status, State = Wave.Status, WaveOrder.State
AT_ONCE_S = 3.0  # so long the one who releases waits; the workers do the rest


def preview(preset, *, slot="", now=None, actor):
    """Plan a wave by a preset and return it as a DRAFT: its carts and figures; nothing goes to the floor yet.

    A preview that nobody released gives way to the new one. Raises InvalidTransition when nothing is ready.
    """
    found = simulate(preset, now)
    if not found.carts:
        why = "; ".join(f"{row['count']} {row['why']}" for row in found.figures["left_out"])
        raise InvalidTransition(f"Nothing is ready for {preset}{f': {why}' if why else ''}.")
    return _draft(preset, found, slot=slot, actor=actor)


@command
def _draft(preset, found, *, slot, actor):
    """Write a simulation as a wave; two who preview the same preset do so one after the other."""
    WavePreset.objects.lock(preset.pk)
    for old in Wave.objects.filter(preset=preset, status=Status.DRAFT).order_by("pk"):
        drop_planned(old.pk)
    wave = Wave.objects.create(
        location=preset.location,
        preset=preset,
        name=preset.name,
        rule=preset.rule,
        figures=found.figures,
        cutoff_at=min(cart.ship_by for cart in found.carts),
        slot=slot,
        created_by=actor,
    )
    WaveOrder.objects.bulk_create(
        WaveOrder(wave=wave, fulfilment_order=work, cart=number)
        for number, cart in enumerate(found.carts, start=1)
        for work in cart.works
    )
    return wave


def release_wave(wave_id, *, actor, seconds=AT_ONCE_S):
    """Release a wave: its first lists at once, for `seconds`; the rest comes from the workers. Returns the Wave.

    A second call makes no second list. Raises InvalidTransition when it is over.
    """
    begin(wave_id, actor=actor)
    until = time.monotonic() + seconds
    for cart in planned_carts(wave_id):
        if time.monotonic() > until:
            break
        release_cart(wave_id, cart, actor=actor)
    return Wave.objects.get(pk=wave_id)


@command
def begin(wave_id, *, actor):
    """Let a previewed wave go to the floor: a delivery a cart. One that was stopped goes on; a done one stays done."""
    wave = Wave.objects.lock(wave_id)
    if wave.is_going or wave.status == Status.DONE:
        return wave
    was_stopped, wave.is_stopped = wave.is_stopped, False
    if wave.status == Status.RELEASED:
        wave.save(update_fields=["is_stopped"])
    else:
        wave.released_by, wave.released_at = actor, timezone.now()
        wave.move_to(Status.RELEASED)
    name = "wave.resumed" if was_stopped else "wave.released"
    publish(name, f"wave:{wave.pk}", actor=actor, wave=wave.pk, slot=wave.slot)
    publish_all(
        [
            Event(name="wave.cart_due", subject=f"wave:{wave.pk}", actor=actor, data={"wave": wave.pk, "cart": cart})
            for cart in planned_carts(wave.pk)
        ]
    )
    return wave


@command
def release_cart(wave_id, cart, *, actor):
    """Make the pick list of one cart of a released wave and return it; None when there is nothing to make.

    Whoever comes second waits for the orders' locks, and finds them on the list. What cannot be released is left
    out and says why.
    """
    wave = Wave.objects.get(pk=wave_id)
    ids = list(_on_cart(wave, cart).values_list("fulfilment_order_id", flat=True))
    if not ids or not wave.is_going:
        return None
    released = make_list(ids, actor=actor, wave=wave, cart=cart)
    wave = Wave.objects.lock(wave_id)
    rows = list(_on_cart(wave, cart))
    if not rows and released.pick_list is None:
        return None
    if not wave.is_going or {row.fulfilment_order_id for row in rows} != set(ids):
        raise Retry("The wave was stopped, taken back or released meanwhile.")
    _note(rows, released)
    finish(wave)
    return released.pick_list


def _note(rows, released):
    """Write down what became of the orders of a cart."""
    reasons = {work.pk: why for work, why in released.skipped.items()}
    works = released.pick_list.fulfilment_orders.values_list("pk", flat=True) if released.pick_list else ()
    on_list = set(works)
    for row in rows:
        is_on = row.fulfilment_order_id in on_list
        row.state = State.RELEASED if is_on else State.LEFT_OUT
        row.pick_list = released.pick_list if is_on else None
        row.why = "" if is_on else reasons.get(row.fulfilment_order_id, "It is not open any more")[:200]
    WaveOrder.objects.bulk_update(rows, ["state", "pick_list", "why"])


@command
def stop_wave(wave_id):
    """Make no more lists of a wave until it is released again; those that were made stay."""
    wave = Wave.objects.lock(wave_id)
    if wave.status != Status.RELEASED:
        raise InvalidTransition(f"Wave {wave} is {wave.get_status_display().lower()}: nothing is to be stopped.")
    wave.is_stopped = True
    wave.save(update_fields=["is_stopped"])
    return wave


def withdraw_wave(wave_id, *, actor):
    """Take a wave back: what nobody began goes back to the board; returns how many orders.

    A list in a transaction; what was begun stays with its picker. A second call finds nothing left to take.
    """
    drop_planned(wave_id)
    lists = PickList.objects.open().filter(wave=wave_id).order_by("pk").values_list("pk", flat=True)
    taken = sum(withdraw(pk, actor=actor) for pk in list(lists))
    close(wave_id, actor=actor)
    return taken


@command
def drop_planned(wave_id):
    """Nothing more of a wave is released; a preview is dropped by it."""
    wave = Wave.objects.lock(wave_id)
    WaveOrder.objects.planned().filter(wave=wave).update(state=State.BACK)
    if wave.status == Status.DRAFT:
        wave.move_to(Status.CANCELLED)
    return wave


@command
def close(wave_id, *, actor):
    """A withdrawn wave of which nobody has anything is CANCELLED; else it is done when its lists are."""
    wave = Wave.objects.lock(wave_id)
    if wave.status != Status.RELEASED:
        return wave
    publish("wave.withdrawn", f"wave:{wave.pk}", actor=actor, wave=wave.pk)
    if not wave.orders.filter(state=State.RELEASED).exists():
        wave.move_to(Status.CANCELLED)
    return finish(wave)


@command
def follow_lists(wave_id):
    """A list of the wave was done, opened again or taken back: the wave follows. A second call does nothing."""
    return finish(Wave.objects.lock(wave_id))


def finish(wave):
    """Move a locked wave on: DONE when all its carts and lists are, RELEASED again when one is opened again."""
    is_open = WaveOrder.objects.planned().filter(wave=wave).exists()
    is_open = is_open or PickList.objects.open().filter(wave=wave).exists()
    if wave.status == Status.RELEASED and not is_open:
        wave.move_to(Status.DONE)
    elif wave.status == Status.DONE and is_open:
        wave.move_to(Status.RELEASED)
    return wave


def planned_carts(wave_id):
    """Return the numbers of the carts of a wave that are still to be released, in their order."""
    rows = WaveOrder.objects.planned().filter(wave=wave_id).order_by("cart")
    return list(rows.values_list("cart", flat=True).distinct())


def progress_of(wave):
    """Return how far a wave is: {"planned", "released", "left_out", "back"} orders, "picked" and "packed" of them."""
    states = list(wave.orders.values_list("state", "fulfilment_order__status", "fulfilment_order__picked_at"))
    counts = {state: sum(row[0] == state for row in states) for state in State.values}
    on_list = [row for row in states if row[0] == State.RELEASED]
    counts["picked"] = sum(picked_at is not None for _, _, picked_at in on_list)
    over = (FulfilmentOrder.Status.PACKED, FulfilmentOrder.Status.READY_FOR_PICKUP)
    over += (FulfilmentOrder.Status.SHIPPED, FulfilmentOrder.Status.CLOSED)
    counts["packed"] = sum(status in over for _, status, _ in on_list)
    return counts


def moment(text):
    """Return the moment that figures hold as ISO 8601 text."""
    return datetime.fromisoformat(text)


def _on_cart(wave, cart):
    return WaveOrder.objects.planned().filter(wave=wave, cart=cart)
