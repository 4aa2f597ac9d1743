"""Files of trading partners are taken out of their inbox folders: stored as they came, acknowledged, put away."""

import hashlib
import logging
import os
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid
from oms.lib.text import clean
from oms.lib.tree import MOST_BYTES
from oms.outbox.models import Delivery
from oms.outbox.publish import publish
from orders.channels.edi.acknowledge import acknowledge
from orders.channels.edi.envelope import X12, interchanges, is_whole
from orders.channels.edi.reader import entries, in_words
from orders.channels.registry import EDI
from orders.models import EdiDocument, EdiInterchange, EdiPartner
from orders.services.edi_folders import folder_of
from orders.services.receive_document import receive
from orders.services.send_edi import send

logger = logging.getLogger(__name__)

# Names under which programs write before they rename.
UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".writing")
# A file without its end is given so long before it counts as cut off.
PATIENCE = timedelta(minutes=15)
DONE, REFUSED = "done", "refused"
Status = EdiInterchange.Status


@dataclass(frozen=True)
class _File:
    """A file in an inbox; `body` is empty where it is larger than we take."""

    path: os.PathLike
    name: str
    body: bytes
    sha256: str


def take_up_due():
    """Have the inbox of every partner looked into that is not being looked into."""
    partners = EdiPartner.objects.filter(connection__is_active=True, connection__kind=EDI)
    for pk in partners.order_by("pk").values_list("connection_id", flat=True):
        _announce(pk)


def take_up(connection_id):
    """Take up the files in a partner's inbox, oldest name first; returns how many were taken or refused.

    A file that is being written is left alone. What was stored and not yet moved when a worker died is moved.
    """
    partner = EdiPartner.objects.select_related("connection__channel").get(connection=connection_id)
    count, error = 0, ""
    try:
        folder = folder_of(partner.inbox)
        paths = sorted(_files_in(folder))
    except (OSError, DomainError) as problem:
        paths, error = [], _in_words(partner, problem)
    for path in paths:
        try:
            count += _take(partner, folder, path)
        except FileNotFoundError:
            continue  # another worker was quicker
        except (OSError, DomainError) as problem:
            error = _in_words(partner, problem)
    EdiPartner.objects.filter(pk=partner.pk).update(looked_at=timezone.now(), error=error)
    return count


@command
def settle(queryset):
    """Note that somebody saw to refused files, so that they wait for nobody; returns how many."""
    return queryset.filter(status=Status.REFUSED).update(status=Status.SETTLED)


def _in_words(partner, problem):
    error = clean(getattr(problem, "message", None) or str(problem))[:300]
    logger.warning("the inbox of %s: %s", partner, error)
    return error


@command
def _announce(connection_id):
    subject = f"edi-inbox:{connection_id}"
    if not Delivery.objects.pending().filter(subject=subject).exists():
        publish("edi.inbox_due", subject, connection=connection_id)


def _files_in(folder):
    with os.scandir(folder) as found:
        return [
            one.path
            for one in found
            if one.is_file(follow_symlinks=False)
            and not one.name.startswith(".")
            and not one.name.lower().endswith(UNFINISHED)
        ]


def _take(partner, folder, path):
    """Take up one file; False where it is left alone."""
    stat = os.stat(path)
    age = timezone.now().timestamp() - stat.st_mtime
    if age < settings.EDI_QUIET_S:
        return False
    body = b""
    if stat.st_size <= MOST_BYTES:
        with open(path, "rb") as file:
            body = file.read()
        if age < PATIENCE.total_seconds() and not is_whole(body):
            return False
    name = clean(os.path.basename(path))[:255] or "file"
    rows = record(partner, _File(path, name, body, hashlib.sha256(body).hexdigest()))
    _move(folder, path, rows)
    return True


@command
def record(partner, file):
    """Store a file, its documents and our acknowledgements, or why it is refused; returns its EdiInterchanges.

    All of a file is taken or nothing.
    """
    partners = EdiPartner.objects.select_for_update(of=("self",)).select_related("connection__channel")
    partner = partners.get(pk=partner.pk)
    stored = partner.received.filter(sha256=file.sha256, file_name=file.name, moved_at=None)
    if stored:
        return list(stored)
    if not os.path.exists(file.path):  # another worker has stored it and moved it meanwhile
        raise FileNotFoundError(file.path)
    try:
        if not file.body:
            raise Invalid(f"The file is empty, or has more than {MOST_BYTES} bytes.")
        found = interchanges(file.body)
        _check(partner, found)
    except Invalid as error:
        return [_row(partner, file, Status.REFUSED, reason=error.message[:500])]
    document, _ = receive(partner.connection, body=file.body, delivery_id=f"edi:{file.sha256}", topic=file.name)
    rows = []
    for one in found:
        rows.append(
            _row(
                partner,
                file,
                Status.TAKEN,
                number=_number(one),
                transactions=len(one.transactions),
                document=document,
            )
        )
        if not partner.connection.is_shadow:
            _acknowledge(partner, rows[-1], one)
    return rows


def _check(partner, found):
    """Raise Invalid where a file is not for us, not from him, broken in its envelope, or was taken before."""
    seen = set()
    for one in found:
        if one.problems:
            raise Invalid(in_words(one.problems))
        names = ("ISA06", "ISA08") if one.syntax == X12 else ("UNB02", "UNB03")
        wanted = ((one.sender, partner.their_id), (one.receiver, partner.our_id))
        for name, (party, known) in zip(names, wanted, strict=True):
            if party[1].strip().upper() != known.strip().upper():
                raise Invalid(f"{name} is {party[1]!r}, and {known!r} was agreed with this partner.")
        number = _number(one)
        before = partner.received.filter(number=number, status=Status.TAKEN).first()
        if before:
            when = f"{before.received_at:%Y-%m-%d %H:%M} UTC"
            raise Invalid(f"Interchange {number} came on {when} already, as {before.file_name}: it is not taken twice.")
        if number in seen:
            raise Invalid(f"Interchange {number} is in this file twice.")
        seen.add(number)


def _number(interchange):
    return interchange.control.lstrip("0")[:20] or "0"


def _row(partner, file, status, **fields):
    fields = {"file_name": file.name, "sha256": file.sha256, "status": status} | fields
    return EdiInterchange.objects.create(partner=partner, **fields)


def _acknowledge(partner, row, interchange):
    """Answer each group of orders of an X12 interchange with a 997."""
    if interchange.syntax != X12 or not partner.is_x12:
        return
    found = entries(interchange)
    for place, group in enumerate(interchange.groups):
        of_group = [one for one in found if any(one.transaction is each for each in group.transactions)]
        if group.code != "FA" and of_group:
            segments = acknowledge(group, of_group)
            send(partner, EdiDocument.Kind.ACKNOWLEDGEMENT, f"997:{row.pk}:{place}", segments)


def put_away(folder, row):
    """Return where the file of an EdiInterchange is moved to, and where if that name is used up."""
    target, name = folder / (DONE if row.status == Status.TAKEN else REFUSED), row.file_name
    stem, dot, end = name.rpartition(".")
    return target / name, target / f"{stem or end}.{row.pk}{dot if stem else ''}{end if stem else ''}"


def _move(folder, path, rows):
    """Move a file that is stored to done/ or refused/, under its row's number where its name is used up."""
    usual, other = put_away(folder, rows[0])
    usual.parent.mkdir(exist_ok=True)
    os.replace(path, other if usual.exists() else usual)
    EdiInterchange.objects.filter(pk__in=[row.pk for row in rows]).update(moved_at=timezone.now())
