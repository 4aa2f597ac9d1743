from . import carrier, label, parcel, parcel_case, station, work  # noqa: F401 (they register themselves)
