from . import carrier, carton, label, parcel, parcel_case, station, wave, work  # noqa: F401 (they register themselves)
