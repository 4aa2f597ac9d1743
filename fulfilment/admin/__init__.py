from . import carrier, parcel, station, wave, work  # noqa: F401 (they register themselves)
