"""Pages of our own for the person at this machine: served on loopback, opened in their browser."""
