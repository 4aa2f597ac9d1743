import json
from pathlib import Path

from django.core.management.base import BaseCommand

from fulfilment.carriers.responses.reading import Reading
from fulfilment.carriers.responses.registry import READERS, read_response
from fulfilment.carriers.tree import MOST_BYTES


class Command(BaseCommand):
    help = "Read a recorded answer of a carrier and say what it becomes; without a database. Exit 0, refused or not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("carrier", help=f"who sent it: {', '.join(sorted(READERS))}")
        parser.add_argument("file", help="JSON or XML, as it came")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, carrier, file, **options):
        found = as_json(carrier, _read(carrier, file))
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
        else:
            self.report(found)

    def report(self, found):
        self.stdout.write(f"{found['carrier']}: {found['kind']}")
        if found["message"]:
            self.stdout.write(f"  {found['message']}")
        for row in found["rates"]:
            days = f", {row['days']} days" if row["days"] is not None else ""
            self.stdout.write(f"  {row['service']}: {row['amount']} {row['currency']}{days} ({row['name']})")
        for row in found["labels"]:
            what = f"{row['form']} {row['bytes']} bytes" if row["bytes"] else row["problem"] or row["url"] or "no file"
            self.stdout.write(f"  {row['tracking_number']}: {what}")
        for row in found["tracking"]:
            self.stdout.write(f"  {row['number']}: {row['status']}")
            for event in row["events"]:
                self.stdout.write(f"    {event['at']} {event['status']}: {event['text']} {event['place']}".rstrip())


def _read(carrier, file):
    try:
        with Path(file).open("rb") as stream:
            return read_response(carrier, stream.read(MOST_BYTES + 1))
    except (OSError, ValueError) as error:
        return Reading("refused", f"The file cannot be read: {getattr(error, 'strerror', None) or error}.")


def as_json(carrier, found):
    """Return a Reading as an object of JSON: amounts as text, moments as ISO 8601 in UTC, labels by their size."""
    return {
        "carrier": carrier,
        "kind": found.kind,
        "refused": found.message if found.kind == "refused" else None,
        "message": found.message,
        "tracking_number": next((row.number for row in (*found.labels, *found.tracks) if row.number), None),
        "status": next((row.status for row in found.tracks), None),
        "rates": [
            {
                "service": row.service,
                "name": row.name,
                "amount": str(row.amount),
                "currency": row.currency,
                "days": row.days,
            }
            for row in found.rates
        ],
        "labels": [_label(row) for row in found.labels],
        "tracking": [
            {"number": row.number, "status": row.status, "events": [_event(event) for event in row.events]}
            for row in found.tracks
        ],
    }


def _label(row):
    return {
        "tracking_number": row.number,
        "form": row.form,
        "bytes": len(row.content),
        "url": row.url,
        "amount": str(row.amount) if row.amount is not None else None,
        "currency": row.currency,
        "problem": row.problem,
    }


def _event(event):
    return {"at": event.at.isoformat(), "status": event.code, "text": event.text, "place": event.place}
