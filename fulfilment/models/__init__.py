from .carrier import Carrier
from .fulfilment_order import FulfilmentLine, FulfilmentOrder
from .manifest import Manifest
from .parcel import Parcel, ParcelLine, ParcelSerial
from .pick_list import PickList, PickTask
from .put_back import PutBack
from .tracking import TrackingEvent
from .tracking_upload import TrackingUpload

__all__ = [
    "Carrier",
    "FulfilmentLine",
    "FulfilmentOrder",
    "Manifest",
    "Parcel",
    "ParcelLine",
    "ParcelSerial",
    "PickList",
    "PickTask",
    "PutBack",
    "TrackingEvent",
    "TrackingUpload",
]
