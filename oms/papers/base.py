"""What an app gives to have a document printed or an e-mail sent; its functions are named in oms/subscribers.py."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Pdf:
    """A finished document; `title` names the file a person downloads."""

    title: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A finished e-mail. `attachments` are ids of Documents, made when they are not ready yet."""

    to: str
    subject: str
    text: str
    html: str
    language: str = "en"
    reply_to: str = ""
    sender_name: str = ""
    attachments: tuple[int, ...] = field(default=())


class Render(Protocol):
    def __call__(self, object_id: int, *, reprint: int = 0) -> Pdf:
        """Return the document of the object, in the language that is active; `reprint` n above 0 is marked on it.

        It reads and never writes, for it is called again after a crash.
        """


class Write(Protocol):
    def __call__(self, object_id: int, message) -> Mail:
        """Return the e-mail about the object, in the language that is active. It reads and never writes.

        `message` is the Message row: its `cause` may name the event that the mail is about.
        """
