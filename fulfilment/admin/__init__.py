from . import carrier, carrier_collection, carton, label, manifest, parcel, parcel_case, station, wave, work  # noqa: F401 (they register themselves)
