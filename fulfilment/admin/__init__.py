from . import carrier, label, parcel, station, work  # noqa: F401 (they register themselves)
