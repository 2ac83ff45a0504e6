"""What reports are computed from, and how. Knows no request."""
