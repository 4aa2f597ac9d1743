"""Amazon: documents of the Selling Partner API (orders v0 and 2026-01-01, notifications, FBA) and of MWS, its elder."""
