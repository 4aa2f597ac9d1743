"""A trading partner whose files lie in folders of a test, and who reads ours with a parser that is not ours."""

import os
from collections import namedtuple
from pathlib import Path

from django.conf import settings
from pyx12.x12file import X12Reader

from orders.models import Connection, EdiPartner
from orders.services.take_up_files import take_up_due
from tests.deliver import deliver
from tests.make import make_channel, numbers

Read = namedtuple("Read", "kind control segments")
FILES = ("orders.tasks.take_up_inbox", "orders.tasks.write_edi")
ORDERS = (
    *FILES,
    "orders.tasks.work_document",
    "orders.tasks.verify_placed",
    "fulfilment.tasks.follow_order",
    "orders.tasks.answer_by_edi",
    "orders.tasks.bill_by_edi",
    "fulfilment.tasks.advise_by_edi",
)


def make_partner(*, is_shadow=False, currency="USD", seller=None, **fields):
    """A partner who sends X12 as BUYER to SELLER, and gets X12 unless told otherwise."""
    channel = make_channel(currency=currency, prices_include_tax=False, seller=seller)
    connection = Connection.objects.create(channel=channel, kind="edi", is_shadow=is_shadow)
    name = f"partner{next(numbers)}"
    defaults = {"our_id": "SELLER", "their_id": "BUYER", "inbox": f"{name}/in", "outbox": f"{name}/out"}
    return EdiPartner.objects.create(connection=connection, **defaults | {"is_test": False} | fields)


def folder(partner, *names):
    path = Path(settings.EDI_ROOT, partner.inbox, *names)
    path.mkdir(parents=True, exist_ok=True)
    return path


def leave(partner, name, body, *, age_s=60):
    """Put a file into a partner's inbox that was written so many seconds ago."""
    path = folder(partner) / name
    path.write_bytes(body)
    then = path.stat().st_mtime - age_s
    os.utime(path, (then, then))
    return path


def take_up(partner, *consumers):
    """Do what the schedule does, and what follows from it."""
    take_up_due()
    deliver(*(consumers or ORDERS))
    partner.refresh_from_db()


def outbox(partner):
    """Return the files in a partner's outbox, by their numbers."""
    found = Path(settings.EDI_ROOT, partner.outbox)
    return sorted(found.glob("*.edi"), key=lambda path: path.stem.partition("_")[2]) if found.exists() else []


def reread(path):
    """Return what pyx12 reads in a file of X12; nothing of its envelope and loops may be wrong."""
    with X12Reader(str(path)) as reader:
        segments = [
            [row.get_seg_id(), *(row.get_value(f"{n:02d}") or "" for n in range(1, len(row) + 1))] for row in reader
        ]
        reader.cleanup()
        assert reader.pop_errors() == [], path.read_text()
    control = next(int(row[13]) for row in segments if row[0] == "ISA")
    return Read(next(row[1] for row in segments if row[0] == "ST"), control, segments)


def rows(read, tag):
    """Return the elements of the segments of a tag, without it."""
    return [row[1:] for row in read.segments if row[0] == tag]
