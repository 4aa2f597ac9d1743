"""What a parcel costs by a published rate card: pure functions over whole numbers; no ORM, no settings."""
