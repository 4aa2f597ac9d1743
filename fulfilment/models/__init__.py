from .address_check import AddressCheck
from .badge import Badge
from .carrier import Carrier
from .carrier_claim import CarrierClaim
from .carrier_collection import CarrierCollection
from .carrier_manifest import CarrierManifest
from .carton import CartonType, ParcelCarton
from .fulfilment_order import FulfilmentLine, FulfilmentOrder
from .label import Label
from .manifest import Manifest
from .parcel import Parcel, ParcelLine, ParcelSerial
from .parcel_case import ParcelCase, WatchRule
from .pick_list import PickList, PickTask
from .postage import ExcludedService, Postage, ShippingRule
from .print_job import PrintJob
from .put_back import PutBack
from .rate_card import RateCard
from .refused_scan import RefusedScan
from .station import Station
from .tracking import TrackingEvent
from .tracking_upload import TrackingUpload
from .wave import Wave, WaveOrder, WavePreset

__all__ = [
    "AddressCheck",
    "Badge",
    "Carrier",
    "CarrierClaim",
    "CarrierCollection",
    "CarrierManifest",
    "CartonType",
    "ExcludedService",
    "FulfilmentLine",
    "FulfilmentOrder",
    "Label",
    "Manifest",
    "Parcel",
    "ParcelCarton",
    "ParcelCase",
    "ParcelLine",
    "ParcelSerial",
    "PickList",
    "PickTask",
    "PrintJob",
    "Postage",
    "PutBack",
    "RateCard",
    "RefusedScan",
    "ShippingRule",
    "Station",
    "TrackingEvent",
    "TrackingUpload",
    "WatchRule",
    "Wave",
    "WaveOrder",
    "WavePreset",
]
