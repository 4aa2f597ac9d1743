from . import carrier, carton, parcel, station, work  # noqa: F401 (they register themselves)
