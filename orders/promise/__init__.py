"""When an order will arrive. Pure: clocks and calendars in, moments out."""
