from . import carrier, parcel, station, work  # noqa: F401 (they register themselves)
