"""Webhooks: `in` of a shop through HTTP, beside an empty answer; `out` to receivers here, beside bare calls."""

from oms.management.bench import webhooks_in, webhooks_out

OPTIONS = ("direction",)
DIRECTIONS = {"in": webhooks_in, "out": webhooks_out}


def add_arguments(parser):
    """Take the direction."""
    parser.add_argument("direction", choices=DIRECTIONS, help="in: shops tell us; out: we tell partners")


def run(bench, *, direction, scale=1.0):
    """Add what the module of the `direction` says."""
    DIRECTIONS[direction].run(bench, scale=scale)
