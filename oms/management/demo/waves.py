"""Presets of waves, a wave that is being picked and one that was looked at only, and what goes wrong on the way."""

from django.contrib.auth.models import User

from fulfilment.models import PickList, WavePreset
from fulfilment.services import pick, refused, short, wave
from inventory.models import Location
from oms.lib.errors import InvalidTransition

PRESETS = (
    ("Next cut-off", {"due": "cutoff", "totes": 12, "most_weight_g": 40_000}),
    ("Express", {"due": "any", "priority": 3, "totes": 6, "verifies_totes": True}),
    ("One line, one container", {"due": "any", "size": "line", "mode": "batch", "totes": 30}),
    ("Late", {"due": "late", "totes": 12}),
)
MORNING = {"due": "cutoff", "is_automatic": True, "times": "07:00 11:00", "when_ready": 80}
WAREHOUSES = ("BER", "HAM", "MUC")
ACTOR = "system"


def make():
    """Write the presets that are missing; a warehouse that had none gets its first wave."""
    for place in Location.objects.filter(code__in=WAREHOUSES).order_by("code"):
        is_new = not place.wave_presets.exists()
        for name, fields in PRESETS:
            WavePreset.objects.get_or_create(location=place, name=name, defaults=fields)
        if is_new and place.code == "HAM":
            _pick_some(place)
        if is_new and place.code == "BER":
            _preview(place, "One line, one container")
        if place.code == "MUC":
            WavePreset.objects.get_or_create(location=place, name="Morning", defaults=MORNING)
    for place in Location.objects.filter(kind=Location.Kind.STORE, allows_pickup=True):
        fields = {"due": "any", "goes_by": "pickup", "mode": PickList.Mode.DISCRETE}
        WavePreset.objects.get_or_create(location=place, name="Pickups", defaults=fields)


def _preview(place, name):
    """Look at a wave; None where nothing is ready."""
    try:
        return wave.preview(place.wave_presets.get(name=name), actor=ACTOR)
    except InvalidTransition:
        return None


def _pick_some(place):
    """Release a wave; the picker has done most of its first list, with a wrong scan and a short pick."""
    planned = _preview(place, "Next cut-off")
    if planned is None:
        return
    wave.release_wave(planned.pk, actor=ACTOR, seconds=600)
    ben = User.objects.get(username="ben")
    actor, first = f"user:{ben.pk}", planned.pick_lists.order_by("cart").first()
    if first is None:
        return
    pick.start(first.pk, picker=ben, actor=actor)
    tasks = list(first.tasks.select_related("fulfilment_line__fulfilment_order").in_walking_order())
    for task in tasks[: len(tasks) * 2 // 3]:
        pick.pick(task.pk, picked=task.quantity, actor=actor)
    refused.note(tasks[0], "bin", "A1-9-0", actor=actor)
    if tasks[0] is not tasks[-1]:
        refused.note(tasks[1], "item", tasks[0].sku.code, actor=actor)
        short.short(tasks[len(tasks) * 2 // 3].pk, reason="missing", actor=actor)
