"""What stock is worth: pure, no tables."""
