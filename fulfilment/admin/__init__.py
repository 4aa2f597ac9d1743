from . import carrier, parcel, work  # noqa: F401 (they register themselves)
