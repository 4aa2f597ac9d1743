from .delivery import Delivery
from .event import Event
from .heartbeat import Heartbeat
from .scheduled_run import ScheduledRun

__all__ = ["Delivery", "Event", "Heartbeat", "ScheduledRun"]
