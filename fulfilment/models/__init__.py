from .badge import Badge
from .carrier import Carrier
from .carton import CartonType, ParcelCarton
from .fulfilment_order import FulfilmentLine, FulfilmentOrder
from .manifest import Manifest
from .parcel import Parcel, ParcelLine, ParcelSerial
from .pick_list import PickList, PickTask
from .postage import ExcludedService, Postage, ShippingRule
from .print_job import PrintJob
from .put_back import PutBack
from .rate_card import RateCard
from .station import Station
from .tracking import TrackingEvent
from .tracking_upload import TrackingUpload

__all__ = [
    "Badge",
    "Carrier",
    "CartonType",
    "ExcludedService",
    "FulfilmentLine",
    "FulfilmentOrder",
    "Manifest",
    "Parcel",
    "ParcelCarton",
    "ParcelLine",
    "ParcelSerial",
    "PickList",
    "PickTask",
    "PrintJob",
    "Postage",
    "PutBack",
    "RateCard",
    "ShippingRule",
    "Station",
    "TrackingEvent",
    "TrackingUpload",
]
