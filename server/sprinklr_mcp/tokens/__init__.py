"""Getting, keeping and renewing the one token pair that an API key has."""
