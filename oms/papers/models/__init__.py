from .document import Document
from .message import Message

__all__ = ["Document", "Message"]
