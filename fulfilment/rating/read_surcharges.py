"""A surcharge out of a rate card's document."""

from fulfilment.rating.card import MEASURES, Surcharge
from fulfilment.rating.fields import Fields
from fulfilment.rating.read_services import Frame, read_bounds
from fulfilment.rating.zones import read_prefixes

MOST_OPTIONS, MOST_PLACES = 20, 5_000


def read_surcharge(fields: Fields, frame: Frame, services: dict[str, int]) -> Surcharge:
    """Return the Surcharge of an object; it names an amount, amounts by zone, or a percentage, and nothing twice."""
    if sum(fields.has(name) for name in ("amount", "amounts", "percent", "billed_at_least")) == 0:
        fields.blame("amount", "Give an amount, amounts by zone, or a percentage.")
    if sum(fields.has(name) for name in ("amount", "amounts", "percent")) > 1:
        fields.blame("amount", "Give one of amount, amounts and percent.")
    when = fields.inner("when", (*MEASURES, "options", "to"))
    code = fields.text("code")
    billed = fields.values.get("billed_at_least")
    return Surcharge(
        code=code,
        name=fields.text("name", default=code),
        amounts=() if fields.has("percent") else _amounts(fields, frame),
        share=fields.percent("percent"),
        of_running=fields.choice("of", ("freight", "running"), default="freight") == "running",
        least=frame.money(fields, "least", fields.values.get("least") or 0),
        most=frame.money(fields, "most", fields.values["most"]) if fields.has("most") else None,
        takes_fuel=fields.flag("fuel"),
        once_a_shipment=fields.choice("per", ("parcel", "shipment"), default="parcel") == "shipment",
        group=fields.text("group", default=""),
        per_value=_per_value(fields, frame),
        billed_at_least=frame.steps(fields, "billed_at_least", billed) if billed is not None else 0,
        services=fields.indices("services", services),
        zones=fields.indices("zones", frame.zones),
        bounds=read_bounds(when, frame),
        options=tuple(str(value)[:40] for value in when.items("options", most=MOST_OPTIONS)),
        destinations=read_prefixes(when, "to", most=MOST_PLACES),
        first=fields.day("from"),
        last=fields.day("until"),
    )


def _amounts(fields: Fields, frame: Frame) -> tuple[int, ...]:
    """Return the amount for each zone; 0 where a zone is not named."""
    if not fields.has("amounts"):
        return (frame.money(fields, "amount", fields.values.get("amount") or 0),) * len(frame.zones)
    inner = fields.inner("amounts", tuple(frame.zones))
    return tuple(frame.money(inner, zone, inner.values.get(zone) or 0) for zone in frame.zones)


def _per_value(fields: Fields, frame: Frame) -> tuple[int, int] | None:
    if not fields.has("per_value"):
        return None
    inner = fields.inner("per_value", ("over", "step"))
    over = frame.money(inner, "over", inner.values.get("over") or 0)
    step = frame.money(inner, "step", inner.values.get("step") or 0)
    if not step:
        inner.blame("step", "Give the value that each amount insures.")
    return over, max(1, step)
