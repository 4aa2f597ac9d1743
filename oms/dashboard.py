"""What each role sees first: its queues, with counts that open their rows."""
