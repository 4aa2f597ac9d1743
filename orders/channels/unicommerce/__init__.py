"""Unicommerce (Uniware): sale orders, of one piece a line."""
