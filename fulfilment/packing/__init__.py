"""What goes into which carton and how it lies there: pure functions over pieces and boxes; no ORM, no settings."""
