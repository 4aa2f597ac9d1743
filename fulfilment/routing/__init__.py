"""How a picker walks: pure functions over aisles, cross-aisles and stops; no ORM, no settings."""
