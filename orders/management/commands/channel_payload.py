import json
from pathlib import Path

from django.core.management.base import BaseCommand

from oms.lib.tree import MOST_BYTES
from orders.channels.base import Incoming, Other, Refused
from orders.channels.registry import KINDS, read_payload

FIGURES = ("total", "tax", "shipping", "discount", "refunded")


class Command(BaseCommand):
    help = "Read a recorded document of a channel and say what it becomes; without a database. Exit 0, refused or not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("kind", help=f"whose document it is: {', '.join(KINDS)}")
        parser.add_argument("file", help="JSON, XML or EDI, as it came")
        parser.add_argument("--json", action="store_true", help="print a JSON list, an object for each document")

    def handle(self, *, kind, file, **options):
        found = _read(kind, file)
        if options["json"]:
            self.stdout.write(json.dumps([as_json(one) for one in found], indent=2))
            return
        for one in found:
            self.stdout.write(as_words(one))


def _read(kind, file):
    try:
        with Path(file).open("rb") as stream:
            return read_payload(kind, stream.read(MOST_BYTES + 1))
    except (OSError, ValueError) as error:
        reason = f"The file cannot be read: {getattr(error, 'strerror', None) or error}."
        return [Refused(reason, Other(about=""))]


def as_json(one):
    """Return a document as an object of JSON: amounts as text, what it does not say as null."""
    said: Incoming = one.read if isinstance(one, Refused) else one
    figures = {name: plain(getattr(said, name)) for name in FIGURES}
    return {
        "document": said.document,
        "external_id": said.external_id or None,
        "number": said.number or None,
        "currency": said.currency or None,
        "line_count": said.line_count,
        **figures,
        "name": said.name or None,
        "ship_to": said.ship_to.as_dict() or None,
        "refused": one.reason if isinstance(one, Refused) else None,
    }


def as_words(one):
    """Return a document as a person reads it, in a line."""
    said = as_json(one)
    words = [said["document"], said["number"] or said["external_id"] or "without an id"]
    words += [f"{said['total']} {said['currency'] or ''}".strip()] if said["total"] else []
    words += [f"{said['line_count']} lines"] if said["line_count"] else []
    words += [said["name"]] if said["name"] else []
    words += [one.about] if isinstance(one, Other) else []
    return ", ".join(words) + (f"\n  refused: {one.reason}" if isinstance(one, Refused) else "")


def plain(amount):
    """Return an amount as text, without an exponent."""
    return None if amount is None else f"{amount:f}"
