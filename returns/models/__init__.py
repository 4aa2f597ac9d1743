from .disposition import Disposition
from .policy import ReturnPolicy
from .rma import Return, ReturnLine

__all__ = ["Disposition", "Return", "ReturnLine", "ReturnPolicy"]
