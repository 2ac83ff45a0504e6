"""Messages between customers and the brand."""
