"""Which locations may serve which orders, and what counts beside money: a strategy as data."""

from dataclasses import dataclass

from orders.sourcing.plan import Objective


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at: a location (its id and kind), and what an order would ask of it.

    `zones` is where it goes, the country (US) and its region (US-CA); `is_too_late`: that it comes too late to be
    begun there today.
    """

    location: int
    kind: str
    method: str
    zones: frozenset[str]
    channel: int
    is_hazmat: bool = False
    is_too_late: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Locations (one, those of a kind, else any) serve, or do not serve, what fits all that is said here.

    What is left empty fits anything. `words` say for people what it is about: "hazardous goods by express to CH".
    """

    number: int = 0
    words: str = "orders"
    is_served: bool = False
    location: int | None = None
    kind: str = ""
    method: str = ""
    zone: str = ""
    channel: int | None = None
    is_hazmat: bool = False
    is_too_late: bool = False

    def fits(self, facts: Facts) -> bool:
        """Say whether this rule is about `facts`."""
        return (
            self.location in (None, facts.location)
            and self.kind in ("", facts.kind)
            and self.method in ("", facts.method)
            and (not self.zone or self.zone in facts.zones)
            and self.channel in (None, facts.channel)
            and (facts.is_hazmat or not self.is_hazmat)
            and (facts.is_too_late or not self.is_too_late)
        )


@dataclass(frozen=True, slots=True)
class Strategy:
    """A named set of rules in their order, what is minimised, what a store's last piece counts (units), and whether
    parcels of several locations may be gathered at one."""

    name: str = ""
    objective: Objective = Objective()
    scarce: int = 0
    rules: tuple[Rule, ...] = ()
    gathers: bool = False

    def serves_never(self, location: int, kind: str, channel: int) -> bool:
        """Say whether a location has nothing for a channel, whatever is ordered and wherever it goes."""
        for rule in self.rules:
            fits = rule.location in (None, location) and rule.kind in ("", kind) and rule.channel in (None, channel)
            if fits and rule.is_served:  # perhaps only some of it, but some
                return False
            if fits and not (rule.method or rule.zone or rule.is_hazmat or rule.is_too_late):
                return True
        return False

    def why_not(self, facts: Facts) -> str:
        """Return why a location does not serve `facts`, or "": the first rule that fits decides, none: it serves."""
        rule = next((rule for rule in self.rules if rule.fits(facts)), None)
        return "" if rule is None or rule.is_served else f"rule {rule.number}: no {rule.words}"
