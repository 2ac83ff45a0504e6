"""Customer journeys."""
