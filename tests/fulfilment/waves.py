"""Makers of waves: a preset of a location, and bins in aisles to walk to."""

from fulfilment.models import WavePreset
from fulfilment.services import wave
from tests.fulfilment.make import ACTOR, make_bin
from tests.make import make_location, make_sku
from tests.replay import replayed


@replayed
def make_preset(location, **fields):
    defaults = {"name": f"Preset {WavePreset.objects.count() + 1}", "due": "any"}
    return WavePreset.objects.create(location=location, **defaults | fields)


@replayed
def make_aisles(aisles=3, places=4, *, pieces=99, **fields):
    """A warehouse of aisles A, B, … with a SKU in each place; returns (location, {bin code: Sku})."""
    location = make_location(**fields)
    goods = {}
    for aisle in "ABCDEFGH"[:aisles]:
        for place in range(1, places + 1):
            code = f"{aisle}-{place}"
            goods[code] = make_sku()
            make_bin(location, code, sku=goods[code], quantity=pieces, aisle=aisle, zone=aisle)
    return location, goods


@replayed
def released_wave(preset):
    """Preview a wave and release all of it; returns it as it is then."""
    planned = wave.preview(preset, actor=ACTOR)
    return wave.release_wave(planned.pk, actor=ACTOR, seconds=60)
