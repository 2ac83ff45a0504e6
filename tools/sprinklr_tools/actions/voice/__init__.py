"""Voice calls."""
