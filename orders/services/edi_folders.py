"""Where files of trading partners lie: folders below EDI_ROOT, and nowhere else."""

import os
from pathlib import Path, PurePosixPath

from django.conf import settings

from oms.lib.errors import Invalid


def check_folder(name, *, field):
    """Return the name of a folder below EDI_ROOT as it is kept ("acme/in"); raises Invalid naming `field`."""
    path = PurePosixPath(name.strip())
    if path.is_absolute() or not path.parts or ".." in path.parts or any(part.startswith(".") for part in path.parts):
        raise Invalid(f"Give a folder below {settings.EDI_ROOT}, such as acme/in: no /, no .. before it.", field=field)
    return str(path)


def folder_of(name):
    """Return the folder, made where it is missing; raises Invalid where a link leads out of EDI_ROOT."""
    root = Path(settings.EDI_ROOT).resolve()
    folder = (root / name).resolve()
    if not folder.is_relative_to(root) or folder == root:
        raise Invalid(f"The folder {name} is not below {settings.EDI_ROOT}.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def try_folders(connection):
    """Write into both folders of a connection's partner and take it away again; raises Invalid with what is wrong."""
    partner = getattr(connection, "edi", None)
    if partner is None:
        raise Invalid("Say first who is who, and where the files lie.", field="inbox")
    for name in (partner.inbox, partner.outbox):
        try:
            folder = folder_of(name)
            put(folder, ".try", b"")
            (folder / ".try").unlink()
        except OSError as error:
            raise Invalid(f"The folder {name} cannot be written: {error.strerror}.", field="inbox") from None


def put(folder, name, body):
    """Write bytes as a file that is there whole or not at all; the same name again is the same file."""
    part = folder / f".{name}.part"
    with part.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / name)
