"""Custom entities."""
