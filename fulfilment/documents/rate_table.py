"""A rate card for people: prices as a table, and each surcharge in words."""

from babel.numbers import get_currency_precision

from fulfilment.rating.read import read

WORDS = {"above": "above", "at_least": "from", "below": "below", "at_most": "up to"}
MEASURES = {"girth": "length + girth", "second": "second side", "longest": "longest side", "shortest": "shortest side"}
MOST_PLACES = 6


def shown(row):
    """Return {services, surcharges, zones, facts} of a RateCard, everything as text, money as the card writes it."""
    card = read(row.document, decimals=get_currency_precision(row.currency))
    weight, length = card.weight_unit, card.length_unit
    volume = row.document.get("dimensional")
    facts = [
        ("Weight", f"up to the next {card.step} {weight}"),
        ("Volume", _volume(volume, weight, length)),
        ("Sides", ", ".join(_side(one) for one in row.document.get("sides", [])) or "each up to the unit"),
        ("Fuel", ", ".join(_fuel(one) for one in row.document.get("fuel", [])) or "none"),
    ]
    return {
        "facts": facts,
        "zones": [(one["zone"], _places(one["from"]), _places(one["to"])) for one in row.document["zones"]],
        "services": [_service(one, list(card.zones), weight, length) for one in row.document["services"]],
        "surcharges": [_surcharge(one, weight, length) for one in row.document.get("surcharges", [])],
    }


def _service(one, zones, weight, length):
    known = [zone for zone in zones if zone in one["prices"]]
    rows = [
        (f"{edge} {weight}", [_amount(one["prices"][zone][i]) for zone in known])
        for i, edge in enumerate(one["breaks"])
    ]
    facts = [
        f"{one['discount']} % discount" if one.get("discount") else "",
        f"at least {one['minimum']}" if one.get("minimum") else "",
        f"above {one['breaks'][-1]} {weight}: {_by_zone(one['extra'])} a step" if one.get("extra") else "",
        f"{_by_zone(one['days'])} working days" if one.get("days") is not None else "",
        f"ready by {one['cut_off']}" if one.get("cut_off") else "",
        f"volume {_volume(one['dimensional'], weight, length)}" if one.get("dimensional") else "",
        *(f"{_measure(name)} up to {most}" for name, most in one.get("limits", {}).items()),
    ]
    name = one.get("name") or one["code"]
    return {"name": name, "code": one["code"], "zones": known, "rows": rows, "facts": [fact for fact in facts if fact]}


def _surcharge(one, weight, length):
    """Return (name, what it is, when it is charged)."""
    unit = {"weight": weight, "value": "", "volume": f"{length}³"}
    when = one.get("when", {})
    said = [
        f"{_measure(name)} {WORDS[word]} {edge} {unit.get(name, length)}".strip()
        for name in when
        if name not in ("options", "to")
        for word, edge in when[name].items()
    ]
    said += [", ".join(when["options"])] if when.get("options") else []
    said += [f"to {_places(when['to'])}"] if when.get("to") else []
    said += [f"only {', '.join(one[name])}" for name in ("services", "zones") if one.get(name)]
    said += [f"{word} {one[name]}" for name, word in (("from", "from"), ("until", "until")) if one.get(name)]
    said += ["once a shipment"] if one.get("per") == "shipment" else []
    said += [f"the first of “{one['group']}” alone"] if one.get("group") else []
    return one.get("name") or one["code"], _what(one, weight), " · ".join(said) or "always"


def _what(one, weight):
    parts = []
    if one.get("percent"):
        parts.append(f"{one['percent']} % of {'all above' if one.get('of') == 'running' else 'the freight'}")
    elif one.get("amount") or one.get("amounts"):
        parts.append(_by_zone(one.get("amounts") or one["amount"]))
    if one.get("per_value"):
        parts.append(f"for each {one['per_value']['step']} of value above {one['per_value'].get('over', 0)}")
    parts += [f"{word} {one[name]}" for name, word in (("least", "at least"), ("most", "at most")) if one.get(name)]
    if one.get("billed_at_least"):
        parts.append(f"billed as {one['billed_at_least']} {weight} at least")
    return ", ".join(parts) + (" + fuel" if one.get("fuel") else "")


def _by_zone(value):
    return (
        ", ".join(f"{zone}: {_amount(one)}" for zone, one in value.items()) if isinstance(value, dict) else str(value)
    )


def _amount(value):
    return "–" if value is None else str(value)


def _places(names):
    some = ", ".join("anywhere" if name == "*" else name for name in names[:MOST_PLACES])
    return f"{some} … ({len(names)})" if len(names) > MOST_PLACES else some


def _measure(name):
    return MEASURES.get(name, name)


def _volume(one, weight, length):
    if not one:
        return "not billed"
    above = f", above {one['above']} {length}³" if one.get("above") else ""
    return f"{one['divisor']} {length}³ to the {weight}{above}"


def _side(one):
    return f"{one['round']} from {one['from']}" if one.get("from") else one["round"]


def _fuel(one):
    whose = f" ({', '.join(one['services'])})" if one.get("services") else ""
    return f"{one['percent']} %{' from ' + one['from'] if one.get('from') else ''}{whose}"
